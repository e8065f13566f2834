#!/usr/bin/env bash
# Prints the teams that have approved, with commas between them.
#
# Standard input: the reviews of a pull request, the oldest first, a line each: user, kind of user, state, commit, with tabs between them.
# HEAD_SHA: the commit that is to be merged. TEAMS: a line a team, `sales=@carol,@dave`.
# Of each person the last word counts, and an approval only when it was given to that commit.
set -euo pipefail
LC_ALL=C awk -F '\t' '
    $2 == "User" && ($3 == "APPROVED" || $3 == "CHANGES_REQUESTED" || $3 == "DISMISSED") {
        approves[tolower($1)] = $3 == "APPROVED" && $4 == ENVIRON["HEAD_SHA"]
    }
    END {
        count = split(ENVIRON["TEAMS"], lines, "\n")
        for (at = 1; at <= count; at++) {
            line = lines[at]
            gsub(/[ \t\r]*$|^[ \t]*/, "", line)
            if (line == "") continue
            equals = index(line, "=")
            if (equals < 2) {
                print "::error::teams: `" line "` is not of the form `sales=@carol,@dave`" > "/dev/stderr"
                exit 2
            }
            team = substr(line, 1, equals - 1)
            gsub(/[ \t]*$/, "", team)
            people = split(tolower(substr(line, equals + 1)), names, ",")
            for (person = 1; person <= people; person++) {
                gsub(/^[ \t]*@?|[ \t]*$/, "", names[person])
                if (names[person] == "") continue
                if (names[person] !~ /^[a-z0-9._-]+$/) {
                    print "::error::teams: `" line "`: `" names[person] "` is nobody: people stand there as `@carol`, with commas between them, and no teams of GitHub" > "/dev/stderr"
                    exit 2
                }
                if (approves[names[person]]) {
                    printf "%s%s", between, team
                    between = ","
                    break
                }
            }
        }
    }
'
