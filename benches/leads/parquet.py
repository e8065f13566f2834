"""CSV to Parquet, with Snappy, dictionaries, decimals and dates: `parquet.py duckdb|polars LEADS OUT`."""

import sys

import workload


def with_duckdb(leads, out):
    import duckdb

    import with_duckdb

    duckdb.sql(f"COPY (SELECT * FROM {with_duckdb.source(leads, 'csv')}) TO '{out}' (FORMAT parquet, COMPRESSION snappy)")


def with_polars(leads, out):
    import polars as pl

    types = {"long": pl.Int64, "int": pl.Int32, "text": pl.String, "money": pl.Decimal(9, 2), "date": pl.Date, "bool": pl.Boolean}
    schema = {name: types[kind] for name, kind in workload.COLUMNS.items()}
    pl.scan_csv(leads, schema=schema).sink_parquet(out, compression="snappy")


def main():
    tool, leads, out = sys.argv[1:]
    {"duckdb": with_duckdb, "polars": with_polars}[tool](leads, out)


if __name__ == "__main__":
    main()
