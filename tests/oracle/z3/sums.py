#!/usr/bin/env python3
"""Writes random policies whose rules compare fields with each other, in sums and products with constants, and count points, for `reach.py`:

    python3 tests/oracle/z3/sums.py 200 /tmp/sums && python3 tests/oracle/z3/reach.py /tmp/sums/*.policy

A policy is its number: the same number gives the same text.
"""

import argparse
import random
from pathlib import Path

FIELDS = {
    "seats": "whole number from 0 to 40",
    "offices": "whole number from 1 to 12",
    "need": "whole number from 0 to 5",
    "hours": "number from 0 to 60",
    "spent": "money in EUR from 0",
    "budget": "money in EUR from 0 to 90000, blank when 0",
    "share": "percent from 0% to 100%",
}
COUNTED = ["seats", "offices", "need", "hours"]
MONEY = ["spent", "budget"]
DECISIONS = ["pass to sales", "nurture", "disqualify"]


def factor(dice):
    return dice.choice(["2", "3", "0.5", "1.5", "0.25", "7"])


def number(dice):
    return str(dice.choice([0, 1, 2, 3, 5, 8, 12, 20, 33, 40]))


def sum_of(dice, names):
    """A sum of one to three fields, some of them times a constant."""
    parts = [dice.choice([name, f"{factor(dice)} * {name}"]) for name in dice.sample(names, dice.randint(1, len(names)))]
    text = parts[0]
    for part in parts[1:]:
        text += dice.choice([" + ", " - "]) + part
    return text


def test(dice):
    op = dice.choice([">=", ">", "<=", "<", "=", "!=", ">=", "<="])
    kind = dice.randrange(8)
    if kind == 0:
        return f"{sum_of(dice, COUNTED)} {op} {number(dice)}"
    if kind == 1:
        return f"{sum_of(dice, COUNTED[:2])} {op} {sum_of(dice, COUNTED[2:])}"
    if kind == 2:
        return f"budget {op} {factor(dice)} * spent"
    if kind == 3:
        return f"{sum_of(dice, MONEY)} {op} EUR {dice.choice([0, 500, 10000, 45000])}"
    if kind == 4:
        return f"seats / offices {op} {number(dice)}"
    if kind >= 6:
        return f"fit {op} {dice.choice([-4, 0, 3, 10, 17, 40])}"
    name = dice.choice([*COUNTED, *MONEY, "share"])
    right = {"spent": "EUR 2000", "budget": "EUR 30000", "share": "25%"}.get(name, number(dice))
    return dice.choice([f"{name} {op} {right}", f"{name} is known", f"{name} is missing"])


def score(dice):
    """Points of one to four lines, most of them for each unit of something, with and without an end."""
    lines = [
        "+2 for each 500 spent",
        "+1 for each seats",
        "-3 for each offices",
        "+0.5 for each 1000 budget, at most 12",
        "-5 when need < 2",
        "+4 for each hours when need is known",
    ]
    range_ = dice.choice(["", "", " from 0", " from -10 to 30"])
    return f"score fit{range_}\n" + "\n".join(f"  {line}" for line in dice.sample(lines, dice.randint(1, 4)))


def condition(dice):
    tests = [test(dice) for _ in range(dice.randint(1, 3))]
    tests = [dice.choice([one, one, f"not {one}"]) if " is " not in one else one for one in tests]
    if len(tests) == 3 and dice.random() < 0.3:
        return f"at least 2 of ({', '.join(tests)})"
    return dice.choice([" and ", " and ", " or "]).join(tests)


def policy(seed):
    dice = random.Random(seed)
    fields = "\n".join(f"  {name} {ty}" + dice.choice(["", "", ", required"]) for name, ty in FIELDS.items())
    rules = "\n\n".join(f"r{i}: {dice.choice(DECISIONS)} when {condition(dice)}" for i in range(dice.randint(3, 9)))
    decisions = "\n".join(f"  {decision}" for decision in DECISIONS)
    head = f'policy "Sums {seed}"\n\nlead\n{fields}\n\ndecisions\n{decisions}\n\n{score(dice)}'
    return f"{head}\n\n{rules}\n\notherwise nurture\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("count", type=int)
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for seed in range(arguments.count):
        (arguments.folder / f"sums-{seed}.policy").write_text(policy(seed))


if __name__ == "__main__":
    main()
