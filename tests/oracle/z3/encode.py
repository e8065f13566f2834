"""A policy's JSON form as formulas for z3: Kleene's logic, scores, grades, stages, sections, first match.

It follows the meaning of the language, not the way in which policyc proves things: numbers are z3's own, a day is the number of
days since 1970, and every day on which the policy may be asked is written out where months are counted.
"""

from datetime import date, timedelta
from fractions import Fraction
from functools import cache

from texts import Question, Unhandled, answers
from z3 import And, Bool, BoolVal, If, Implies, Int, IntVal, Not, Or, Real, RealVal, Sum, ToInt, ToReal

EPOCH = date(1970, 1, 1)
NUMBERS = ("number", "whole_number", "percent", "money")


def tag(node):
    """The kind of a node, and what it holds."""
    return (node, None) if isinstance(node, str) else next(iter(node.items()))


def day(text):
    return (date.fromisoformat(text) - EPOCH).days


def months_on(start, count):
    """The day so many months on; the last day of a shorter month."""
    months = start.year * 12 + start.month - 1 + count
    first = date(months // 12, months % 12 + 1, 1)
    end = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(start.day, end.day))


class Truth:
    """Surely true, surely false; unknown when neither."""

    def __init__(self, yes, no):
        self.yes, self.no = yes, no

    @staticmethod
    def of(condition):
        return Truth(condition, Not(condition))


class Field:
    """What a lead holds in a field: whether it is there, and what, as variables."""

    def __init__(self, place, declared):
        self.place, self.declared, self.name = place, declared, declared["name"]
        self.kind, self.of = tag(declared["ty"])
        self.known = Bool(f"{self.name}?")
        if self.kind in ("whole_number", "choice", "date", "text"):
            self.value = Int(self.name)
        elif self.kind in NUMBERS:
            self.value = Real(self.name)
        elif self.kind == "yes_no":
            self.value = Bool(self.name)
        elif self.kind == "set":
            self.value = [Bool(f"{self.name}:{member}") for member in self.of]
        else:
            raise Unhandled(f"`{self.name}` is a {self.kind}")
        self.questions, self.texts = [], []

    def holds(self):
        """What every cell of the field obeys."""
        cell, least, most = self.declared["cell"], self.declared["min"], self.declared["max"]
        rules = [self.known] if self.declared["required"] else []
        if self.kind == "choice":
            rules.append(And(self.value >= 0, self.value < len(self.of["values"]) + 4 * self.of["other"]))
        if self.kind in NUMBERS:
            rules += [self.value >= number(end) for end in [least] if end is not None]
            rules += [self.value <= number(end) for end in [most] if end is not None]
            rules += [self.value != number(blank) for blank in cell["blank_numbers"]]
        if self.kind == "set":
            if cell["blank_is_empty_set"]:
                rules += [self.known] * (not cell["blanks"] and not self.declared["else_missing"])
            else:
                rules.append(Or(*self.value))
        if self.kind == "text":
            found = self.answered()
            self.texts = list(found.values())
            rules.append(And(self.value >= 0, self.value < len(self.texts)))
            for place, answers_ in enumerate(found):
                answered = [And(q.yes == (a is True), q.no == (a is False)) for q, a in zip(self.questions, answers_)]
                rules.append(Implies(self.value == place, And(*answered)))
        if self.kind == "date":
            rules.append(And(self.value > day("1800-01-01"), self.value < day("2400-01-01")))
        return rules

    def answered(self):
        fold = str.lower if self.declared["cell"]["ignoring_case"] else str
        blanks = {fold(blank.strip()) for blank in self.declared["cell"]["blanks"]}
        return answers(self.questions, lambda text: fold(text) in blanks)


def number(text):
    value = Fraction(text)
    return IntVal(value.numerator) if value.denominator == 1 else RealVal(str(value))


def real(value):
    return ToReal(value) if value.is_int() else value


