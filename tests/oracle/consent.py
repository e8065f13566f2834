"""The decisions of policies/consent/consent.policy on its leads, worked out a second time by hand.

    python3 tests/oracle/consent.py > policies/consent/expected.csv
"""

from datetime import date
from fractions import Fraction

from kleene import (above, below, equal, every, first, negated, not_above, not_below, number, one_of, read, some, write)
from shared import do_not_contact

AS_OF = date(2026, 11, 1)
A_YEAR_AGO, TWO_YEARS_AGO, EIGHTEEN_YEARS_AGO = date(2025, 11, 1), date(2024, 11, 1), date(2008, 11, 1)


def day(cell):
    return date.fromisoformat(cell) if cell else None


def euros(cell):
    return number(cell.replace("€", "").replace(".", "").replace(",", "."))


def percent(cell):
    value = number(cell.replace("%", ""))
    return None if value is None else value / 100


def decide(row):
    consent_on, objected_on = day(row["Consent Given On"]), day(row["Objected On"])
    bought_on, born_on = day(row["Last Purchase"]), day(row["Date of Birth"])
    channels = row["Consent For"].split(";")
    customer = row["Is Customer"].lower() in ("yes", "y")
    list_price, offer, overdue = euros(row["List Price"]), euros(row["Their Offer"]), euros(row["Overdue"])

    fresh = not_below(consent_on, TWO_YEARS_AGO)
    may_write = some(every(fresh, "email" in channels),
                     every(customer, not_below(bought_on, A_YEAR_AGO), not_above(bought_on, AS_OF)))
    may_call = every(fresh, "phone" in channels)
    took_it_back = every(objected_on is not None, some(consent_on is None, not_above(consent_on, objected_on)))
    below_cost = below(offer, None if list_price is None else list_price * Fraction(60, 100))

    decision, rule = first(do_not_contact(row) + [
        ("embargoed", "do not contact", one_of(row["Country"] or None, "KP", "SY")),
        ("objected", "do not contact", took_it_back),
        ("child", "do not contact", above(born_on, EIGHTEEN_YEARS_AGO)),
        ("bought_address", "do not contact", equal(row["Consent Obtained By"] or None, "bought list")),
        ("bad_payer", "walk away",
         some(above(overdue, 10_000), every(above(overdue, 0), above(number(row["Payment Days"]), 90)))),
        ("under_our_floor", "walk away", some(below_cost, above(percent(row["Discount Asked"]), Fraction(40, 100)))),
        ("by_phone", "call", may_call),
        ("in_writing", "write", may_write),
        ("stale", "ask for consent", negated(fresh)),
        ("unclear", "ask for consent", may_call is None or may_write is None),
        ("otherwise", "do not contact", True),
    ])
    return row["Contact"], decision, rule


if __name__ == "__main__":
    write(["lead", "decision", "rule"], (decide(row) for _, row in read("policies/consent/leads.csv")))
