#!/usr/bin/env bash
# To be sourced by what the steps run: which paths they are about, that policyc answers, and that no link of the pull request leads
# what the workflow names to somewhere else. The workflow has typed a path; whoever has put a link there is somebody else.

# Ends the step.
refuse() {
    printf '::error::%s\n' "$1"
    exit 2
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

mapfile -t paths < <(printf '%s\n' "$PATHS" | sed '/^[[:space:]]*$/d')
for path in "${paths[@]}"; do stays_inside "$path"; done

# A program that is empty or another one would find nothing, and all would pass.
case $(policyc --version || true) in
    "policyc "[0-9]*) ;;
    *) refuse "what is called \`policyc\` here is not policyc: run the job again, and if that does not help, delete the cache that begins with \`policyc-\`" ;;
esac
