"""Texts that answer the questions which a policy asks of one text field in every way in which they can be answered.

Of any text keep one place for each thing that was looked for and found, and make every other letter one letter, and every other
sign one sign, that nobody looks for: the answers stay, and a stretch of such strangers can be cut down to its first and its last.
So it is enough to try what is looked for, put together in every way, with at most as many pieces as there are searches.
"""

from dataclasses import dataclass
from itertools import product

LONGEST = 4


class Unhandled(Exception):
    """The policy says something that this second opinion does not cover."""


def domain(text):
    parts = text.split("@")
    name = parts[1].strip().lower() if len(parts) == 2 else ""
    return name or None


def word_in(text, word):
    at = text.find(word)
    while at >= 0:
        before, behind = text[:at][-1:], text[at + len(word) :][:1]
        if not before.isalnum() and not behind.isalnum():
            return True
        at = text.find(word, at + 1)
    return False


SEARCHES = {
    "contains": lambda text, piece: piece in text,
    "starts_with": str.startswith,
    "ends_with": str.endswith,
    "contains_word": word_in,
}


@dataclass
class Question:
    """What is asked: of the text or its domain, as it is or in lower case; None is unknown."""

    folds: tuple
    kind: str
    sought: tuple

    def of_domain(self):
        return "domain_of" in self.folds

    def answer(self, text):
        for fold in self.folds:
            text = text if text is None else domain(text) if fold == "domain_of" else text.lower()
        if self.kind == "known":
            return text is not None
        if text is None:
            return None
        if self.kind == "is":
            return text in self.sought
        return any(SEARCHES[self.kind](text, piece) for piece in self.sought)


def strangers(questions):
    """A letter and a sign that are in nothing that is looked for."""
    said = {letter for question in questions for text in question.sought for letter in text}
    for kind in ("zqxjkwyv", "~^|;*"):
        free = [stranger for stranger in kind if stranger not in said]
        if not free:
            raise Unhandled(f"all of {kind} are looked for in one text")
        yield free[0]


def pieced(questions, letter, sign, more=()):
    """All texts of what is looked for, perhaps of `more`, and of what is strange."""
    searches = [q for q in questions if q.kind in SEARCHES]
    # Of what a text begins with the longest shows the rest, and so it is with what it ends with.
    slots = len([q for q in searches if q.kind.startswith("contains")]) + len(more)
    slots += sum(any(q.kind == kind for q in searches) for kind in ("starts_with", "ends_with"))
    if slots > LONGEST:
        raise Unhandled(f"{slots} searches in one text")
    pieces = sorted({piece for q in searches for piece in q.sought} | set(more))
    words = any(q.kind == "contains_word" for q in searches)
    gaps = [letter, sign, letter + sign, sign + letter] if words else [letter]
    texts, level = set(), {""}
    for _ in range(slots + 1):
        texts |= {start + gap for start, gap in product(level, ["", *gaps])}
        level = {joined for start, piece in product(level, pieces) for joined in ways(start, piece, gaps)}
    return texts | {text for q in questions if q.kind == "is" for text in q.sought}


def addressed(own, domains, letter, sign):
    """Texts that are looked into while their domain is asked for, too: all of a domain that is asked for is kept, and of any other
    address the signs that make it one. Behind the `@` may stand a blank."""
    if any(q.kind in SEARCHES for q in domains) or any("lowercase" not in q.folds for q in own):
        raise Unhandled("searches in a domain, or with case, beside others in the same text")
    texts = pieced(own, letter, sign, more="@@")
    for name in sorted({name for question in domains for name in question.sought}):
        for start in pieced(own, letter, sign):
            texts |= {*ways(start, f"@{name}", []), f"{start}@ {name}"}
    return texts


def ways(text, piece, gaps):
    """A piece behind a text: across its end, right behind it, or apart from it."""
    for length in range(len(piece)):
        if text.endswith(piece[:length]):
            yield text + piece[length:]
    for gap in gaps:
        yield text + gap + piece


def answers(questions, is_blank):
    """Every combination of answers, with a text that gives it."""
    own, domains = [], []
    for question in questions:
        (domains if question.of_domain() else own).append(question)
    if len({"lowercase" in q.folds for q in own}) > 1:
        raise Unhandled("one text with and without its case")
    letter, sign = strangers(questions)
    if domains and any(q.kind in SEARCHES for q in own):
        candidates = addressed(own, domains, letter, sign)
    else:
        candidates = pieced(own, letter, sign)
        if domains:
            names = pieced(domains, letter, sign)
            candidates |= {f"{letter}@{name}" for name in names} | {f"{letter}@{letter}@{letter}"}
    found = {}
    for text in sorted(candidates, key=lambda text: (len(text), text)):
        if text and text == text.strip() and not is_blank(text):
            found.setdefault(tuple(q.answer(text) for q in questions), text)
    return found