class Policy:
    """The formulas of one policy. Another one `beside` it reads the same leads."""

    def __init__(self, policy, beside=None):
        self.policy, self.today, self.months = policy, Int("as of"), beside.months if beside else {}
        others = {field.name: field for field in beside.fields} if beside else {}
        self.fields = [self.field(place, declared, others) for place, declared in enumerate(policy["fields"])]
        self.assumed = [Not(self.truth(cond).no) for cond in policy["assumptions"]]
        self.fires = [self.fire(rule) for rule in policy["rules"]]

    def field(self, place, declared, others):
        other = others.get(declared["name"])
        if other is None:
            return Field(place, declared)
        meaning = [{key: of[key] for key in of if key != "span"} for of in (declared, other.declared)]
        if meaning[0] != meaning[1]:
            raise Unhandled(f"`{other.name}` is declared in two ways")
        return other

    def given(self):
        """What holds for every lead. All that is to be asked of it has been said before."""
        held = [rule for field in self.fields for rule in field.holds()]
        return [*self.assumed, *held, self.calendar()]

    def decides(self):
        """For each decision, whether the lead gets it."""
        gets, none = {name["phrase"]: [] for name in self.policy["decisions"]}, BoolVal(True)
        for rule, fires in zip(self.policy["rules"], self.fires):
            gets[self.policy["decisions"][rule["decision"]]["phrase"]].append(And(none, fires))
            none = And(none, Not(fires))
        return {name: Or(*rules) for name, rules in gets.items()}

    def calendar(self):
        """The days on which the policy is asked: all days in force, or those of four hundred years. Where months are counted, those
        of five years and around a year that is not a leap year though it can be divided by four."""
        force = self.policy["in_force"] or {"from": "1900-01-01", "until": None}
        first, last = day(force["from"]), day(force["until"] or max("2299-12-31", force["from"]))
        if not self.months:
            return And(self.today >= first, self.today <= last)
        days = {*range(first, first + 5 * 366), *range(day("2099-01-01"), day("2102-01-01"))}
        shifted = lambda at: [self.months[n] == (months_on(EPOCH + timedelta(at), n) - EPOCH).days for n in self.months]
        return Or(*[And(self.today == at, *shifted(at)) for at in sorted(days) if first <= at <= last])

    def fire(self, rule):
        when = [] if rule["when"] is None else [self.truth(rule["when"]).yes]
        section = [] if rule["section"] is None else [self.guard(rule["section"])]
        return And(*section, *when)

    @cache
    def guard(self, section):
        kind, inner = tag(self.policy["sections"][section]["guard"])
        if kind == "always":
            return BoolVal(True)
        return self.truth(inner).yes if kind == "when" else And(*[Not(self.guard(above)) for above in inner])

    # Conditions

    def truth(self, cond):
        kind, inner = tag(cond["kind"])
        return getattr(self, f"cond_{kind}")(inner)

    def cond_const(self, truth):
        return Truth(BoolVal(truth == "true"), BoolVal(truth == "false"))

    def cond_known(self, value):
        kind, inner = tag(value)
        if kind == "field":
            return Truth.of(self.fields[inner].known)
        if kind == "define":
            return self.cond_known(self.policy["defines"][inner]["body"]["value"][0])
        if self.is_text(value):
            return self.asked(value, "known", [])
        return Truth.of(self.value(value)[0])

    def cond_compare(self, parts):
        op, left, right = parts["op"], parts["left"], parts["right"]
        if self.is_text(left) or self.is_text(right):
            value, other = (right, left) if tag(left)[0] == "const" else (left, right)
            if tag(other)[0] != "const":
                raise Unhandled("two texts beside each other")
            is_ = self.asked(value, "is", [other["const"]["text"]])
            return is_ if op == "eq" else Truth(is_.no, is_.yes)
        (known, a), (also, b) = self.value(left), self.value(right)
        if op in ("eq", "ne"):
            is_ = a == b if op == "eq" else a != b
            return Truth(And(known, also, is_), And(known, also, Not(is_)))
        ranked = And(known, also, self.is_listed(left, a), self.is_listed(right, b))
        is_ = {"lt": lambda: a < b, "le": lambda: a <= b, "gt": lambda: a > b, "ge": lambda: a >= b}[op]()
        return Truth(And(ranked, is_), And(ranked, Not(is_)))

    def is_listed(self, value, held):
        """Whether a value of a closed set is one of those listed, so that it has a rank."""
        kind, inner = tag(value)
        if kind == "define":
            return self.is_listed(self.policy["defines"][inner]["body"]["value"][0], held)
        if kind == "field" and self.fields[inner].kind == "choice":
            return held < len(self.fields[inner].of["values"])
        return BoolVal(True)

    def cond_between(self, parts):
        low = {"op": "ge", "left": parts["value"], "right": parts["low"]}
        high = {"op": "le", "left": parts["value"], "right": parts["high"]}
        return both(self.cond_compare(low), self.cond_compare(high))

    def cond_in(self, parts):
        members = self.policy["sets"][parts["set"]]
        if self.is_text(parts["value"]):
            return self.asked(parts["value"], "is", [value["text"] for value in members["values"]])
        known, held = self.value(parts["value"])
        is_ = [held == self.constant(value) for value in members["values"]]
        is_ += [Not(self.is_listed(parts["value"], held))] * members["other"]
        return Truth(And(known, Or(*is_)), And(known, Not(Or(*is_))))

    def cond_has(self, parts):
        known, held = self.value(parts["value"])
        has = (And if parts["all"] else Or)(*[held[member] for member in parts["members"]])
        return Truth(And(known, has), And(known, Not(has)))

    def cond_text(self, parts):
        return self.asked(parts["value"], parts["test"], parts["needles"])

    def cond_is_unknown(self, cond):
        inner = self.truth(cond)
        return Truth.of(And(Not(inner.yes), Not(inner.no)))

    def cond_is_incomplete(self, score):
        return Truth.of(self.score(score)[1])

    @cache
    def cond_define(self, define):
        return self.truth(self.policy["defines"][define]["body"]["condition"])

    @cache
    def cond_reached(self, stage):
        return Truth.of(And(*[self.truth(s["when"]).yes for s in self.policy["stages"][: stage + 1]]))

    def cond_not(self, cond):
        inner = self.truth(cond)
        return Truth(inner.no, inner.yes)

    def cond_all(self, conds):
        return both(*map(self.truth, conds))

    def cond_any(self, conds):
        parts = [self.truth(cond) for cond in conds]
        return Truth(Or(*[p.yes for p in parts]), And(*[p.no for p in parts]))

    def cond_at_least(self, parts):
        count, conds = parts
        truths = [self.truth(cond) for cond in conds]
        sure = Sum(*[If(t.yes, 1, 0) for t in truths])
        possible = Sum(*[If(t.no, 0, 1) for t in truths])
        return Truth(sure >= count, possible < count)

    # Texts

    def is_text(self, value):
        kind, inner = tag(value)
        if kind == "define":
            body, ty = self.policy["defines"][inner]["body"]["value"]
            return tag(ty)[0] == "text"
        if kind == "field":
            return self.fields[inner].kind == "text"
        return kind in ("lowercase", "domain_of") or kind == "const" and "text" in inner

    def asked(self, value, kind, sought):
        """A question about a text; its answer hangs on which of the field's texts it is."""
        folds, (node, inner) = [], tag(value)
        while node != "field":
            if node == "define":
                inner = self.policy["defines"][inner]["body"]["value"][0]
            elif node in ("lowercase", "domain_of"):
                folds.insert(0, node)
            else:
                raise Unhandled(f"a text that is a {node}")
            node, inner = tag(inner)
        field = self.fields[inner]
        if self.fields[inner].declared["default"] is not None:
            raise Unhandled("a text that stands for a missing one")
        question = Question(tuple(folds), kind, tuple(sought))
        if question in field.questions:
            question = field.questions[field.questions.index(question)]
        else:
            question.yes, question.no = (Bool(f"{field.name} {answer} {question}") for answer in ("yes", "no"))
            field.questions.append(question)
        missing = Not(field.known) if kind == "known" else BoolVal(False)
        return Truth(And(field.known, question.yes), Or(missing, And(field.known, question.no)))

    # Values: whether they are there, and what they are

    def value(self, expr):
        kind, inner = tag(expr)
        return getattr(self, f"value_{kind}")(inner)

    def value_field(self, place):
        field = self.fields[place]
        if field.declared["default"] is None:
            return field.known, field.value
        default = self.constant(field.declared["default"])
        if field.kind == "set":
            return BoolVal(True), [If(field.known, held, here) for held, here in zip(field.value, default)]
        return BoolVal(True), If(field.known, field.value, default)

    def constant(self, value):
        kind, inner = tag(value)
        if kind == "number":
            return number(inner)
        if kind == "yes_no":
            return BoolVal(inner)
        if kind == "date":
            return IntVal(day(inner))
        if kind == "choice":
            return IntVal(inner)
        raise Unhandled(f"a constant that is a {kind}")

    def value_const(self, value):
        return BoolVal(True), self.constant(value)

    def value_define(self, define):
        return self.value(self.policy["defines"][define]["body"]["value"][0])

    def value_score(self, score):
        return BoolVal(True), self.score(score)[0]

    @cache
    def value_grade(self, grade):
        grade = self.policy["grades"][grade]
        label = IntVal(grade["otherwise"])
        for line in reversed(grade["lines"]):
            label = If(self.truth(line["when"]).yes, IntVal(line["label"]), label)
        return BoolVal(True), label

    def value_stage(self, _):
        reached = [self.cond_reached(stage).yes for stage in range(len(self.policy["stages"]))]
        return BoolVal(True), Sum(IntVal(0), *[If(yes, 1, 0) for yes in reached])

    def value_as_of_day(self, shift):
        count, unit = shift["count"], shift["unit"]
        if unit == "month" and count:
            return BoolVal(True), self.months.setdefault(count, Int(f"as of {count:+} months"))
        return BoolVal(True), self.today + count * {"day": 1, "week": 7, "month": 0}[unit]

    def value_negative(self, inner):
        known, value = self.value(inner)
        return known, -value

    def value_arithmetic(self, parts):
        op, left, right = parts
        (known, a), (also, b) = self.value(left), self.value(right)
        if op == "divide":
            return And(known, also, b != 0), real(a) / If(b == 0, RealVal(1), real(b))
        return And(known, also), {"add": lambda: a + b, "subtract": lambda: a - b, "multiply": lambda: a * b}[op]()

    # Scores: the points, and whether a line was unknown

    @cache
    def score(self, place):
        score = self.policy["scores"][place]
        lines = [self.line(line["gain"]) for line in score["lines"]]
        total = Sum(RealVal(0), *[points for points, _ in lines])
        if score["min"] is not None:
            total = If(total < number(score["min"]), real(number(score["min"])), total)
        if score["max"] is not None:
            total = If(total > number(score["max"]), real(number(score["max"])), total)
        return total, Or(*[incomplete for _, incomplete in lines])

    def line(self, gain):
        kind, inner = tag(gain)
        if kind == "score":
            points, incomplete = self.score(inner["score"])
            return inner["sign"] * points, incomplete
        when = Truth.of(BoolVal(True)) if inner["when"] is None else self.truth(inner["when"])
        unknown = And(Not(when.yes), Not(when.no))
        points = real(number(inner["points"]))
        if inner["per"] is None:
            return If(when.yes, points, RealVal(0)), unknown
        known, amount = self.value(inner["per"]["amount"])
        units = ToInt(real(amount) / real(number(inner["per"]["unit"])))
        earned = points * ToReal(If(units < 0, IntVal(0), units))
        if inner["at_most"] is not None:
            cap = real(number(inner["at_most"]))
            earned = If(earned > cap, cap, If(earned < -cap, -cap, earned))
        return If(And(when.yes, known), earned, RealVal(0)), Or(unknown, And(when.yes, Not(known)))


def both(*truths):
    return Truth(And(*[t.yes for t in truths]), Or(*[t.no for t in truths]))
