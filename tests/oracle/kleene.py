"""Three-valued logic over leads, for the oracles: None is a missing value, and an unknown answer.

Numbers are Fractions and Decimals, never floats. Only the standard library is used.
"""

import csv
import sys
from decimal import Decimal
from fractions import Fraction


def every(*answers):
    if any(a is False for a in answers):
        return False
    return None if any(a is None for a in answers) else True


def some(*answers):
    if any(a is True for a in answers):
        return True
    return None if any(a is None for a in answers) else False


def negated(answer):
    return None if answer is None else not answer


def at_least(count, *answers):
    if sum(a is True for a in answers) >= count:
        return True
    return False if sum(a is not False for a in answers) < count else None


def _ask(left, right, question):
    return None if left is None or right is None else question(left, right)


def equal(left, right):
    return _ask(left, right, lambda a, b: a == b)


def above(left, right):
    return _ask(left, right, lambda a, b: a > b)


def below(left, right):
    return _ask(left, right, lambda a, b: a < b)


def not_below(left, right):
    return _ask(left, right, lambda a, b: a >= b)


def not_above(left, right):
    return _ask(left, right, lambda a, b: a <= b)


def between(value, low, high):
    return every(not_below(value, low), not_above(value, high))


def one_of(value, *values):
    return None if value is None else value in values


def number(cell):
    """The exact number of a cell, or None when it is blank."""
    cell = cell.strip()
    return Fraction(Decimal(cell)) if cell else None


def rank(cell, *scale):
    """The position of a cell on a scale, lowest first; None when it is blank."""
    cell = cell.strip()
    return scale.index(cell) if cell else None


def when(answer, points):
    """The points of a line: only a sure yes earns them."""
    return points if answer is True else 0


def for_each(points, amount, unit=1, at_most=None):
    """Points for each full unit of an amount, capped in size; nothing when it is missing or below zero."""
    if amount is None or amount < 0:
        return 0
    total = points * (amount // unit)
    if at_most is not None and abs(total) > at_most:
        return at_most if total > 0 else -at_most
    return total


def clamp(total, low, high):
    return max(low, min(high, total))


def first(rules):
    """Decision and name of the first (name, decision, answer) that is surely true."""
    return next((decision, name) for name, decision, answer in rules if answer is True)


def read(path, delimiter=",", encoding="utf-8-sig"):
    """The rows of a CSV file with a header, as (line, cells by column)."""
    with open(path, newline="", encoding=encoding) as file:
        rows = csv.DictReader(file, delimiter=delimiter)
        for row in rows:
            yield rows.line_num, row


def write(columns, rows):
    """Writes the expected decisions to standard output."""
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(columns)
    out.writerows(rows)
