#!/usr/bin/env python3
"""How few fields of a lead have to change for another decision, asked of z3 as a second opinion, beside `policyc explain --why-not`.

    pip install z3-solver
    cargo build && for seed in $(seq 100); do cargo run -q --example small_policy -- $seed > /tmp/$seed.policy; done
    python3 tests/oracle/z3/smallest.py /tmp/*.policy

For each rule z3 makes a lead that it decides, and each other decision is asked for: which is the smallest number of fields, or is there
none? No field may become missing; that a text loses its domain is no advice of `explain` either, which z3 is not told of. Exits with 1 when the two do not say the same. Not part of what every change has to pass.
"""

import argparse
import csv
import json
import sys
import tempfile
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

import z3
from encode import EPOCH, Policy
from reach import PATIENCE, ROOT, cell, numbers_written_short, reached, run
from texts import Unhandled

MOST = 5


def is_as_it_is(field, lead):
    """That a field holds what it holds in the lead, and that it is not emptied."""
    held = lambda value: lead.eval(value, model_completion=True)
    values = field.value if isinstance(field.value, list) else [field.value]
    known = z3.is_true(held(field.known))
    same = z3.And(field.known, *[value == held(value) for value in values]) if known else z3.Not(field.known)
    return same, field.known if known else z3.BoolVal(True)


def fewest(policy, lead, gets):
    """The smallest number of fields that change; none when nothing brings the decision, `...` when z3 does not know."""
    solver = z3.Solver()
    solver.set("timeout", PATIENCE)
    solver.add(*policy.given(), gets, policy.today == lead.eval(policy.today, model_completion=True))
    changes = []
    for field in policy.fields:
        same, kept = is_as_it_is(field, lead)
        solver.add(kept)
        if field.declared["fixed"] or field.declared["is_id"]:
            solver.add(same)
        changes.append(z3.Not(same))
    for most in [*range(1, MOST + 1), len(changes)]:
        limit = z3.AtMost(*changes, most)
        answer = solver.check(limit)
        if answer == z3.unknown:
            return ..., False
        if answer == z3.sat:
            # Where only fractions that no cell holds would do, more may have to change.
            return min(most, MOST + 1), solver.check(limit, *numbers_written_short(policy)) == z3.sat
    return None, True


def said(policyc, path, policy, lead, decision):
    cells = [cell(field, lead) for field in policy.fields]
    if None in cells:
        return None
    today = EPOCH + timedelta(days=lead.eval(policy.today, model_completion=True).as_long())
    with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([field.declared["column"] for field in policy.fields])
        writer.writerow(cells)
        file.flush()
        asked = ["--row", "1", "--as-of", str(today), "--why-not", decision, "--format", "json"]
        text = run(policyc, "explain", path, file.name, *asked)
    return json.loads(text).get("why_not")


def compare(policyc, path, tally):
    form = json.loads(run(policyc, "compile", path, "--to", "json"))["policy"]
    try:
        policy = Policy(form)
        decides = policy.decides()
    except Unhandled:
        tally["not handled"] += 1
        return
    for rule, lead in zip(form["rules"], reached(policy)):
        if lead in (None, ...):
            continue
        for decision, gets in decides.items():
            if decision == form["decisions"][rule["decision"]]["phrase"]:
                continue
            answer = said(policyc, path, policy, lead, decision)
            if answer is None:
                tally["not decimal"] += 1
                continue
            number, plain = fewest(policy, lead, gets)
            tally["questions"] += 1
            kind = answer["kind"]
            given = {"impossible": None, "beyond": MOST + 1, "changes": 0, "not_known": ..., "has": 0}[kind]
            if kind == "changes":
                given = len(answer["ways"][0]["changes"])
                tally["not proved the smallest"] += not answer["smallest"]
            tally[f"{kind} {given if kind == 'changes' else ''}".strip()] += 1
            texts = {field.name for field in policy.fields if field.kind == "text"}
            if kind == "impossible" and number is not None and texts & {*answer["known"]}:
                tally["a text would have to lose something"] += 1
                continue
            if number is ... or given is ... or not plain or given == number:
                tally["not known to z3"] += number is ...
                continue
            tally["wrong"] += 1
            cells = [cell(field, lead) for field in policy.fields]
            print(f"{path}: from {cells} to {decision}: {answer}, but z3 says {number}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("policies", nargs="+")
    parser.add_argument("--policyc", default=str(ROOT / "target" / "debug" / "policyc"))
    arguments = parser.parse_args()
    tally = defaultdict(int)
    for path in arguments.policies:
        compare(arguments.policyc, path, tally)
    print(", ".join(f"{count} {what}" for what, count in sorted(tally.items())))
    sys.exit(bool(tally["wrong"]))


if __name__ == "__main__":
    main()
