"""The decisions of policies/product-lines/product-lines.policy on its leads, worked out a second time by hand.

    python3 tests/oracle/product_lines.py > policies/product-lines/expected.csv
"""

from datetime import date, datetime, timedelta

from kleene import (at_least, below, between, clamp, every, first, for_each, negated, not_below, number, rank, read,
                    some, when, write)
from shared import do_not_contact

AS_OF = date(2026, 11, 1)
IN_3_MONTHS, IN_6_MONTHS = date(2027, 2, 1), date(2027, 5, 1)


def german_number(cell):
    return number(cell.replace(".", "").replace(",", "."))


def german_date(cell):
    return datetime.strptime(cell, "%d.%m.%Y").date() if cell else None


def yes_no(cell):
    return {"": None, "yes": True, "no": False}[cell.lower()]


def decide(row):
    title = rank(row["Role"], "Staff", "Manager", "Director", "Executive")
    budget = german_number(row["Budget EUR"])
    budget = None if budget == 0 else budget
    need, webinar = number(row["Need (0-5)"]), number(row["Webinars"])
    decides_by, contract_ends = german_date(row["Decides By"]), german_date(row["Supply Contract Ends"])
    devices = german_number(row["Printers"])
    trial, reports_co2 = yes_no(row["Trial Started"]), yes_no(row["Reports CO2"])
    pains = set(row["Pains"].split(";")) if row["Pains"] else None
    last_touch = german_date(row["Last Touch"])

    def has(quantity, wanted):
        return None if pains is None else quantity(pain in pains for pain in wanted)

    authority = not_below(title, 2)
    active = between(last_touch, AS_OF - timedelta(days=60), AS_OF)
    interest = clamp(for_each(20, webinar, at_most=40) + when(trial, 40) + when(active, 20), 0, 100)

    toner, analytics = row["Product Line"] == "Toner", row["Product Line"] == "Analytics"
    carbon = not toner and not analytics
    decision, rule = first(do_not_contact(row) + [
        ("bant", "pass to field sales",
         every(toner, at_least(3, not_below(budget, 5000), authority, not_below(need, 3),
                               between(decides_by, AS_OF, IN_3_MONTHS)))),
        ("contract", "pass to inside sales",
         every(toner, between(contract_ends, AS_OF, IN_6_MONTHS), not_below(devices, 20))),
        ("too_few_printers", "disqualify", every(toner, below(devices, 5))),
        ("otherwise-toner-a-replacement-market-so-bant", "nurture", toner),
        ("need_and_interest", "pass to field sales", every(analytics, not_below(need, 3), interest >= 60)),
        ("one_of_two", "pass to inside sales", every(analytics, some(every(not_below(need, 3), active), interest >= 60))),
        ("ask_again", "pass to inside sales", every(analytics, need is None, interest >= 40)),
        ("otherwise-analytics-a-known-need-so-need-and-interest", "nurture", analytics),
        ("pioneer", "pass to field sales", every(carbon, reports_co2, authority, has(all, ["compliance", "cost"]))),
        ("open_mind", "invite to a workshop",
         every(carbon, some(reports_co2, has(any, ["compliance", "image"]), every(not_below(webinar, 1), not_below(title, 1))))),
        ("wrong_pain", "nurture", every(carbon, negated(has(any, ["compliance", "cost", "image"])))),
        ("otherwise", "nurture", True),
    ])
    return row["Opportunity ID"], decision, rule, interest


if __name__ == "__main__":
    write(["lead", "decision", "rule", "interest"],
          (decide(row) for _, row in read("policies/product-lines/leads.csv", delimiter=";")))
