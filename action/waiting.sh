#!/usr/bin/env bash
# Prints the teams whose approvals are missing, with commas between them, as many as go into the description of a status.
#
# Standard input: a review as JSON, as `policyc review` lays it out. APPROVED: the teams that have approved, with commas between them.
# The names stand in the pull request: of ASCII nothing but letters, digits and `_` is left of them.
set -euo pipefail
LC_ALL=C awk '
    /^  "approvals": \[/ { inside = 1 }
    /^  \]/ { inside = 0 }
    inside && /^      "team": "/ {
        team = substr($0, length("      \"team\": \"") + 1)
        sub(/",?$/, "", team)
        if (index("," ENVIRON["APPROVED"] ",", "," team ",")) next
        gsub(/[^[:alnum:]_\200-\377]/, "?", team)
        if (length(teams team) > 110) { others = 1; next }
        teams = teams (teams == "" ? "" : ", ") team
    }
    END { print teams == "" ? "approvals" : teams (others ? " and others" : "") }
'
