"""Polars decides leads: `with_polars.py LEADS OUT w1|w2 THREADS`."""

import os

import workload


def main():
    leads, out, work, threads, form, out_form = workload.task()
    os.environ["POLARS_MAX_THREADS"] = str(threads)
    import polars as pl

    types = {"long": pl.Int64, "int": pl.Int32, "text": pl.String, "money": pl.Float64, "date": pl.Date, "bool": pl.Boolean}
    schema = {name: types[kind] for name, kind in workload.COLUMNS.items()}
    if form == "csv":
        rows = pl.scan_csv(leads, schema=schema)
    elif form == "ndjson":
        rows = pl.scan_ndjson(leads, schema=schema)
    else:
        rows = pl.scan_parquet(leads).with_columns(pl.col("budget").cast(pl.Float64))
    decided = decide(pl, rows, work)
    if out_form == "csv":
        decided.sink_csv(out)
    else:
        decided.sink_parquet(out, compression="snappy")


def decide(pl, rows, work):
    day = pl.lit(workload.AS_OF).str.to_date()
    c = {name: pl.col(name) for name in workload.COLUMNS}

    def within(days):
        return (c["last_activity"] >= day - pl.duration(days=days)) & (c["last_activity"] <= day)

    def points(condition, amount):
        return pl.when(condition).then(pl.lit(amount, pl.Int32)).otherwise(pl.lit(0, pl.Int32))

    def at_most(most, amount):
        return pl.min_horizontal(amount.fill_null(0).cast(pl.Int32), pl.lit(most, pl.Int32))

    score = pl.sum_horizontal(
        points(c["title"].is_in(["CEO", "CFO", "CTO"]), 25),
        points(c["title"].is_in(["VP", "Director"]), 15),
        at_most(32, 8 * c["need"]),
        at_most(30, (c["budget"] / 5000).floor()),
        at_most(20, 5 * c["webinars"]),
        at_most(12, c["page_views"] // 4),
        points(within(14), 10),
        points(within(60), 5),
        at_most(15, c["company_size"] // 200),
        points(c["source"].is_in(["referral", "partner"]), 8),
        points(c["industry"].is_in(["banking", "insurance", "software", "telecom"]), 6),
        points(c["product"] == "enterprise", 6),
        points(c["title"].is_in(["Student", "Intern"]), -20),
        points(c["email"].is_null(), -10),
        points((c["budget"] < 500) | (c["need"] < 1), -15),
    )
    conditions = {
        "no_consent": ~c["consent"],
        "blocked": c["email"].is_in(["test@test.example", "info@acme.example", "noreply@leads.example"]),
        "unreachable": c["email"].is_null() & c["last_activity"].is_null(),
        "exec_hot": c["title"].is_in(["CEO", "CFO", "CTO", "VP"])
        & (c["need"] >= 4)
        & (c["budget"] >= 50000)
        & within(30),
        "big_budget": (c["budget"] > 249999.99) & ~c["region"].is_in(["APAC", "LATAM"]),
        "hot": pl.col("score") >= 100,
        "enterprise": (c["product"] == "enterprise")
        & (c["company_size"] >= 1000)
        & ((c["need"] >= 3) | (c["webinars"] >= 2)),
        "regulated": c["industry"].is_in(["banking", "insurance", "healthcare", "government"])
        & (c["budget"] >= 10000)
        & ~(c["source"] == "partner"),
        "engaged": ((c["webinars"] >= 3) | (c["page_views"] > 40)) & within(14),
        "warm": pl.col("score") >= 75,
        "no_basics": c["need"].is_null() & c["budget"].is_null(),
        "qualified": (c["need"] >= 3) & (c["budget"] >= 2499.95) & ~c["title"].is_in(["Student", "Intern", "Other"]),
        "channel": c["source"].is_in(["partner", "referral"])
        & ~(c["need"] < 2)
        & (c["company_size"] >= 50)
        & (c["company_size"] <= 999),
        "mild": pl.col("score") >= 45,
        "stale": c["last_activity"].is_null() | ~within(180),
    }
    chosen = workload.rules(work)
    if work == "w2":
        rows = rows.with_columns(score=score)
    fired = pl.lit(len(chosen), pl.Int8)
    for number, (rule, _, _) in reversed(list(enumerate(chosen))):
        fired = pl.when(conditions[rule]).then(pl.lit(number, pl.Int8)).otherwise(fired)
    names = [[rule[at] for rule in chosen] + [workload.OTHERWISE[at]] for at in (1, 0)]
    numbers = list(range(len(chosen) + 1))
    decision, rule = (pl.col("fired").replace_strict(numbers, texts, return_dtype=pl.String) for texts in names)
    return rows.select(c["id"], fired=fired).select("id", decision=decision, rule=rule)


if __name__ == "__main__":
    main()
