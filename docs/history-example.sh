#!/bin/sh
# Makes a git repository in the folder $1, in which a policy has changed a few times: what docs/cli.md shows.
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
committed Ann 2026-01-12 "The agreement of January"
sed -i.old 's/deal_size < \$30k/deal_size < $20k/' b2b.policy
committed Ben 2026-02-03 "Private people may spend 20,000"
echo "# agreed on 3 February" >> b2b.policy
committed Ann 2026-02-04 "Say when it was agreed"
git tag v2026.02
sed -i.old 's/deal_size >= \$100k/deal_size >= $150k/' b2b.policy
committed Ben 2026-03-09 "Account executives have too many small deals"
