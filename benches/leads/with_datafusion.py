"""DataFusion decides leads: `with_datafusion.py LEADS OUT w1|w2 THREADS`."""

import os

import workload

TYPES = {"long": "BIGINT", "int": "INT", "text": "VARCHAR", "money": "DECIMAL(9,2)", "date": "DATE", "bool": "BOOLEAN"}


def main():
    leads, out, work, threads, form, out_form = workload.task()
    os.environ["TOKIO_WORKER_THREADS"] = str(threads)
    import datafusion

    context = datafusion.SessionContext(datafusion.SessionConfig().with_target_partitions(threads))
    columns = ", ".join(f"{name} {TYPES[kind]}" for name, kind in workload.COLUMNS.items())
    stored = {"csv": "CSV", "ndjson": "JSON", "parquet": "PARQUET"}
    options = {"csv": "OPTIONS ('format.has_header' 'true')", "parquet": "OPTIONS ('format.compression' 'snappy')"}
    declared = "" if form == "parquet" else f"({columns})"
    header = options["csv"] if form == "csv" else ""
    # Rows come out in the order they went in only when it is told that there is one; it then merges the parts that its threads read.
    context.sql(
        f"CREATE EXTERNAL TABLE leads {declared} STORED AS {stored[form]} WITH ORDER (id ASC) LOCATION '{leads}' {header}"
    ).collect()
    query = f"{workload.select(work, 'leads')} ORDER BY id"
    context.sql(f"COPY ({query}) TO '{out}' STORED AS {stored[out_form]} {options[out_form]}").collect()


if __name__ == "__main__":
    main()
