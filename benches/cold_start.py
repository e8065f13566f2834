#!/usr/bin/env python3
"""How long one `policyc explain` takes from nothing, as whole processes, beside a process that does nothing.

    cargo build --release --locked && benches/cold_start.py

Runs are interleaved, so that both sides meet the same noise. Prints medians in milliseconds and their ratio.
"""

import pathlib
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINARY = ROOT / "target" / "release" / "policyc"
SAMPLE = ROOT / "policies" / "b2b"
RUNS = 30


def milliseconds(command):
    """One run of a command; it must succeed."""
    start = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    spent = (time.perf_counter() - start) * 1000
    if done.returncode != 0:
        sys.exit(f"{command} failed:\n{done.stderr.decode(errors='replace')}")
    return spent


def explain(lead):
    policy, leads = SAMPLE / "b2b.policy", SAMPLE / "leads.csv"
    return [str(BINARY), "explain", str(policy), str(leads), "--lead", lead, "--as-of", "2024-02-29"]


def main():
    if not BINARY.exists():
        sys.exit(f"{BINARY} is not there: run `cargo build --release --locked` first")
    commands = {
        "/bin/true": ["/bin/true"],
        "explain, first lead of 3,000": explain("lead_000001"),
        "explain, last lead of 3,000": explain("lead_003000"),
    }
    spent = {name: [] for name in commands}
    for _ in range(RUNS):
        for name, command in commands.items():
            spent[name].append(milliseconds(command))
    base = statistics.median(spent["/bin/true"])
    for name, runs in spent.items():
        median = statistics.median(runs)
        print(f"{name:32} median {median:7.2f} ms   min {min(runs):7.2f} ms   {median / base:6.1f} x /bin/true")


if __name__ == "__main__":
    main()
