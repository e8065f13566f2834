#!/usr/bin/env python3
"""How long proofs take on policies of 40, 200 and 1,000 rules, as whole processes, and how much memory.

    cargo build --release --locked && benches/proofs.py

The policies come from `examples/large_policy.rs`: 14 fields, two scores of 20 lines, four seeds a size. For each size: `check` with
all that it proves by default, beside `fmt --check`, which reads the same text and proves nothing; `diff` of five edited rules; and
`explain --why-not` for each of twenty leads made by chance, and `decide` for all of them, which reads the same and asks for nothing: what the
question alone costs is the difference. Runs are interleaved, so that both sides meet the same noise. Prints medians in milliseconds, their ratio to
`fmt --check`, and the largest memory of a run.
"""

import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINARY = ROOT / "target" / "release" / "policyc"
SIZES = (40, 200, 1000)
SEEDS = (1, 2, 3, 4)
RUNS = 5
LEADS = 20
LEAD = {
    "title": ["Student", "Staff", "Senior", "Manager", "Director", "VP", "C-level", "Owner", ""],
    "industry": ["Software", "Banking", "Retail", "Media", "Pharma", "Farming", ""],
    "region": ["DACH", "Nordics", "UK", "Iberia", "Americas", "Asia"],
    "source": ["web", "ads", "fair", "webinar", "partner", ""],
    "product": ["starter", "team", "business", "enterprise", ""],
    "email": ["ann@shop.example", "bo@gmail.com", ""],
    "employees": ["1", "9", "60", "300", "4000", ""],
    "need": ["0", "1", "2", "3", "4", "5", ""],
    "budget": ["1000", "8000", "60000", "150000", ""],
    "webinars": ["0", "1", "3", "7"],
    "opted_out": ["no", "no", "no", ""],
    "customer": ["yes", "no", ""],
    "last_touch": ["2026-10-20", "2026-08-01", "2025-12-24", ""],
    "renewal": ["2026-12-01", "2027-03-01", ""],
}


def run(command, allowed=(0, 1)):
    """One run of a command: milliseconds, and the peak of its memory in megabytes."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    spent = (time.perf_counter() - start) * 1000
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in allowed:
        sys.exit(f"{command} failed:\n{errors.decode(errors='replace')}")
    return spent, usage.ru_maxrss / 1024


def generated(folder, rules, seed, edits=0):
    """The path of a policy of so many rules, with so many of them edited."""
    path = folder / f"{rules}-{seed}-{edits}.policy"
    command = ["cargo", "run", "-q", "--release", "--example", "large_policy", "--", str(rules), str(seed), str(edits)]
    with path.open("wb") as out:
        subprocess.run(command, cwd=ROOT, stdout=out, check=True)
    return str(path)


def leads(folder):
    path = folder / "leads.csv"
    dice = random.Random(7)
    rows = [",".join(dice.choice(values) for values in LEAD.values()) for _ in range(LEADS)]
    path.write_text("\n".join([",".join(LEAD), *rows, ""]))
    return str(path)


def main():
    if not BINARY.exists():
        sys.exit(f"{BINARY} is not there: run `cargo build --release --locked` first")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        people = leads(folder)
        for rules in SIZES:
            spent, asked = {}, []
            for seed in SEEDS:
                old, new = generated(folder, rules, seed), generated(folder, rules, seed, 5)
                day = ["--as-of", "2026-11-02"]
                commands = [("fmt --check", ["fmt", "--check", old]), ("check", ["check", old]), ("diff", ["diff", old, new])]
                commands.append(("decide", ["decide", old, people, *day]))
                for row in range(1, LEADS + 1):
                    why = ["explain", old, people, "--row", str(row), *day, "--why-not", "pass to sales"]
                    commands.append(("explain --why-not", why))
                rounds = [[run([str(BINARY), *command]) for _, command in commands] for _ in range(RUNS)]
                for (what, _), *runs in zip(commands, *rounds):
                    spent.setdefault(what, []).extend(runs)
                    middle = statistics.median(ms for ms, _ in runs)
                    if what == "decide":
                        reading = middle
                    elif what == "explain --why-not":
                        asked.append((middle - reading, 0))
            spent["  the why-not alone"] = asked
            base = statistics.median(ms for ms, _ in spent["fmt --check"])
            print(f"{rules:,} rules")
            for what, runs in spent.items():
                times = sorted(ms for ms, _ in runs)
                most = times[int(len(times) * 0.95)]
                memory = f"{max(mb for _, mb in runs):5.0f} MB" if runs is not asked else ""
                median = statistics.median(times)
                line = f"  {what:19} median {median:7.1f} ms   95% under {most:7.1f} ms   {median / base:5.1f} x fmt   {memory}"
                print(line.rstrip(), flush=True)


if __name__ == "__main__":
    main()
