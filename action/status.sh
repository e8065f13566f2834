#!/usr/bin/env bash
# Writes how far a pull request or a group of a merge queue has come as one commit status, which is what a branch can require: of those of one
# context the last counts, whatever has started the job. A job itself is no such check: the one that a push has started, and that found no
# approvals yet, stays beside the one that an approval starts.
#
# `status.sh begin`: it is not known yet, so that no earlier success stands while the job runs, or when it breaks off.
# `status.sh end`: what CHECKED and REVIEWED, the outcomes of these steps, come to; WAITING: the teams whose approvals alone are missing.
# Fails unless all is well; of what waits for approvals, only where the status cannot hold the merge back.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/paths.sh"

if [ "$1" = begin ]; then
    state=pending words="being checked"
elif [ "$CHECKED" = failure ]; then
    state=failure words="the policies do not check, are not in canonical layout, or fail a test"
elif [ "$CHECKED/$REVIEWED" = success/failure ]; then
    state=failure words="the review found something in the way, or could not be made"
elif [ "$CHECKED" = success ] && [ -z "$NUMBER" ]; then
    state=success words="checked; the review was before the queue"
elif [ "$CHECKED/$REVIEWED" != success/success ]; then
    state=failure words="the job broke off"
elif [ -n "$WAITING" ]; then
    state=pending words="waiting for $WAITING"
elif [ "$APPROVALS" = false ]; then
    state=success words="checked and reviewed; approvals are not asked for"
else
    state=success words="checked, reviewed, approved"
fi

# What the same commit would do to another branch is another matter.
base=${BASE_REF#refs/heads/}
context=policyc${key:+ $key}
if [ "$base" != "$DEFAULT_BRANCH" ]; then context="$context into $base"; fi

if gh api --method POST "repos/$REPOSITORY/statuses/$COMMIT" -f "state=$state" -f "context=$context" \
    -f "description=$words" -f "target_url=$RUN" > /dev/null; then
    if [ "$state" = failure ]; then exit 1; fi
    exit 0
fi
if [ "$1" = begin ]; then exit 0; fi
echo "::warning::the status \`policyc\` could not be written: it takes \`statuses: write\`, which GitHub gives to no pull request from a fork or of Dependabot"
if [ "$state" = success ]; then exit 0; fi
if [ "$state" = pending ]; then echo "::error::approvals are missing, which the review names; without the status the job itself fails for it"; fi
exit 1
