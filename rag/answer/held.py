"""What some citations hold for a statement to be compared with: their quotes, read once. Pure.

The quote and its counterpart say what happened; titles, authors and date of the article say when
and about whom. Titles lend names and words, never figures, dates or a denial.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rag.answer.dating import Dated, find_dates
from rag.answer.figures import Figure, find_figures
from rag.answer.order import Row, row
from rag.answer.spelled import Spelled, spelled
from rag.answer.wordmatch import Lexis, lexis
from rag.language import detect_language
from rag.romanise import simplified
from rag.types import Citation, Language

Tongue = tuple[Language, str]


@dataclass(frozen=True, slots=True)
class Held:
    """`texts` are the quotes and counterparts with their languages; `lexis` their words alone,
    `named` those of the mastheads too, `spelled` all names; `rows` is the order of what each text
    tells; `published` and `pages` are of the mastheads."""

    texts: tuple[Tongue, ...]
    lexis: Lexis
    named: Lexis
    spelled: Spelled
    figures: tuple[Figure, ...]
    dates: tuple[Dated, ...]
    rows: tuple[Row, ...]
    published: tuple[date, ...]
    pages: frozenset[int]


def hold(citations: Sequence[Citation]) -> Held:
    """The citations, read together."""
    texts: dict[Tongue, None] = {}
    named: dict[Tongue, None] = {}
    figures: list[Figure] = []
    dates: list[Dated] = []
    rows: list[Row] = []
    for citation in citations:
        published = citation.masthead.published
        for quote in filter(None, (citation.quote, citation.counterpart)):
            texts[quote.language, quote.text] = None
            counted, dated = find_figures(quote.text), find_dates(quote.text, published)
            figures += counted
            dates += dated
            rows.append(row(quote.language, quote.text, counted, dated))
        for line in (*citation.masthead.title.values(), *citation.masthead.authors):
            named[detect_language(line), line] = None
    every = [*texts, *named]
    zh = simplified("\n".join(text for language, text in every if language == "zh"))
    en = "\n".join(text for language, text in every if language == "en")
    return Held(
        tuple(texts),
        lexis(list(texts)),
        lexis(every),
        spelled(zh, en),
        tuple(figures),
        tuple(dates),
        tuple(rows),
        tuple(citation.masthead.published for citation in citations),
        frozenset(c.masthead.page for c in citations if c.masthead.page is not None),
    )
