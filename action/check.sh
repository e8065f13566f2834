#!/usr/bin/env bash
# Checks policies, their form and their tests; the findings stand beside the lines of the pull request and, when that is asked for, in a file.
# Fails as policyc does.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/inputs.sh"

failed=0
policyc check --format github -- "${paths[@]}" || failed=$?
unheard policyc fmt --check -- "${paths[@]}" || failed=$?
policyc test --format github -- "${paths[@]}" || failed=$?

if [ -n "$SARIF" ]; then
    # Written elsewhere and then moved: a link that the pull request has put there would be written through.
    folder=$(cd -P -- "$(dirname -- "$SARIF")" && pwd -P) || refuse "\`sarif: $SARIF\`: there is no such folder"
    target=${folder%/}/$(basename -- "$SARIF")
    is_inside "$target" || refuse "\`sarif: $SARIF\` leads out of what is checked out, where nothing is written"
    if [ -L "$target" ] || { [ -e "$target" ] && [ ! -f "$target" ]; }; then
        refuse "\`sarif: $SARIF\`: something else than a file stands there, which is not written to"
    fi
    findings=$RUNNER_TEMP/policyc-findings.sarif
    rm -f "$findings"
    write_findings() { policyc check --format sarif -- "${paths[@]}" > "$findings"; }
    unheard write_findings || true
    mv -f -- "$findings" "$target"
fi
exit "$failed"
