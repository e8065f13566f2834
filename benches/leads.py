#!/usr/bin/env python3
"""How long policyc takes to decide many leads, beside engines that are told the same rules; with what memory, and whether they agree.

    cargo build --release --locked
    pip install duckdb polars datafusion chdb      # or some of them: one that is not there is left out
    benches/leads.py                               # ten million leads; takes its time
    benches/leads.py --rows 100000 --rounds 3      # a minute

Every run is a whole process, from its start to a complete file of decisions. In a round each tool runs once, so that all meet the same
noise. Ratios are worked out within rounds; the median counts. docs/performance.md says what each measurement is.
"""

import argparse
import dataclasses
import importlib.util
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PARTS = ROOT / "benches" / "leads"
sys.path.insert(0, str(PARTS))

import measure  # noqa: E402

PEERS = ["duckdb", "polars", "datafusion", "chdb"]
AS_OF = "2026-11-01"
RULES = 200


@dataclasses.dataclass
class Job:
    """One process to measure, and where its decisions go, when they are to be compared."""

    name: str
    command: list
    out: pathlib.Path | None = None
    runs: list = dataclasses.field(default_factory=list)
    failure: str = ""
    agrees: str = ""


@dataclasses.dataclass
class Experiment:
    """Jobs that are measured together; the first is what the others are a multiple of."""

    name: str
    title: str
    threads: int
    jobs: list


class Bench:
    """Where things are."""

    def __init__(self, options):
        self.options = options
        self.folder = options.folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self.peers = [name for name in PEERS if importlib.util.find_spec(name)]
        try:
            self.help = subprocess.run([options.policyc, "decide", "--help"], capture_output=True, text=True, check=True).stdout
        except (OSError, subprocess.CalledProcessError):
            sys.exit(f"{options.policyc} does not run: `cargo build --release --locked` first, or say where it is with --policyc")

    def leads(self, rows, form):
        """The path of so many leads, made when they are not there yet; none when nothing can make them."""
        path = self.folder / f"leads-{rows}-{self.options.seed}.{form.replace('quoted-csv', 'quoted.csv')}"
        if path.exists():
            return path
        print(f"making {path}", file=sys.stderr)
        new = path.with_name(f"new-{path.name}")
        if form == "parquet":
            maker = next((name for name in ("duckdb", "polars") if name in self.peers), None)
            if maker is None:
                return None
            command = [sys.executable, PARTS / "parquet.py", maker, self.leads(rows, "csv"), new]
        else:
            command = [*example("bench_leads"), str(rows), str(self.options.seed), form, new]
        subprocess.run(command, cwd=ROOT, check=True)
        new.rename(path)
        return path

    def rules(self):
        """The path of a policy of many rules."""
        path = self.folder / f"rules-{RULES}-{self.options.seed}.policy"
        with path.open("wb") as out:
            subprocess.run([*example("bench_policy"), str(RULES), str(self.options.seed)], cwd=ROOT, stdout=out, check=True)
        return path

    def policyc(self, policy, leads, threads, name="policyc", form="csv", extra=()):
        """A job for policyc. One that cannot be told its threads has one."""
        out = self.folder / f"out-{name.replace(' ', '-')}.{form}"
        told = ["--threads", str(threads)] if threads > 1 or "--threads" in self.help else []
        command = [self.options.policyc, "decide", policy, leads, "--as-of", AS_OF, "-o", out, *told, *extra]
        return Job(name, command, out)

    def peer(self, name, work, leads, threads, form):
        out = self.folder / f"out-{name}.{form}"
        return Job(name, [sys.executable, PARTS / f"with_{name}.py", leads, out, work, str(threads)], out)

    def everyone(self, work, leads, threads, form):
        policyc = self.policyc(PARTS / f"{work}.policy", leads, threads, form=form)
        return [policyc, *(self.peer(name, work, leads, threads, form) for name in self.peers)]


def example(name):
    return ["cargo", "run", "-q", "--release", "--locked", "--example", name, "--"]


