#!/usr/bin/env python3
"""Which rules any lead gets to, asked of z3 as a second opinion, beside what `policyc check` proves.

    pip install z3-solver
    cargo build && for seed in $(seq 100); do cargo run -q --example small_policy -- $seed > /tmp/$seed.policy; done
    python3 tests/oracle/z3/reach.py /tmp/*.policy

For each rule there is a lead that gets to it, which `policyc decide` must then give to this rule; or there is none, and `policyc
check` should say so of this rule, and must not of any other. Exits with 1 when one of them is wrong; what `check` does not say is
listed, since it need not know everything. Not part of what every change has to pass.
"""

import argparse
import csv
import io
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import z3
from encode import EPOCH, Policy
from texts import Unhandled

ROOT = Path(__file__).resolve().parents[3]
# A rule that no lead gets to is named, an `otherwise` is pointed at; other findings may say the same in other words.
NAMED, PLACED, GIVEN_BY = ("P0401", "P0402"), "P0412", "P0406"
PATIENCE = 20_000


def run(*command, fails=False):
    """What a command prints; nothing when it fails where it may."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 2 and fails:
        return ""
    if done.returncode == 2:
        sys.exit(f"{command} failed:\n{done.stderr}")
    return done.stdout


def claimed(policyc, path, rules):
    """The rules that `check` says no lead gets to, and those of which it says that a part is never true."""
    text = Path(path).read_bytes()
    never, partly = set(), set()
    for finding in json.loads(run(policyc, "check", "--format", "json", path))["findings"]:
        for rule in rules:
            start, end = places(text, rule)
            at = finding["line"], finding["column"]
            # What follows from a finding is told beside it.
            for label in finding["labels"]:
                within = start <= (label["line"], label["column"]) < end
                if f"`{rule['name']}` never decides" in label["text"] or within and finding["code"] == GIVEN_BY:
                    never.add(rule["name"])
            named = finding["code"] in NAMED and f"`{rule['name']}`" in finding["message"].split(":")[0]
            if named or finding["code"] == PLACED and at == start:
                never.add(rule["name"])
            elif start <= at < end and "never" in finding["message"]:
                partly.add(rule["name"])
    return never, partly - never


def places(text, rule):
    """The lines and columns at which a rule's condition begins and ends, or the rule itself."""
    span = (rule["when"] or rule)["span"]
    for offset in (span["start"], span["end"]):
        before = text[:offset].decode()
        yield before.count("\n") + 1, len(before) - before.rfind("\n")


def numbers_written_short(policy):
    """That all numbers have at most three digits behind the point, so that they can be written down."""
    numbers = [field for field in policy.fields if z3.is_real(field.value)]
    return [field.value * 1000 == z3.ToReal(z3.Int(f"{field.name} in thousandths")) for field in numbers]


def reached(policy):
    """For each rule the model of a lead that gets to it; none when there is no such lead, `...` when z3 does not know."""
    solver = z3.Solver()
    solver.set("timeout", PATIENCE)
    solver.add(policy.given())
    short = numbers_written_short(policy)
    for fires in policy.fires:
        answer = solver.check(fires, *short)
        if answer != z3.sat:
            answer = solver.check(fires)
        yield solver.model() if answer == z3.sat else None if answer == z3.unsat else ...
        solver.add(z3.Not(fires))


def cell(field, model):
    """What a cell of the field says in this model; an empty one is missing."""
    held = lambda value: model.eval(value, model_completion=True)
    if not z3.is_true(held(field.known)):
        return ""
    if field.kind == "set":
        members = [name for name, here in zip(field.of, field.value) if z3.is_true(held(here))]
        return (field.declared["cell"]["separator"] or ",").join(members)
    value = held(field.value)
    if field.kind == "yes_no":
        return "yes" if z3.is_true(value) else "no"
    if field.kind in ("number", "percent", "money"):
        return decimal(value.as_fraction() * (100 if field.kind == "percent" else 1))
    value = value.as_long()
    if field.kind == "date":
        return str(EPOCH + timedelta(days=value))
    if field.kind == "text":
        return field.texts[value]
    if field.kind == "choice":
        listed = field.of["values"]
        return listed[value] if value < len(listed) else f"something else {value}"
    return str(value)


def decimal(value):
    """A fraction as digits; none when it has too many of them."""
    for places in range(19):
        scaled = Fraction(value) * 10**places
        if scaled.denominator == 1:
            digits = f"{abs(scaled.numerator):0{places + 1}}"
            whole, rest = digits[: len(digits) - places], digits[len(digits) - places :]
            return ("-" if value < 0 else "") + whole + ("." + rest if rest else "")
    return None


def replayed(policyc, path, policy, leads):
    """The rules that `decide` gives to the leads of each rule."""
    by_day = defaultdict(list)
    for rule, (model, cells) in leads.items():
        today = model.eval(policy.today, model_completion=True).as_long()
        by_day[EPOCH + timedelta(days=today)].append((rule, cells))
    for today, rows in by_day.items():
        with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([field.declared["column"] for field in policy.fields])
            writer.writerows(cells for _, cells in rows)
            file.flush()
            decided = run(policyc, "decide", path, file.name, "--as-of", str(today), "--rejects", "/dev/null")
        decided = [row["rule"] for row in csv.DictReader(io.StringIO(decided))]
        decided += ["nobody: the row is set aside"] * (len(rows) - len(decided))
        yield from ((rule, given, today, cells) for (rule, cells), given in zip(rows, decided))


def compare(policyc, path, tally):
    rules = json.loads(run(policyc, "compile", path, "--to", "json"))["policy"]
    try:
        policy = Policy(rules)
    except Unhandled as why:
        tally["not handled"] += 1
        return print(f"{path}: not handled: {why}")
    rules = rules["rules"]
    found = dict(zip((rule["name"] for rule in rules), reached(policy)))
    never, partly = claimed(policyc, path, rules)
    leads = {}
    for rule, model in found.items():
        if model not in (None, ...):
            cells = [cell(field, model) for field in policy.fields]
            # z3 may take a third for a number; no cell holds one.
            tally["not decimal"] += None in cells
            if None not in cells:
                leads[rule] = model, cells
    for rule, given, today, cells in replayed(policyc, path, policy, leads):
        tally["leads replayed"] += 1
        if rule != given:
            tally["wrong"] += 1
            print(f"{path}: on {today}, {cells} goes to {given}, not to {rule}")
    for rule, model in found.items():
        tally["rules"] += 1
        tally["not known to z3"] += model is ...
        tally["never"] += model is None
        if rule in never and rule in leads:
            tally["wrong"] += 1
            print(f"{path}: {rule} is said never to decide, but does")
        if model is None and rule not in never | partly:
            tally["missed"] += 1
            print(f"{path}: {rule} never decides, which is not said")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("policies", nargs="+")
    parser.add_argument("--policyc", default=str(ROOT / "target" / "debug" / "policyc"))
    arguments = parser.parse_args()
    tally = defaultdict(int)
    for path in arguments.policies:
        compare(arguments.policyc, path, tally)
    print(", ".join(f"{count} {what}" for what, count in tally.items()))
    sys.exit(bool(tally["wrong"]))


if __name__ == "__main__":
    main()
