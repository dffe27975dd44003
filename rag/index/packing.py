"""Rows of the ledger to values and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.types import Heading, Language, Masthead, Pair, Passage, Span, Text

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A passage with what the indexes need of it: its terms and its vector (dimension,)."""

    passage: Passage
    terms: Sequence[str]
    vector: Vectors


@dataclass(frozen=True, slots=True)
class Row:
    """What an index is built from: one passage by its key."""

    key: int
    language: Language
    published: date
    page: int | None
    terms: list[str]
    vector: Vectors


def pack_day(day: date) -> int:
    """A day as the number YYYYMMDD."""
    return day.year * 10_000 + day.month * 100 + day.day


def unpack_day(number: int) -> date:
    """The day behind such a number."""
    return date(number // 10_000, number // 100 % 100, number % 100)


def pack_vector(vector: Vectors) -> bytes:
    """A unit vector as float16 bytes."""
    return vector.astype("<f2").tobytes()


def unpack_vector(blob: bytes) -> Vectors:
    """The vector (dimension,) behind such bytes."""
    return np.frombuffer(blob, "<f2").astype(np.float32)


def pack_passage(item: Prepared) -> tuple[Any, ...]:
    """A row of `passages` without its key."""
    passage = item.passage
    return (
        passage.passage_id, passage.masthead.article_id, passage.language,
        passage.start, passage.end, " ".join(item.terms), pack_vector(item.vector),
    )  # fmt: skip


def pack_pair(pair: Pair) -> list[Any]:
    """A pair as five numbers."""
    zh, en = pair.zh or (None, None), pair.en or (None, None)
    return [*zh, *en, round(pair.similarity, 4)]


def unpack_pair(row: list[Any]) -> Pair:
    """The pair behind them."""
    zh = None if row[0] is None else Span(row[0], row[1])
    en = None if row[2] is None else Span(row[2], row[3])
    return Pair(zh, en, row[4])


def pack_text(article_id: str, text: Text) -> tuple[Any, ...]:
    """A row of `texts`."""
    return (
        article_id, text.language, text.role, text.title, text.subtitle, text.dateline,
        json.dumps([(h.offset, h.text) for h in text.headings], ensure_ascii=False),
        json.dumps(text.credits, ensure_ascii=False),
        text.body,
    )  # fmt: skip


def unpack_text(row: tuple[Any, ...]) -> Text:
    """The text behind such a row without its article."""
    language, role, title, subtitle, dateline, headings, credit, body = row
    return Text(
        language, role, title, body, subtitle, dateline,
        tuple(Heading(*heading) for heading in json.loads(headings)),
        tuple(json.loads(credit)),
    )  # fmt: skip


def unpack_masthead(row: tuple[Any, ...]) -> Masthead:
    """The masthead behind a row of `articles`."""
    article_id, title, authors, published, page, section, source = row
    return Masthead(
        article_id, json.loads(title), tuple(json.loads(authors)),
        date.fromisoformat(published), page, section, source,
    )  # fmt: skip
