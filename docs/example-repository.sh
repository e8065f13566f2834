# Begins a git repository in the folder $1 with a policy and its leads: the part that the examples of docs/cli.md share.
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
