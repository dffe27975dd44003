"""What the page's own controls tell the server: JSON from a browser, read with suspicion."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from rag.errors import JiubaoError
from rag.types import Filter, Language, Period
from ui.conversation import Request, typed_filter
from ui.exchange import Exchange
from ui.mistakes import Mistake
from ui.safe import one_line

LONGEST = 20_000  # characters
_FIELDS = ("since", "until", "page", "language", "author")  # in the order of `typed_filter`


def read_told(written: str | None) -> dict[str, object]:
    """The values told, empty where it is no JSON object of a sensible length."""
    if not written or len(written) > LONGEST:
        return {}
    try:
        value = json.loads(written)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def text_of(told: Mapping[str, object], key: str) -> str:
    """A text told, empty where there is none."""
    value = told.get(key)
    return value if isinstance(value, str) else ""


def language_of(told: Mapping[str, object]) -> Language:
    """The language told, by a browser's own list or by a switch; English where it is neither."""
    return "zh" if text_of(told, "language").lower().startswith("zh") else "en"


def exchange_of(told: Mapping[str, object], exchanges: Sequence[Exchange]) -> Exchange | None:
    """The exchange that `turn` names, from 1."""
    turn = told.get("turn")
    known = isinstance(turn, int) and 1 <= turn <= len(exchanges)
    return exchanges[turn - 1] if known and isinstance(turn, int) else None


def read_request(
    told: Mapping[str, object],
    exchanges: Sequence[Exchange],
    fields: Sequence[str | None],
    model: str,
) -> Request:
    """What is asked: a new question under the filters of the page, or one asked again.

    Args:
        told: `question`, or `turn` with what is to change of it (`since`, `until`, `language`,
            `page`, `author`, `question`) or to be dropped (`drop`: period, language, page, author
            or standalone).
        fields: from, to, page, language and author as typed.
    """
    again = exchange_of(told, exchanges)
    try:
        if again:
            return replace(_again(told, again), model=model)
        return Request(text_of(told, "question"), typed_filter(*fields), model)
    except JiubaoError as error:
        question = again.question if again else text_of(told, "question")
        return Request(question, model=model, trouble=error)


def years_chosen(told: Mapping[str, object], fields: Sequence[str | None]) -> list[str]:
    """The five filter fields after a bar of the years was used, or a part was dropped.

    The first year stands alone, a second makes a period of both; the only one chosen is let go.
    """
    since, until, page, language, author = ((field or "").strip() for field in fields)
    drop = text_of(told, "drop")
    year = told.get("year")
    if isinstance(year, int):
        chosen = f"{year:04}"
        if since == until == chosen:
            since = until = ""
        elif since and since == until and len(since) == 4:
            since, until = min(since, chosen), max(until, chosen)
        else:
            since = until = chosen
    return [
        "" if drop == "period" else since,
        "" if drop == "period" else until,
        "" if drop == "page" else page,
        "" if drop == "language" else language,
        "" if drop == "author" else author,
    ]


def _again(told: Mapping[str, object], again: Exchange) -> Request:
    wanted = again.wanted or Filter()
    standalone = again.answer.standalone if again.answer else ""
    question = standalone or again.question
    drop = text_of(told, "drop")
    if drop == "standalone":
        question = again.question
    typed = typed_filter(*(text_of(told, each) for each in _FIELDS))
    if drop == "period" or "since" in told or "until" in told:
        wanted = replace(wanted, period=typed.period or Period())
    if drop == "page" or "page" in told:
        wanted = replace(wanted, page=typed.page)
    if drop == "language" or "language" in told:
        wanted = replace(wanted, language=typed.language)
    if drop == "author" or "author" in told:
        wanted = replace(wanted, author=typed.author)
    if "question" in told:
        question = text_of(told, "question")
        if not one_line(question):
            raise Mistake("nothing_left")
    return Request(question, wanted, alone=True)
