#!/usr/bin/env bash
# Reviews a pull request: the page goes to the summary of the job and into one comment. Fails as `policyc review` does, but not where nothing
# is missing but approvals: then the output `waiting` says whose, for action/status.sh to go by.
# All that comes from the pull request comes by the environment, and is never part of a command's text.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
. "$here/inputs.sh"
# Each set of paths has a page and a comment of its own.
page=$RUNNER_TEMP/policyc-review${key:+-$key}.md
comment=$RUNNER_TEMP/policyc-comment${key:+-$key}.md
needed=$RUNNER_TEMP/policyc-needed${key:+-$key}.json
rm -f "$page" "$comment" "$needed"

# What is checked out is the merge of the pull request, or its last commit. Approvals are given to the last commit.
if [ "$(git rev-parse --quiet --verify 'HEAD^2' || true)" = "$HEAD_SHA" ]; then
    base=HEAD^1
elif [ "$(git rev-parse HEAD)" = "$HEAD_SHA" ]; then
    base=$BASE_SHA
else
    echo "::error::what is checked out is not this pull request as it is now: leave out the \`ref\` of actions/checkout, or run the newest job"
    exit 2
fi
if ! git rev-parse --quiet --verify "$base^{commit}" > /dev/null; then
    echo "::error::the commit that the pull request is to be merged into is not there: say \`fetch-depth: 0\` to actions/checkout"
    exit 2
fi

# The commit itself, not what is checked out: by `.gitattributes` a change could make another text of it on the way.
options=(--base "$base" --head HEAD)
if [ -n "$LEADS" ]; then
    stays_inside "$LEADS"
    options+=("--leads=$LEADS")
fi
if [ -n "$OUTCOME" ]; then options+=("--outcome=$OUTCOME"); fi
failed=0
counted=()
# Without teams (a variable may be missing) nobody has approved: nothing passes because of what is not there.
if [ "$APPROVALS" != false ]; then
    approved=$(gh api --paginate "repos/$REPOSITORY/pulls/$NUMBER/reviews?per_page=100" \
        --jq '.[] | [.user.login // "", .user.type // "", .state, .commit_id // ""] | @tsv' | bash "$here/approvals.sh") || failed=2
    counted=("--approved-by=$approved")
fi
if [ "$failed" = 0 ]; then
    unheard policyc review "${options[@]}" "${counted[@]}" --format markdown --output "$page" -- "${paths[@]}" || failed=$?
fi
if [ ! -s "$page" ]; then
    # Whatever has ended without a page was no review.
    failed=2
    printf '## The review could not be made\n\nIt ended with an error, which the log of the job shows.\n' > "$page"
fi
# Whoever reads it later sees whether it is still about the last commit.
head="Review of commit $HEAD_SHA"
# The summary of a step has at most 1 MiB, and a comment 65,536 characters: what is larger GitHub does not show at all.
size=$(wc -c < "$page") rest="the summary of the job"
{
    printf '%s\n\n' "$head"
    bash "$here/cut.sh" 1000000 < "$page"
    if [ "$size" -gt 1000000 ]; then
        rest="what \`policyc review --base BRANCH\` prints in a clone of the change, BRANCH being what it goes into"
        printf '\nGitHub shows no longer page; the rest is in %s.\n' "$rest"
    fi
} >> "$GITHUB_STEP_SUMMARY"

if [ "$COMMENT" = true ]; then
    marker="<!-- policyc review${key:+ $key} -->"
    {
        printf '%s\n%s\n\n' "$marker" "$head"
        bash "$here/cut.sh" 60000 < "$page"
        if [ "$size" -gt 60000 ]; then printf '\nA comment takes no longer page; the rest is in %s.\n' "$rest"; fi
    } > "$comment"
    comments="repos/$REPOSITORY/issues/$NUMBER/comments"
    mine=".[] | select(.user.type == \"Bot\" and (.body | startswith(\"$marker\"))) | .id"
    if ! { id=$(gh api --paginate "$comments?per_page=100" --jq "$mine" | sed -n 1p) &&
        case $id in
            '') gh api --method POST "$comments" -F "body=@$comment" ;;
            *) gh api --method PATCH "repos/$REPOSITORY/issues/comments/$id" -F "body=@$comment" ;;
        esac > /dev/null; }; then
        echo "::warning::the review could not be written as a comment (a pull request from a fork may not); it is in the summary of the job"
    fi
fi

# Where nothing is found without counting approvals, they are all that is missing.
if [ "$failed" = 1 ] && [ "${#counted[@]}" -gt 0 ] &&
    unheard policyc review "${options[@]}" --format json --output "$needed" -- "${paths[@]}"; then
    waiting=$(APPROVED=$approved bash "$here/waiting.sh" < "$needed")
    echo "waiting=$waiting" >> "$GITHUB_OUTPUT"
    failed=0
fi
exit "$failed"