def experiments(bench):
    """All of them, one after the other: what is not wanted is not made."""
    options = bench.options
    rows, some = options.rows, max(options.rows // 10, 1)
    wanted = options.only or NAMES
    most = max(options.threads)
    for source, out, count in (("csv", "csv", rows), ("parquet", "parquet", rows), ("ndjson", "csv", some)):
        for work in ("w1", "w2"):
            name = f"{source}-{work}"
            if name not in wanted:
                continue
            leads = bench.leads(count, source)
            if leads is None:
                print(f"{name}: left out, since neither duckdb nor polars is there to make Parquet", file=sys.stderr)
                continue
            for threads in options.threads:
                title = f"{count:,} leads, {source} to {out}, {work.upper()}"
                yield Experiment(name, title, threads, bench.everyone(work, leads, threads, out))
    w1, w2 = PARTS / "w1.policy", PARTS / "w2.policy"
    if "score" in wanted:
        leads = bench.leads(rows, "csv")
        jobs = [bench.policyc(policy, leads, most, policy.stem.upper()) for policy in (w1, w2)]
        yield Experiment("score", f"{rows:,} leads, csv: a score of 15 lines", most, jobs)
    if "explain" in wanted:
        leads = bench.leads(rows, "csv")
        for policy in (w1, w2):
            name = policy.stem.upper()
            with_reasons = bench.policyc(policy, leads, most, f"{name} with reasons", extra=["--explain"])
            jobs = [bench.policyc(policy, leads, most, name), with_reasons]
            yield Experiment("explain", f"{rows:,} leads, csv: a reason on every row", most, jobs)
    if "rules" in wanted:
        leads = bench.leads(rows, "csv")
        jobs = [bench.policyc(w1, leads, most, "12 rules"), bench.policyc(bench.rules(), leads, most, f"{RULES} rules")]
        yield Experiment("rules", f"{rows:,} leads, csv: {RULES} rules instead of 12", most, jobs)
    if "quoted" in wanted:
        forms = {"plain": "csv", "quoted": "quoted-csv"}
        jobs = [bench.policyc(w1, bench.leads(rows, form), most, name) for name, form in forms.items()]
        yield Experiment("quoted", f"{rows:,} leads, csv: every text in quotes, W1", most, jobs)
    if "start" in wanted:
        one = bench.leads(1, "csv")
        explain = [options.policyc, "explain", w1, bench.leads(rows, "csv"), "--row", "1", "--as-of", AS_OF]
        jobs = [*bench.everyone("w1", one, 1, "csv"), Job(f"policyc explain --row 1 of {rows:,}", explain), Job("/bin/true", ["/bin/true"])]
        yield Experiment("start", "from nothing to the decision of one lead, W1", 1, jobs)
    if "find" in wanted:
        explain = [options.policyc, "explain", w1, bench.leads(rows, "csv"), "--as-of", AS_OF]
        jobs = [Job(f"policyc explain {asked} {rows}", [*explain, asked, rows]) for asked in ("--row", "--lead")]
        yield Experiment("find", f"{rows:,} leads, csv: the last of them, explained, W1", most, jobs)


NAMES = ["csv-w1", "csv-w2", "parquet-w1", "parquet-w2", "ndjson-w1", "ndjson-w2", "score", "explain", "rules", "quoted", "start", "find"]
# What has the same decisions whatever the job; elsewhere the policies differ.
SAME = {"csv-w1", "csv-w2", "parquet-w1", "parquet-w2", "ndjson-w1", "ndjson-w2", "explain", "quoted", "start", "find"}


def carry_out(experiment, rounds):
    """Measures the jobs in turn, and compares the decisions of the first round."""
    for number in range(1, rounds + 1):
        for job in experiment.jobs:
            if job.failure:
                continue
            print(f"{experiment.name}, {experiment.threads} threads, round {number}: {job.name}", file=sys.stderr)
            try:
                job.runs.append(measure.run(list(map(str, job.command)), experiment.threads))
            except measure.Failed as failed:
                lines = str(failed).splitlines()
                job.failure = lines[-1] if lines[0].startswith("Traceback") else lines[0]
        if number == 1 and experiment.name in SAME:
            compare(experiment.jobs)
        for job in experiment.jobs:
            if job.out:
                job.out.unlink(missing_ok=True)


def compare(jobs):
    first, *others = [job for job in jobs if job.out and not job.failure] or [None]
    for job in others:
        command = [sys.executable, PARTS / "answers.py", job.out, first.out]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        said = done.stdout.strip() if done.returncode == 0 else f"not compared: {done.stderr.strip().splitlines()[-1]}"
        job.agrees = said or f"as {first.name}"


def seconds(value):
    return f"{value:.2f} s" if value >= 1 else f"{value * 1000:.0f} ms" if value >= 0.1 else f"{value * 1000:.1f} ms"


HEADER = ["", "threads", "median", "least", "cpu time", "memory", "× time", "× memory", "decisions"]


def lines(experiment):
    """The rows of the table: one for each job."""
    base = experiment.jobs[0]
    for job in experiment.jobs:
        if job.failure:
            yield [job.name, str(experiment.threads), *["-"] * 6, job.failure]
            continue
        time = statistics.median(run.seconds for run in job.runs)
        memory = max(run.megabytes for run in job.runs)
        ratios = ["-", "-"]
        if not base.failure:
            ratio = statistics.median(mine.seconds / its.seconds for mine, its in zip(job.runs, base.runs))
            ratios = [f"{ratio:.2f}", f"{memory / max(run.megabytes for run in base.runs):.2f}"]
        least = min(run.seconds for run in job.runs)
        cpu = statistics.median(run.cpu for run in job.runs)
        yield [job.name, str(experiment.threads), seconds(time), seconds(least), seconds(cpu), f"{memory:.0f} MB", *ratios, job.agrees]


def table(rows, markdown):
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    # Words to the left, figures to the right.
    left = (0, len(widths) - 1)
    padded = [[f"{cell:{'<' if i in left else '>'}{widths[i]}}" for i, cell in enumerate(row)] for row in rows]
    if not markdown:
        return "\n".join("  ".join(row).rstrip() for row in padded)
    rule = ["-" * widths[i] if i in left else "-" * (max(widths[i], 2) - 1) + ":" for i in range(len(widths))]
    return "\n".join(f"| {' | '.join(row)} |" for row in [padded[0], rule, *padded[1:]])


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000, help="leads; a tenth of them as NDJSON")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, nargs="+", default=[2, 1])
    parser.add_argument("--only", nargs="+", choices=NAMES, help="some of the measurements")
    parser.add_argument("--policyc", default=str(ROOT / "target" / "release" / "policyc"))
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / "policyc-bench", help="for leads")
    parser.add_argument("--markdown", action="store_true", help="print Markdown, for docs/performance.md")
    return parser.parse_args()


def main():
    bench = Bench(arguments())
    options = bench.options
    missing = [name for name in PEERS if name not in bench.peers]
    if missing:
        print(f"left out: {', '.join(missing)}; to have them, type `pip install {' '.join(missing)}`", file=sys.stderr)
    if max(options.threads) > len(os.sched_getaffinity(0)):
        print("note: there are fewer processors than threads", file=sys.stderr)
    for what, value in measure.machine(options.policyc, bench.peers).items():
        print(f"- {what}: {value}" if options.markdown else f"{what:11} {value}")
    print(f"- rounds: {options.rounds}" if options.markdown else f"{'rounds':11} {options.rounds}")
    for experiment in experiments(bench):
        carry_out(experiment, options.rounds)
        print(f"\n{'### ' if options.markdown else ''}{experiment.title}\n")
        print(table([HEADER, *lines(experiment)], options.markdown), flush=True)


if __name__ == "__main__":
    main()
