"""Cut a text into passages: whole sentences, sized in the encoder's own tokens."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from rag.corpus.sentences import split_sentences
from rag.types import Article, Passage, Span, Text

Counter = Callable[[Sequence[str]], Sequence[int]]
"""Tokens of each text, with or without those that a model adds to every text."""

SHORT_PARAGRAPH = 48
"""Tokens below which a paragraph is joined to its neighbour: alone it says too little to find."""

_CLAUSE_END = re.compile(r"[，、,；;：:]+[”’」』》）)\"]*")
_SPACE = re.compile(r"\s+")


class _Unit(NamedTuple):
    """What a passage is made of: a sentence, or a part of one that is too long."""

    start: int
    end: int
    tokens: int


def chunk(article: Article, text: Text, count_tokens: Counter, max_tokens: int) -> list[Passage]:
    """Cut one text of an article into passages.

    A passage is one paragraph at best. A longer one is cut between sentences into pieces of about
    equal size; a sentence that is too long by itself is halved at the clause mark nearest its
    middle, else between words, else between characters, until it fits. A paragraph shorter than
    `SHORT_PARAGRAPH` tokens is joined to its neighbours, never across a heading.

    Args:
        article: gives the passages their masthead.
        text: one of its texts.
        count_tokens: counts the tokens of many texts at once. Called once for the sentences, once
            for the passages made of several, and again only for what turns out too long.
        max_tokens: the most tokens of a passage, as `count_tokens` counts it alone. Only a single
            character that is more than this by itself exceeds it.

    Returns:
        Passages in order that do not overlap and together hold every character of the body that
        is not white space; `text.body[p.start:p.end] == p.text`.

    Raises:
        ValueError: `max_tokens` is below 1.
    """
    if max_tokens < 1:
        raise ValueError(f"max_tokens must be at least 1, not {max_tokens}")
    body = text.body
    sentences = split_sentences(body, text.language)
    if not sentences:
        return []
    # The empty text tells what a model adds to every text, so that a sum does not count it twice.
    *counts, added = count_tokens([*(body[start:end] for start, end in sentences), ""])
    units = _fitting(body, sentences, counts, count_tokens, max_tokens=max_tokens)
    units = [unit._replace(tokens=max(1, unit.tokens - added)) for unit in units]
    budget = max(1, max_tokens - added)
    headings = [heading.offset for heading in text.headings]
    pieces = [
        piece
        for group in _joined(_paragraphs(body, units), headings, budget)
        for piece in _balanced(group, budget)
    ]
    spans = _verified(body, pieces, count_tokens, max_tokens)
    return [
        Passage(
            passage_id=f"{article.masthead.article_id}.{text.language}.{start}-{end}",
            masthead=article.masthead,
            language=text.language,
            start=start,
            end=end,
            text=body[start:end],
        )
        for start, end in spans
    ]


def context(passage: Passage, text: Text) -> str:
    """What the encoder sees of a passage: title and section heading, a line feed, the passage.

    Args:
        passage: a passage of `text`.
        text: gives the title and the headings.

    Returns:
        The passage's text below its headline, or alone where there is none. Never quoted.
    """
    above = [heading.text for heading in text.headings if heading.offset <= passage.start]
    headline = " ".join(filter(None, (text.title, *above[-1:])))
    return f"{headline}\n{passage.text}" if headline else passage.text


def _fitting(
    body: str,
    sentences: Sequence[Span],
    counts: Sequence[int],
    count_tokens: Counter,
    *,
    max_tokens: int,
) -> list[_Unit]:
    """Sentences as units, those of more than `max_tokens` halved until they fit."""
    units = [_Unit(start, end, n) for (start, end), n in zip(sentences, counts, strict=True)]
    while any(_too_long(unit, max_tokens) for unit in units):
        halves = [
            half
            for unit in units
            if _too_long(unit, max_tokens)
            for half in _halves(body, unit.start, unit.end)
        ]
        counted = iter(count_tokens([body[start:end] for start, end in halves]))
        fresh = iter([_Unit(start, end, next(counted)) for start, end in halves])
        units = [
            part
            for unit in units
            for part in ((next(fresh), next(fresh)) if _too_long(unit, max_tokens) else (unit,))
        ]
    return units


def _too_long(unit: _Unit, max_tokens: int) -> bool:
    return unit.tokens > max_tokens and unit.end - unit.start > 1


def _halves(body: str, start: int, end: int) -> tuple[Span, Span]:
    """Two parts of body[start:end], cut within its middle half as gently as possible."""
    middle, quarter = (start + end) // 2, (end - start) // 4
    cuts = [middle]
    for boundary in (_CLAUSE_END, _SPACE):
        found = [mark.end() for mark in boundary.finditer(body, middle - quarter, middle + quarter)]
        if found:
            cuts = found
            break
    cut = min(cuts, key=lambda at: abs(at - middle))
    left, right = body[start:cut].rstrip(), body[cut:end].lstrip()
    return Span(start, start + len(left)), Span(end - len(right), end)


def _paragraphs(body: str, units: Sequence[_Unit]) -> list[list[_Unit]]:
    paragraphs = [[units[0]]]
    for before, unit in pairwise(units):
        if "\n" in body[before.end : unit.start]:
            paragraphs.append([])
        paragraphs[-1].append(unit)
    return paragraphs


def _joined(
    paragraphs: Sequence[list[_Unit]], headings: Sequence[int], budget: int
) -> list[list[_Unit]]:
    """Paragraphs, the short ones with the next; what is short still, with the one before."""

    def may_join(left: list[_Unit], right: list[_Unit]) -> bool:
        same_section = bisect_right(headings, left[0].start) == bisect_right(
            headings, right[0].start
        )
        return same_section and _tokens(left) + _tokens(right) <= budget

    forward: list[list[_Unit]] = []
    for paragraph in paragraphs:
        short = forward and _tokens(forward[-1]) < SHORT_PARAGRAPH
        if short and may_join(forward[-1], paragraph):
            forward[-1] = forward[-1] + paragraph
        else:
            forward.append(paragraph)
    groups: list[list[_Unit]] = []
    for group in forward:
        if groups and _tokens(group) < SHORT_PARAGRAPH and may_join(groups[-1], group):
            groups[-1] = groups[-1] + group
        else:
            groups.append(group)
    return groups


def _tokens(units: Sequence[_Unit]) -> int:
    return sum(unit.tokens for unit in units)


def _balanced(units: Sequence[_Unit], budget: int) -> list[Sequence[_Unit]]:
    """Consecutive pieces within the budget, as few and as even as going left to right allows.

    Each piece aims at an equal share of what is left, so no crumb remains at the end.
    """
    pieces: list[Sequence[_Unit]] = []
    first, left = 0, _tokens(units)
    while first < len(units):
        share = left / max(1, -(-left // budget))
        last, size = first + 1, units[first].tokens
        while last < len(units) and size + units[last].tokens <= budget:
            if abs(size + units[last].tokens - share) > abs(size - share):
                break
            size += units[last].tokens
            last += 1
        pieces.append(units[first:last])
        first, left = last, left - size
    return pieces


def _verified(
    body: str, pieces: list[Sequence[_Unit]], count_tokens: Counter, max_tokens: int
) -> list[Span]:
    """The pieces' spans. A tokenizer may need more for a whole than for its parts: then in two."""
    done: list[Span] = []
    while pieces:
        several = [piece for piece in pieces if len(piece) > 1]
        done += [Span(piece[0].start, piece[0].end) for piece in pieces if len(piece) == 1]
        texts = [body[piece[0].start : piece[-1].end] for piece in several]
        pieces = []
        for piece, tokens in zip(several, count_tokens(texts) if texts else (), strict=True):
            if tokens <= max_tokens:
                done.append(Span(piece[0].start, piece[-1].end))
            else:
                pieces += [piece[: len(piece) // 2], piece[len(piece) // 2 :]]
    return sorted(done)
