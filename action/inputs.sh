#!/usr/bin/env bash
# To be sourced by what runs policyc: that it answers, that nothing which it says is a command to the runner, and that no link of the pull
# request leads what the workflow names to somewhere else. The workflow has typed a path; whoever has put a link there is somebody else.
. "$(dirname "${BASH_SOURCE[0]}")/paths.sh"

# Ends the step.
refuse() {
    printf '::error::%s\n' "$1"
    exit 2
}

# Runs what may say words that the pull request has chosen: none of them is a command to the runner. What goes to standard error comes by the same
# way, else it could be read after the end.
unheard() {
    local token code=0
    token=$(head -c 16 /dev/urandom | sha256sum | cut -d ' ' -f 1)
    echo "::stop-commands::$token"
    "$@" 2>&1 || code=$?
    echo "::$token::"
    return "$code"
}

# Where the checkout is.
checkout=$(pwd -P)

# Whether a path without links is one of a file of the checkout; what git keeps for itself is none.
is_inside() {
    case $1/ in
        "$checkout"/.git/*) return 1 ;;
        "$checkout"/*) return 0 ;;
        *) return 1 ;;
    esac
}

# Sees to it that what is read at a path of the checkout is there, too. Of what is not there policyc says so.
stays_inside() {
    case $1 in
        /*) case $1/ in "$PWD"/* | "$checkout"/*) ;; *) return 0 ;; esac ;;
    esac
    local full
    full=$(realpath -- "$1" 2> /dev/null) || return 0
    is_inside "$full" || refuse "\`$1\` leads out of what is checked out, where nothing is read: put the file or folder itself in its place"
}

for path in "${paths[@]}"; do stays_inside "$path"; done

# A program that is empty or another one would find nothing, and all would pass.
case $(policyc --version || true) in
    "policyc "[0-9]*) ;;
    *) refuse "what is called \`policyc\` here is not policyc: run the job again, and if that does not help, delete the cache that begins with \`policyc-\`" ;;
esac
