"""The two policies `w1.policy` and `w2.policy` as SQL, and the columns of a lead; what the peers share.

Three-valued logic is SQL's own. Where engines differ, the words that mean the same to all are used: `least(32, NULL)` is 32 for some,
so that amounts are made 0 first; an amount of money is a decimal, and never beside a binary fraction.
"""

import pathlib
import sys

# name, kind
COLUMNS = {
    "id": "long",
    "title": "text",
    "need": "int",
    "budget": "money",
    "region": "text",
    "industry": "text",
    "company_size": "int",
    "email": "text",
    "source": "text",
    "webinars": "int",
    "page_views": "int",
    "last_activity": "date",
    "product": "text",
    "consent": "bool",
}
OPTIONAL = ["need", "budget", "email", "last_activity"]
AS_OF = "2026-11-01"


def money(amount):
    return f"CAST('{amount}' AS DECIMAL(9,2))"


def date(day):
    return f"CAST('{day}' AS DATE)"


def within(days):
    """The days are counted back by hand, since engines spell that differently: 14 before 2026-11-01, and so on."""
    first = {14: "2026-10-18", 30: "2026-10-02", 60: "2026-09-02", 180: "2026-05-05"}[days]
    return f"(last_activity >= {date(first)} AND last_activity <= {date(AS_OF)})"


SCORE_RULES = {"hot": "score >= 100", "warm": "score >= 75", "mild": "score >= 45"}

# rule, decision, condition
RULES = [
    ("no_consent", "reject", "NOT consent"),
    ("blocked", "reject", "email IN ('test@test.example', 'info@acme.example', 'noreply@leads.example')"),
    ("unreachable", "enrich", "email IS NULL AND last_activity IS NULL"),
    (
        "exec_hot",
        "fast_track",
        f"title IN ('CEO', 'CFO', 'CTO', 'VP') AND need >= 4 AND budget >= {money('50000.00')} AND {within(30)}",
    ),
    ("big_budget", "fast_track", f"budget > {money('249999.99')} AND NOT (region IN ('APAC', 'LATAM'))"),
    ("hot", "fast_track", SCORE_RULES["hot"]),
    ("enterprise", "book_call", "product = 'enterprise' AND company_size >= 1000 AND (need >= 3 OR webinars >= 2)"),
    (
        "regulated",
        "review",
        "industry IN ('banking', 'insurance', 'healthcare', 'government')"
        f" AND budget >= {money('10000.00')} AND NOT (source = 'partner')",
    ),
    ("engaged", "book_call", f"(webinars >= 3 OR page_views > 40) AND {within(14)}"),
    ("warm", "book_call", SCORE_RULES["warm"]),
    ("no_basics", "enrich", "need IS NULL AND budget IS NULL"),
    ("qualified", "assign", f"need >= 3 AND budget >= {money('2499.95')} AND title NOT IN ('Student', 'Intern', 'Other')"),
    (
        "channel",
        "assign",
        "source IN ('partner', 'referral') AND NOT (need < 2) AND company_size >= 50 AND company_size <= 999",
    ),
    ("mild", "assign", SCORE_RULES["mild"]),
    ("stale", "archive", f"last_activity IS NULL OR NOT {within(180)}"),
]
OTHERWISE = ("otherwise", "nurture")


def rules(workload):
    return [rule for rule in RULES if workload == "w2" or rule[0] not in SCORE_RULES]


def points(condition, amount):
    return f"CASE WHEN {condition} THEN {amount} ELSE 0 END"


def at_most(most, amount):
    return f"least({most}, {amount})"


SCORE = " + ".join(
    [
        points("title IN ('CEO', 'CFO', 'CTO')", 25),
        points("title IN ('VP', 'Director')", 15),
        at_most(32, "8 * coalesce(need, 0)"),
        at_most(30, "CAST(floor(CAST(coalesce(budget, 0) AS DOUBLE) / 5000) AS INT)"),
        at_most(20, "5 * webinars"),
        at_most(12, "CAST(floor(page_views / 4.0) AS INT)"),
        points(within(14), 10),
        points(within(60), 5),
        at_most(15, "CAST(floor(company_size / 200.0) AS INT)"),
        points("source IN ('referral', 'partner')", 8),
        points("industry IN ('banking', 'insurance', 'software', 'telecom')", 6),
        points("product = 'enterprise'", 6),
        points("title IN ('Student', 'Intern')", -20),
        points("email IS NULL", -10),
        points(f"budget < {money('500.00')} OR need < 1", -15),
    ]
)


def select(workload, source):
    """The decisions of all leads of a table, by the number of the first rule that is true."""
    chosen = rules(workload)
    leads = source if workload == "w1" else f"(SELECT *, {SCORE} AS score FROM {source}) AS scored"
    number = " ".join(f"WHEN {condition} THEN {n}" for n, (_, _, condition) in enumerate(chosen))

    def names(at, last):
        return " ".join(f"WHEN {n} THEN '{rule[at]}'" for n, rule in enumerate(chosen)) + f" ELSE '{OTHERWISE[at]}'" + last

    return (
        f"SELECT id, CASE fired {names(1, ' END')} AS decision, CASE fired {names(0, ' END')} AS rule"
        f" FROM (SELECT id, CASE {number} ELSE {len(chosen)} END AS fired FROM {leads}) AS decided"
    )


def task():
    """What a peer is asked: `PEER.py LEADS OUT w1|w2 THREADS`. The form of a file is its ending."""
    leads, out, workload, threads = sys.argv[1:]
    return leads, out, workload, int(threads), pathlib.Path(leads).suffix[1:], pathlib.Path(out).suffix[1:]
