#!/usr/bin/env bash
# Prints as many whole lines of a Markdown page as go into so many bytes, and ends a code block that would stay open.
#
# Standard input: a page of `policyc review`, whose code blocks stand at the beginning of a line.
set -euo pipefail
LC_ALL=C awk -v limit="$1" '
    (size += length($0) + 1) > limit { exit }
    { print }
    block != "" { if ($0 == block) block = ""; next }
    match($0, /^```+/) { block = substr($0, 1, RLENGTH) }
    END { if (block != "") print block }
'
