#!/bin/sh
# Put here by `policyc install-hooks`; `policyc install-hooks --uninstall` takes it out.
# Holds the policies to what CI will hold them to, as they are staged, whatever the work tree has by now.
set -u
if ! command -v policyc > /dev/null; then
    git diff --cached --quiet --no-ext-diff -- '*.policy' '*.csv' '*.txt' policyc.toml && exit 0
    echo 'policyc: `policyc` is not on the PATH, so the policies of this commit cannot be checked' >&2
    exit 1
fi
folder=$(mktemp -d) || exit 1
trap 'cd / && rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
# Lays out what is staged of the policies and of all that they read: all policies that policyc.toml names; where it names none, those that are staged.
meant=$(policyc git-staged "$folder") || exit 1
[ -n "$meant" ] || exit 0
cd "$folder" || exit 1
failed=false
# What holds is done in silence, notes included.
held_to() {
    if [ "$meant" = all ]; then policyc "$@"; else xargs -0 policyc "$@" -- < .git/staged; fi > .git/said && return
    cat .git/said
    failed=true
    return 1
}
# Why a file cannot be read is said once, by `check`.
held_to fmt --quiet --check 2> /dev/null
held_to check --quiet && held_to test --quiet
if $failed; then
    echo 'policyc: the commit was stopped: this is what `policyc fmt --check`, `policyc check` and `policyc test` find in what is staged' >&2
    echo 'policyc: mend it, `git add` it, and commit again; `--no-verify` goes on all the same' >&2
    exit 1
fi
