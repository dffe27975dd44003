"""The text of an answer -> its statements, each with the marks it bears. Pure.

A statement is a sentence of either language. What a writer hangs on it belongs to it: marks after
its full stop, a bullet or number before it, the second half of a sentence cut by a semicolon, and
a quotation of any length. Headings, list items and lines of a quotation are statements like any
other: a false one misleads no less. A line without a word (a rule, a lone bullet) is none.

Marks are `[1]`, and what models write instead: 【1】, ［1］, `[1, 2]`. A line that ends in a colon
and bears no mark announces the next statement, and borrows its marks.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.corpus.sentences import split_sentences
from rag.language import detect_language
from rag.types import Span

_OPEN, _CLOSE = r"\[［【", r"\]］】"
# No group is possessive: Python 3.11.2, Debian's, leaves half of a failed repetition behind.
MARKS = re.compile(rf"[{_OPEN}]\s*+\d++(?:\s*[,，、;；]\s*+\d++)*\s*+[{_CLOSE}]")
_RUN = re.compile(rf"{MARKS.pattern}(?:\s*{MARKS.pattern})*")
# Longer numbers mark nothing anyone could have cited, and are slow to read.
_LONGEST_MARK = 6
_BULLET = re.compile(
    r"\s*+(?:(?:[>#*•·▪◦‣+–—-]|\d{1,3}[.)、](?!\d)|[（(]\d{1,3}[)）])\s*+)*(?:\*\*|__)?"
)
_WORD = re.compile(r"[^\W_]")
_STOP = frozenset("。！？.!?…")
_QUOTES = {"“": "”", "「": "」", "『": "』"}


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement: as it stands in the answer, its words alone, and its marks in order.

    A mark is the text between the brackets' commas: `1`, `99999999`.
    """

    sentence: str
    words: str
    marks: tuple[str, ...]


def split_claims(text: str, quoted: Sequence[str] = ()) -> tuple[Claim, ...]:
    """The statements of an answer, in order. Time is linear in the text.

    Args:
        quoted: texts that an answer may quote whole; inside quotation marks they are never cut,
            whatever lines and quotation marks they hold.
    """
    shielded = _shielded(text, quoted)
    masked = _masked(shielded)
    claims = [
        claim
        for start, end in _lines(masked)
        for span in _statements(masked, start, end)
        if (claim := _claim(text[span.start : span.end], shielded[span.start : span.end]))
    ]
    return tuple(
        replace(claim, marks=after.marks) if _announces(claim) else claim
        for claim, after in zip(claims, [*claims[1:], *claims[-1:]], strict=True)
    )


def mark_number(mark: str) -> int | None:
    """The number of a mark, None where it is no number anyone cites by."""
    return int(mark) if len(mark) <= _LONGEST_MARK else None


def without_bullet(text: str) -> str:
    """A line without its bullet, number or emphasis."""
    return _BULLET.sub("", text, count=1).replace("**", "").strip()


def _claim(sentence: str, shielded: str) -> Claim | None:
    """The statement of a stretch of the answer; `shielded` shows which brackets are marks."""
    kept, marks, done = [], [], 0
    for found in MARKS.finditer(shielded):
        marks += re.findall(r"\d++", found.group())
        kept.append(sentence[done : found.start()])
        done = found.end()
    words = without_bullet("".join([*kept, sentence[done:]]))
    if not _WORD.search(words):
        words = ""
    # A mark without words still has to stand for something.
    return Claim(sentence.strip(), words, tuple(dict.fromkeys(marks))) if words or marks else None


def _announces(claim: Claim) -> bool:
    return not claim.marks and claim.words[-1:] in (":", "：")


def _shielded(text: str, quoted: Sequence[str]) -> str:
    """`text` of the same length, with what it quotes whole made one word."""
    for whole in dict.fromkeys(quoted):
        for opening, closing in (*_QUOTES.items(), ('"', '"')) if whole else ():
            inside = opening + whole + closing
            if inside in text:
                text = text.replace(inside, opening + _blank(whole) + closing)
    return text


def _masked(text: str) -> str:
    """`text` of the same length, with no boundary inside quotations and nothing where marks are."""
    text = _RUN.sub(lambda run: " " * len(run.group()), text)
    return "".join(_hidden(line) for line in text.splitlines(keepends=True))


def _blank(inside: str) -> str:
    """Letters instead of a quotation, up to the stop it may end with."""
    return "x" * (len(inside) - 1) + (inside[-1] if inside[-1] in _STOP else "x")


def _hidden(line: str) -> str:
    """A line with its outermost quotations blanked; a stray mark costs only itself."""
    parts: list[str] = []
    done = 0
    for start, end in _quotations(line):
        parts += [line[done : start + 1], _blank(line[start + 1 : end]) if end > start + 1 else ""]
        done = end
    return "".join([*parts, line[done:]])


def _quotations(line: str) -> Iterator[Span]:
    """The opening and closing mark of each outermost quotation."""
    straight = line.count('"') % 2 == 0
    depth, since, opened = 0, 0, ""
    for match in re.finditer('[“”「」『』"]', line):
        mark = match.group()
        if opened:
            depth += mark in _QUOTES and mark == opened
            depth -= mark == _QUOTES.get(opened, '"')
            if not depth:
                yield Span(since, match.start())
                opened = ""
        elif straight if mark == '"' else mark in _QUOTES:
            depth, since, opened = 1, match.start(), mark


def _lines(masked: str) -> Iterator[Span]:
    start = 0
    for line in masked.splitlines(keepends=True):
        yield Span(start, start + len(line))
        start += len(line)


def _statements(masked: str, start: int, end: int) -> Iterator[Span]:
    """The statements of a line: each reaches to where the next begins, marks between included."""
    line = masked[start:end]
    bullet = _BULLET.match(line)
    head = bullet.end() if bullet else 0
    body = line[head:]
    found = split_sentences(body, detect_language(body))
    starts = [
        head + span.start
        for before, span in zip([None, *found], found, strict=False)
        if before is None or body[before.end - 1] not in ";；" or _marked(body, before, span)
    ]
    edges = [0, *starts[1:], len(line)]
    for first, last in itertools.pairwise(edges):
        yield Span(start + first, start + last)


def _marked(body: str, before: Span, after: Span) -> bool:
    """Whether marks stood between two pieces: they left white space longer than writers do."""
    return after.start - before.end > 2
