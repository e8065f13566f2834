"""The decisions of policies/b2b/b2b.policy on its leads, worked out a second time by hand.

    python3 tests/oracle/b2b.py > policies/b2b/expected.csv
"""

from datetime import date, timedelta

from kleene import (above, at_least, below, clamp, equal, every, first, for_each, negated, not_below, number, one_of,
                    rank, read, some, when, write)

AS_OF = date(2024, 3, 1)


def not_negative(cell):
    value = number(cell)
    return None if value is None or value < 0 else value


def decide(row):
    role = row["buyer_role"] or None
    seniority = rank(row["seniority"], "individual_contributor", "manager", "director", "vp", "c_suite")
    mailbox = None if row["email_domain_type"] in ("", "unknown") else row["email_domain_type"]
    employees = rank(row["employee_band"], "200-499", "500-999", "1000-1999", "2000+")
    session, pricing_view = number(row["session_count"]), number(row["pricing_page_views"])
    demo_view, activity = number(row["demo_page_views"]), number(row["activity_count"])
    quiet_days, deal_size = not_negative(row["days_since_last_touch"]), not_negative(row["expected_acv"])

    decision_maker = some(equal(role, "economic_buyer"), not_below(seniority, 3))
    gone_quiet = above(quiet_days, 21)

    fit = clamp(
        when(decision_maker, 30)
        + when(one_of(role, "champion", "technical_evaluator"), 15)
        + when(not_below(employees, 2), 20)
        + when(equal(employees, 1), 10)
        + when(equal(row["process_maturity_band"] or None, "high"), 10)
        + for_each(1, deal_size, unit=4000, at_most=30)
        - when(equal(mailbox, "personal"), 25), 0, 100)
    interest = clamp(
        for_each(15, pricing_view, at_most=45)
        + for_each(20, demo_view, at_most=40)
        + for_each(5, session, at_most=20)
        + for_each(2, activity, at_most=16)
        - when(gone_quiet, 20), 0, 100)

    if fit >= 50 and interest >= 40:
        priority = "hot"
    elif fit >= 50 or interest >= 40:
        priority = "warm"
    else:
        priority = "cold"

    partner = equal(row["lead_source"], "partner_referral")
    own = negated(partner)
    old = date.fromisoformat(row["lead_created_at"]) < AS_OF - timedelta(days=45)
    gaps = at_least(3, *(value is None for value in (deal_size, quiet_days, session, pricing_view, activity)))
    decision, rule = first([
        ("gaps", "complete the record", gaps),
        ("small_and_private", "disqualify", every(equal(mailbox, "personal"), below(deal_size, 30_000))),
        ("went_quiet", "nurture", gone_quiet),
        ("promised", "pass to sales", every(partner, priority != "cold")),
        ("pass-to-development-a-partner-vouches-for-it", "pass to development",
         every(partner, some(decision_maker, not_below(activity, 4)))),
        ("otherwise-partner-referrals", "nurture", partner),
        ("hot_lead", "pass to sales", every(own, priority == "hot")),
        ("big_deal", "pass to sales",
         every(own, not_below(deal_size, 100_000), decision_maker, interest >= 25)),
        ("first_call", "pass to development", every(own, priority == "warm")),
        ("answered", "pass to development",
         every(own, equal(row["lead_source"], "sdr_outbound"), not_below(activity, 5))),
        ("silent", "disqualify", every(own, old, equal(session, 0), equal(activity, 0))),
        ("otherwise", "nurture", True),
    ])
    return row["lead_id"], decision, rule, fit, interest, priority


if __name__ == "__main__":
    write(["lead", "decision", "rule", "fit", "interest", "priority"],
          (decide(row) for _, row in read("policies/b2b/leads.csv")))
