"""Do two files say the same decisions? `answers.py FILE OTHER` prints a sentence about where they differ, or nothing.

Compared are the lead, the decision and the rule of each row, in order, however they are written. It is a process of its own, so that
what it reads does not count as memory of what is measured.
"""

import csv
import hashlib
import itertools
import pathlib
import sys
import tempfile


def as_csv(path, folder):
    """The file, or a copy of it as CSV when it is Parquet."""
    if path.suffix != ".parquet":
        return path
    copy = pathlib.Path(folder) / f"{path.name}.csv"
    try:
        import duckdb

        duckdb.sql(f"COPY (SELECT * FROM read_parquet('{path}')) TO '{copy}' (FORMAT csv, HEADER)")
    except ImportError:
        import polars

        polars.scan_parquet(path).sink_csv(copy)
    return copy


def columns(file):
    header = next(csv.reader([file.readline()]))
    return [header.index("id" if "id" in header else "lead"), header.index("decision"), header.index("rule")], len(header)


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        at, _ = columns(file)
        for row in csv.reader(file):
            yield [row[i] for i in at]


def digest(path):
    """A hash of all decisions. Neither a name nor an id has a comma or a quote in it: quotes are only a way to write."""
    told = hashlib.blake2b()
    with open(path, newline="", encoding="utf-8") as file:
        at, width = columns(file)
    if (at, width) == ([0, 1, 2], 3):
        with open(path, "rb") as file:
            file.readline()
            while chunk := file.read(1 << 20):
                told.update(chunk.replace(b'"', b"").replace(b"\r", b""))
    else:
        for batch in iter(lambda all_rows=rows(path): list(itertools.islice(all_rows, 10_000)), []):
            told.update("".join(",".join(row) + "\n" for row in batch).encode())
    return told.digest()


def difference(path, other):
    if digest(path) == digest(other):
        return ""
    count, first = 0, None
    for one, two in itertools.zip_longest(rows(path), rows(other)):
        if one != two:
            count += 1
            first = first or (one, two)
    if first is None:
        return ""
    one, two = (" ".join(row) if row else "nothing" for row in first)
    return f"rows that differ: {count:,}, the first `{one}`, not `{two}`"


def main():
    with tempfile.TemporaryDirectory() as folder:
        files = [pathlib.Path(name).resolve() for name in sys.argv[1:]]
        for i, path in enumerate(files):
            place = pathlib.Path(folder) / str(i)
            place.mkdir()
            files[i] = as_csv(path, place)
        print(difference(*files))


if __name__ == "__main__":
    main()
