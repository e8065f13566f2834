#!/usr/bin/env python3
"""From which decision to which an edit takes leads, asked of z3 as a second opinion, beside what `policyc diff` proves.

    pip install z3-solver
    cargo build && for seed in $(seq 100); do cargo run -q --example small_policy -- $seed > /tmp/$seed.policy; done
    python3 tests/oracle/z3/changes.py /tmp/*.policy

Each policy is compared with a few others that a random edit makes of it: a rule less, two in another order, another number, another
decision. Exits with 1 when `diff` and z3 do not name the same pairs of decisions. Not part of what every change has to pass.
"""

import argparse
import json
import random
import re
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import z3
from encode import Policy
from reach import PATIENCE, ROOT, numbers_written_short, run
from texts import Unhandled


def edited(text, dice):
    """The text after one edit; the same where there is nothing to edit."""
    statements = text.split("\n\n")
    rules = [at for at, of in enumerate(statements) if re.match(r"(\w+: )?[a-z ]+ when ", of)]
    if len(rules) < 2:
        return text
    one, other = dice.sample(rules, 2)
    kind = dice.randrange(5)
    if kind == 0:
        del statements[one]
    elif kind == 1:
        statements[one], statements[other] = statements[other], statements[one]
    elif kind == 2:
        decisions = re.findall(r"^(?:\w+: )?([a-z ]+) when ", "\n".join(statements[at] for at in rules), re.M)
        statements[one] = re.sub(r"^((?:\w+: )?)[a-z ]+ when ", rf"\1{dice.choice(decisions)} when ", statements[one])
    else:
        # Any number below the head: of a rule, a score, a definition.
        places = [m for m in re.finditer(r"(?<![\w.\"-])\d+(?![\w.\"-])", text) if m.start() > text.find("decisions")]
        if places:
            place = dice.choice(places)
            number = max(0, int(place.group()) + dice.choice([-3, -1, 1, 2, 10]))
            return text[: place.start()] + str(number) + text[place.end() :]
    return "\n\n".join(statements)


def compiled(policyc, path):
    text = run(policyc, "compile", path, "--to", "json", fails=True)
    return text and json.loads(text)["policy"]


def by_z3(old, new):
    """The pairs of decisions, each with whether numbers that can be written down show it; none when z3 does not know."""
    old = Policy(old)
    new = Policy(new, beside=old)
    solver = z3.Solver()
    solver.set("timeout", PATIENCE)
    before, after = old.decides(), new.decides()
    solver.add(*old.given(), *new.given())
    short = numbers_written_short(old) + numbers_written_short(new)
    pairs = {}
    for one, gets in before.items():
        for other, gets_now in after.items():
            if one != other:
                answer = solver.check(gets, gets_now, *short)
                plain = answer == z3.sat
                if not plain:
                    answer = solver.check(gets, gets_now)
                if answer == z3.unknown:
                    return None
                if answer == z3.sat:
                    pairs[one, other] = plain
    return pairs


def by_policyc(policyc, old, new):
    report = json.loads(run(policyc, "diff", old, new, "--format", "json"))
    parts = [part for change in report["changes"] for part in change["parts"]]
    flows = [(flow["from"], flow["to"]) for part in parts for flow in part["flows"]]
    pairs = {flow for flow in flows if None not in flow}
    return pairs, all(part["complete"] for part in parts)


def compare(policyc, old, new, tally):
    policies = compiled(policyc, old), compiled(policyc, new)
    if not all(policies):
        tally["edits that do not check"] += 1
        return
    try:
        expected = by_z3(*policies)
    except Unhandled:
        tally["not handled"] += 1
        return
    found, complete = by_policyc(policyc, old, new)
    tally["pairs of policies"] += 1
    if expected is None:
        tally["not known to z3"] += 1
        return
    tally["the same"] += not expected
    tally["flows"] += len(expected)
    tally["not known to diff"] += not complete
    missed = {flow for flow, plain in expected.items() if plain} - found
    # A third of something shows a flow to z3, but no lead holds it.
    made_up = found - set(expected)
    if made_up or missed and complete:
        tally["wrong"] += 1
        print(f"{old}: missed {missed}, made up {made_up}, after this edit:\n{Path(new).read_text()}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("policies", nargs="+")
    parser.add_argument("--edits", type=int, default=3, help="how many others each is compared with")
    parser.add_argument("--policyc", default=str(ROOT / "target" / "debug" / "policyc"))
    arguments = parser.parse_args()
    tally = defaultdict(int)
    for path in arguments.policies:
        text = Path(path).read_text()
        for edit in range(arguments.edits):
            dice = random.Random(f"{Path(path).name} {edit}")
            with tempfile.NamedTemporaryFile("w", suffix=".policy") as file:
                file.write(edited(text, dice))
                file.flush()
                compare(arguments.policyc, path, file.name, tally)
    print(", ".join(f"{count} {what}" for what, count in tally.items()))
    sys.exit(bool(tally["wrong"]))


if __name__ == "__main__":
    main()
