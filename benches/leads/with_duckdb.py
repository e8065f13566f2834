"""DuckDB decides leads: `with_duckdb.py LEADS OUT w1|w2 THREADS`."""

import duckdb

import workload

TYPES = {"long": "BIGINT", "int": "INTEGER", "text": "VARCHAR", "money": "DECIMAL(9,2)", "date": "DATE", "bool": "BOOLEAN"}


def source(leads, form):
    """The leads of a file as a table, their types told, not guessed."""
    columns = "{" + ", ".join(f"'{name}': '{TYPES[kind]}'" for name, kind in workload.COLUMNS.items()) + "}"
    return {
        "csv": f"read_csv('{leads}', header = true, auto_detect = false, delim = ',', quote = '\"', columns = {columns})",
        "ndjson": f"read_json('{leads}', format = 'newline_delimited', columns = {columns})",
        "parquet": f"read_parquet('{leads}')",
    }[form]


def main():
    leads, out, work, threads, form, out_form = workload.task()
    options = {"csv": "FORMAT csv, HEADER", "parquet": "FORMAT parquet, COMPRESSION snappy"}[out_form]
    database = duckdb.connect()
    database.execute(f"SET threads = {threads}")
    database.execute(f"COPY ({workload.select(work, source(leads, form))}) TO '{out}' ({options})")


if __name__ == "__main__":
    main()
