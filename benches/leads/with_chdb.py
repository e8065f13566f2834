"""ClickHouse, as chDB, decides leads: `with_chdb.py LEADS OUT w1|w2 THREADS`."""

import chdb

import workload

TYPES = {
    "long": "Int64",
    "int": "Int32",
    "text": "String",
    "money": "Decimal(9,2)",
    "date": "Date32",
    "bool": "Bool",
}
# Rows come out in the order they went in; an empty cell is missing; files of Parquet as every other tool writes them.
SETTINGS = {
    "parallelize_output_from_storages": 0,
    "input_format_parquet_preserve_order": 1,
    "format_csv_null_representation": "''",
    "output_format_parquet_compression_method": "'snappy'",
    "cast_keep_nullable": 1,
}


def main():
    leads, out, work, threads, form, out_form = workload.task()
    names = {"csv": "CSVWithNames", "ndjson": "JSONEachRow", "parquet": "Parquet"}
    types = {name: TYPES[kind] for name, kind in workload.COLUMNS.items()}
    types.update({name: f"Nullable({types[name]})" for name in workload.OPTIONAL})
    structure = ", ".join(f"{name} {kind}" for name, kind in types.items())
    settings = ", ".join(f"{name} = {value}" for name, value in {**SETTINGS, "max_threads": threads}.items())
    query = workload.select(work, f"file('{leads}', {names[form]}, '{structure}')")
    chdb.query(f"{query} INTO OUTFILE '{out}' TRUNCATE FORMAT {names[out_form]} SETTINGS {settings}")


if __name__ == "__main__":
    main()
