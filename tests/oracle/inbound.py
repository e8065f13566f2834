"""The decisions of policies/inbound/inbound.policy on its leads, worked out a second time by hand.

    python3 tests/oracle/inbound.py > policies/inbound/expected.csv
"""

import re
from datetime import date, timedelta

from kleene import (above, between, clamp, equal, every, first, for_each, negated, not_below, number, one_of, read, when,
                    write)
from shared import do_not_contact, private_mail

AS_OF = date(2026, 11, 1)
HOME = ["DE", "AT", "CH", "NL", "BE", "FR", "GB", "IE"]
STAFF, MANAGER, DIRECTOR, VP, C_LEVEL, OTHER = 0, 1, 2, 3, 4, "other"


def title_of(cell):
    """A rank, OTHER, or None. The spellings are tried in the order of the policy."""
    text = cell.strip().lower()
    if not text:
        return None
    names = ["staff", "manager", "director", "vp", "c-level"]
    if text in names:
        return names.index(text)

    def word(*words):
        return any(re.search(rf"(?<!\w){w}(?!\w)", text) for w in words)

    if text.startswith("assistant") or word("engineer", "analyst"):
        return STAFF
    if text.startswith("chief") or word("ceo", "cfo", "cto"):
        return C_LEVEL
    if word("vp") or text.startswith("vice president"):
        return VP
    if word("director") or text.startswith("head of"):
        return DIRECTOR
    return MANAGER if word("manager") else OTHER


def amount(cell):
    cell = cell.strip()
    return None if cell in ("", "n/a", "-", "unknown", "tbd") else number(cell.replace("$", "").replace(",", ""))


def day(cell):
    return date.fromisoformat(cell) if cell else None


def decide(row):
    title = title_of(row["Job Title"])
    # An order with a title that is none of the five is unknown.
    rank = None if title == OTHER else title
    industry, country = row["Industry"] or None, row["Country"] or None
    employees, budget = amount(row["Employees"]), amount(row["Budget (yearly)"])
    interests = set(filter(None, row["Asked About"].split(";")))
    message = row["Message"].lower() or None
    requested_on, last_touch = day(row["Requested On"]), day(row["Last Touch"])
    private = private_mail(row)
    asks_for_help = None if message is None else any(
        word in message for word in ("urgent", "as soon as possible", "asap", "dringend"))

    lines = [
        (not_below(rank, DIRECTOR), 40),
        (equal(title, MANAGER), 20),
        (between(employees, 200, 5000), 30),
        (above(employees, 5000), 15),
        (one_of(industry, "Software", "Banking & Insurance"), 15),
        (private, -30),
    ]
    fit = clamp(sum(when(answer, points) for answer, points in lines) + for_each(1, budget, unit=2000, at_most=15), 0, 100)
    incomplete = budget is None or any(answer is None for answer, _ in lines)
    interest = clamp(
        for_each(10, number(row["Pricing Page Visits"]), at_most=40)
        + when(bool(interests & {"pricing", "security"}), 25)
        + when(interests >= {"integrations", "support"}, 10)
        + when(asks_for_help, 25)
        + when(between(requested_on, AS_OF - timedelta(days=7), AS_OF), 10)
        - when(last_touch and last_touch < AS_OF - timedelta(days=45), 25), 0, 100)
    priority = "hot" if fit >= 70 and interest >= 40 else "warm" if fit >= 45 else "cold"

    decision, rule = first(do_not_contact(row) + [
        ("no_business", "disqualify", every(private, equal(title, OTHER))),
        ("far_away", "disqualify", every(negated(one_of(country, *HOME)), negated(not_below(budget, 50_000)))),
        ("hot_request", "pass to sales", priority == "hot"),
        ("hurry", "pass to sales", every(asks_for_help, not_below(rank, MANAGER), fit >= 45)),
        ("warm_request", "pass to telequalifying",
         every(priority == "warm", between(requested_on, AS_OF - timedelta(days=30), AS_OF))),
        ("who_is_it", "pass to telequalifying", every(incomplete, interest >= 50)),
        ("otherwise", "nurture", True),
    ])
    return row["Request No."], decision, rule, fit, interest, priority


if __name__ == "__main__":
    write(["lead", "decision", "rule", "fit", "interest", "priority"],
          (decide(row) for _, row in read("policies/inbound/leads.csv")))
