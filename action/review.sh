#!/usr/bin/env bash
# Reviews a pull request: the page goes to the summary of the job and into one comment. Fails as `policyc review` does.
# All that comes from the pull request comes by the environment, and is never part of a command's text.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
. "$here/inputs.sh"
# Each set of paths has a page and a comment of its own: a job may review several.
key=
if [ "${#paths[@]}" -gt 0 ]; then key=$(printf '%s\n' "${paths[@]}" | sha256sum | cut -c 1-12); fi
page=$RUNNER_TEMP/policyc-review${key:+-$key}.md
comment=$RUNNER_TEMP/policyc-comment${key:+-$key}.md
rm -f "$page" "$comment"

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

options=(--base "$base" --format markdown --output "$page")
if [ -n "$LEADS" ]; then
    stays_inside "$LEADS"
    options+=("--leads=$LEADS")
fi
if [ -n "$OUTCOME" ]; then options+=("--outcome=$OUTCOME"); fi
failed=0
# Without teams (a variable may be missing) nobody has approved: nothing passes because of what is not there.
if [ "$APPROVALS" != false ]; then
    approved=$(gh api --paginate "repos/$REPOSITORY/pulls/$NUMBER/reviews?per_page=100" \
        --jq '.[] | [.user.login // "", .user.type // "", .state, .commit_id // ""] | @tsv' | bash "$here/approvals.sh") || failed=$?
    options+=("--approved-by=$approved")
fi
# What is said of the pull request's files is no command to the runner.
token=$(head -c 16 /dev/urandom | sha256sum | cut -d ' ' -f 1)
echo "::stop-commands::$token"
if [ "$failed" = 0 ]; then policyc review "${options[@]}" -- "${paths[@]}" || failed=$?; fi
echo "::$token::"
if [ ! -s "$page" ]; then
    # Whatever has ended well without a page was no review.
    if [ "$failed" = 0 ]; then failed=2; fi
    printf '## The review could not be made\n\nIt ended with an error, which the log of the job shows.\n' > "$page"
fi
# Whoever reads it later sees whether it is still about the last commit.
head="Review of commit $HEAD_SHA"
printf '%s\n\n' "$head" | cat - "$page" >> "$GITHUB_STEP_SUMMARY"

if [ "$COMMENT" = true ]; then
    # A comment has at most 65,536 characters.
    marker="<!-- policyc review${key:+ $key} -->"
    { printf '%s\n%s\n\n' "$marker" "$head"; head -c 60000 "$page" | iconv -c -f UTF-8 -t UTF-8; } > "$comment"
    if [ "$(wc -c < "$page")" -gt 60000 ]; then printf '\n\nThe rest is in the summary of the job.\n' >> "$comment"; fi
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
exit "$failed"
