#!/bin/sh
# Makes a git repository in the folder $1, in which a branch changes a policy: what docs/cli.md shows.
set -eu
folder=$1 policies=$PWD/policies
rm -rf "$folder"
mkdir -p "$folder"
cd "$folder"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1

committed() { # by, on, message
    git add --all
    GIT_AUTHOR_NAME=$1 GIT_AUTHOR_EMAIL=$1@example.com GIT_COMMITTER_NAME=$1 GIT_COMMITTER_EMAIL=$1@example.com \
        GIT_AUTHOR_DATE="$2T10:00:00Z" GIT_COMMITTER_DATE="$2T10:00:00Z" git commit --quiet --message "$3"
}

git init --quiet --initial-branch=main
cp "$policies/b2b/b2b.policy" "$policies/b2b/leads.csv" .
printf "*.old\n" > .gitignore
cat > policyc.toml <<END
policies = ["b2b.policy"]
as-of = 2024-03-01

[review]
leads = "leads.csv"
END
committed Ann 2026-01-12 "The agreement of January"
git switch --quiet --create fewer-small-deals
sed -i.old 's/deal_size >= \$100k/deal_size >= $150k/' b2b.policy
