"""The decisions of policies/funnel/funnel.policy on its leads, worked out a second time by hand.

    python3 tests/oracle/funnel.py > policies/funnel/expected.csv
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from kleene import (above, below, between, equal, every, first, for_each, negated, not_below, number, one_of, read,
                    some, write)
from shared import do_not_contact, private_mail

NEW_YORK = ZoneInfo("America/New_York")
TODAY = date(2026, 9, 1)
AS_OF = datetime(2026, 9, 1, 23, 59, 59, 999999, NEW_YORK)
BLANKS = ("", "unknown", "n/a", "--none--")


def text(cell):
    cell = cell.strip().lower()
    return None if cell in BLANKS else cell


def amount(cell):
    cell = text(cell)
    return None if cell is None else number(cell.replace("$", "").replace(",", ""))


def instant(cell):
    return datetime.fromisoformat(cell).replace(tzinfo=NEW_YORK) if cell else None


def known(value):
    return value is not None


def decide(row):
    industry, verdict = text(row["Industry"]), text(row["Sales Verdict"])
    employees, budget = amount(row["Employees"]), amount(row["Budget"])
    need = number(row["Need"])
    handed_over, accepted = instant(row["Handed Over At"]), instant(row["Accepted At"])
    handed_on = handed_over and handed_over.date()

    counts = [number(row[column]) for column in ("Page Views", "Downloads", "Replies")]
    right_company = every(one_of(industry, "software", "banking", "logistics", "manufacturing"),
                          between(employees, 50, 10_000))
    interest = (for_each(1, number(row["Page Views"]), unit=5, at_most=20)
                + for_each(15, number(row["Downloads"]), at_most=45)
                + for_each(25, number(row["Replies"]), at_most=50))
    interest = max(0, min(100, interest))
    heat = "hot" if interest >= 60 else "warm" if interest >= 30 else "cold"

    steps = [
        ("name_known", every(known(text(row["Full Name"])), row["Email"] != "", negated(private_mail(row)))),
        ("in_profile", right_company),
        ("mql", heat != "cold"),
        ("sal", known(accepted)),
        ("sql", every(not_below(need, 3), not_below(budget, 10_000), row["First Meeting"] != "")),
    ]
    stage, reached = "none", 0
    for name, answer in steps:
        if answer is not True:
            break
        stage, reached = name, reached + 1

    decision, rule = first(do_not_contact(row) + [
        ("no_need", "disqualify", equal(verdict, "no need")),
        ("lost", "disqualify", every(equal(verdict, "bought elsewhere"), not_below(handed_on, date(2025, 9, 1)))),
        ("too_small", "disqualify", below(employees, 10)),
        ("wrong_person", "return to marketing", equal(verdict, "wrong person")),
        ("not_now", "return to marketing",
         every(one_of(verdict, "too early", "no budget"), above(handed_on, TODAY - timedelta(days=90)))),
        ("forgotten", "return to marketing",
         every(below(handed_over, AS_OF - timedelta(hours=48)), not known(accepted), not known(verdict))),
        ("fell_out", "return to marketing", 
         every(known(accepted), some(negated(right_company), heat == "cold" and all(map(known, counts))))),
        ("opportunity", "open an opportunity", reached >= 5),
        ("in_work", "work", known(accepted)),
        ("waiting", "wait for sales", every(known(handed_over), not known(accepted), not known(verdict))),
        ("hand_over", "hand over to sales", reached >= 3),
        ("otherwise", "keep nurturing", True),
    ])
    return row["Lead ID"], decision, rule, interest, heat, stage


if __name__ == "__main__":
    write(["lead", "decision", "rule", "interest", "heat", "stage"],
          (decide(row) for _, row in read("policies/funnel/leads.csv")))
