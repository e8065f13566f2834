#!/bin/sh
# Put here by `policyc install-hooks`; `policyc install-hooks --uninstall` takes it out.
# Holds the policies to what CI will hold them to, as they are staged, whatever the work tree has by now.
set -u
git diff --cached --quiet --no-ext-diff -- '*.policy' '*.csv' '*.txt' policyc.toml && exit 0
if ! command -v policyc > /dev/null; then
    echo 'pre-commit: `policyc` is not on the PATH, so the policies of this commit cannot be checked' >&2
    exit 1
fi
folder=$(mktemp -d) || exit 1
trap 'cd / && rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
# With a `.git` the folder is a repository to policyc: policies may use what stands beside their own folder.
mkdir "$folder/.git" || exit 1
git diff --cached --name-only --diff-filter=d --no-ext-diff -z -- '*.policy' > "$folder/.git/staged" || exit 1
git ls-files --cached -z -- '*.policy' '*.csv' '*.txt' '*.json' policyc.toml > "$folder/.git/index" || exit 1
# Line ends as they are in the repository: those of this machine are no question of layout.
git -c core.autocrlf=false -c core.eol=lf checkout-index -z --stdin --prefix="$folder/" < "$folder/.git/index" || exit 1
cd "$folder" || exit 1

# All policies that policyc.toml names; where it names none, those that are staged.
all=false
grep -q '^[[:space:]]*policies[[:space:]]*=' policyc.toml 2> /dev/null && all=true
$all || [ -s .git/staged ] || exit 0
failed=false
# What holds is done in silence, notes included.
held_to() {
    if $all; then policyc "$@"; else xargs -0 policyc "$@" -- < .git/staged; fi > .git/said && return
    cat .git/said
    failed=true
    return 1
}
# Why a file cannot be read is said once, by `check`.
held_to fmt --quiet --check 2> /dev/null
held_to check --quiet && held_to test --quiet
if $failed; then
    echo 'pre-commit: the commit was stopped; `policyc fmt`, `policyc check` and `policyc test` show the same' >&2
    echo 'pre-commit: `git add` what you mend; `git commit --no-verify` commits all the same' >&2
    exit 1
fi
