"""What stands in some texts of one article, read once, for a question's slots to be held against.
Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache

from rag.answer.dating import Dated, find_dates
from rag.answer.figures import Figure, find_figures
from rag.answer.spelled import Spelled, spelled
from rag.answer.wordmatch import Lexis, lexis
from rag.numerals import find_numerals
from rag.romanise import simplified
from rag.transliteration import transliteration_terms
from rag.types import Article, Language

Tongue = tuple[Language, str]

_COUNT = "[0-9０-９一二三四五六七八九十百零〇]{1,6}"
_NUMBERED = re.compile(
    r"\b(?:Nos?\.?|Numbers?)\s?(?P<n>\d{1,4}(?:(?:,|,? and) \d{1,4})*)\b"
    r"|\b(?:Workshop|Factory|Plant|Mill|Team|Group|Brigade|School|Unit|Mine)\s(?P<m>\d{1,4})\b"
    rf"|第?(?P<z>{_COUNT})号?(?:车间|厂|矿|中学|小学|医院|小组|分厂|公社)"
)
_LETTERED = re.compile(r"\b[A-Z]{1,3}-?\d+", re.ASCII)


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Words, names, figures and dates of some texts; `rows` are the consonants of what may be
    foreign names; `places` are the
    numbers of what is numbered (No. 6, 三十五车间); `published` is the day of the newspaper."""

    published: date
    lexis: Lexis
    spelled: Spelled
    rows: frozenset[str]
    figures: tuple[Figure, ...]
    dates: tuple[Dated, ...]
    places: frozenset[Fraction]


@lru_cache(maxsize=512)
def ground(texts: tuple[Tongue, ...], published: date) -> Ground:
    """The texts, read together."""
    zh = simplified("\n".join(text for language, text in texts if language == "zh"))
    en = "\n".join(text for language, text in texts if language == "en")
    return Ground(
        published,
        lexis(texts),
        spelled(zh, en),
        frozenset(transliteration_terms(f"{zh}\n{en}")),
        tuple(figure for _, text in texts for figure in find_figures(text)),
        tuple(dated for _, text in texts for dated in find_dates(text, published)),
        frozenset(place for _, text in texts for _, place in numbered(text)),
    )


def whole_of(article: Article) -> Ground:
    """What stands anywhere in an article."""
    bodies = [(text.language, text.body) for text in article.texts]
    return ground((*bodies, *heads_of(article)), article.masthead.published)


def headline_of(article: Article) -> Ground:
    """What stands in an article's headline."""
    return ground(tuple(article.masthead.title.items()), article.masthead.published)


def heads_of(article: Article) -> list[Tongue]:
    """An article's headline, and what stands above its texts and between their parts."""
    heads: list[Tongue] = list(article.masthead.title.items())
    for text in article.texts:
        above = (text.subtitle, text.dateline, *(heading.text for heading in text.headings))
        heads += [(text.language, line) for line in above if line]
    return heads


def numbered(text: str) -> list[tuple[str, Fraction]]:
    """The numbers by which a text tells factories, workshops and teams apart, with the words that
    give them: 染化六厂, 第三车间, No. 6, Workshop 35."""
    found = []
    for match in _NUMBERED.finditer(simplified(text)):
        numerals = find_numerals(match["n"] or match["m"] or match["z"])
        found += [(match.group(), numeral.value) for numeral in numerals]
    return found


def unnumbered(text: str) -> str:
    """A text in simplified characters without what `numbered` finds there, nor what has a letter
    before its number (the train D6171)."""
    return _LETTERED.sub("", _NUMBERED.sub("", simplified(text)))
