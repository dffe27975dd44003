r"""Citations -> references as scholars write them: GB/T 7714, Chicago, BibTeX. Pure.

Headlines, names and quotes are other people's text. In a reference they stand on one line, white
space folded, with each control or direction character shown as U+FFFD; in BibTeX every character
that TeX or BibTeX acts on is written as a command in balanced braces.

Methods: GB/T 7714-2015, 4.4 and 8.1 (newspaper articles, the numeric system, in which an unknown
author is left out); The Chicago Manual of Style, 17th edition, 14.191 (newspapers, notes) and
chapter 11 (Chinese titles); BibTeX entries as biblatex reads them (`entrysubtype = newspaper`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from rag.types import Citation, Language, Masthead, Quote, Role

# Newspapers by the name a setting gives them; others keep the name they are given.
ENGLISH_NAMES = {
    "人民日报": "People's Daily (Renmin ribao)",
    "光明日报": "Guangming Daily (Guangming ribao)",
    "解放日报": "Liberation Daily (Jiefang ribao)",
    "解放军报": "People's Liberation Army Daily (Jiefangjun bao)",
    "参考消息": "Reference News (Cankao xiaoxi)",
}
ROLES: dict[Language, dict[Role, str]] = {
    "zh": {"original": "原文", "translation": "译文"},
    "en": {"original": "Original", "translation": "Translation"},
}
_SPACE = re.compile(r"[ \t-\r\x1c-\x1f\x85\u2028\u2029]+")
_ACTING = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f\ufff9-\ufffb\ud800-\udfff]"
)
_HANZI = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_TEX = {character: f"\\{character}" for character in "$&#%_"} | {
    "\\": r"{\textbackslash}",
    "{": r"{\textbraceleft}",  # `\{` would do for TeX, but BibTeX counts its brace
    "}": r"{\textbraceright}",
    "^": r"{\textasciicircum}",
    "~": r"{\textasciitilde}",
}
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def newspaper_name(name: str, language: Language) -> str:
    """What a newspaper is called in a reference in that language."""
    return ENGLISH_NAMES.get(name, name) if language == "en" else name


def permalink(citation: Citation) -> str:
    """The query that opens a citation's article at its quote: `?article=ID&from=START&to=END`.

    Offsets count in the article's original text: a translated quote is opened at its counterpart,
    or, where it has none, at the head of its article (`?article=ID`).
    """
    sides = (citation.quote, citation.counterpart)
    original = next((side for side in sides if side and side.role == "original"), None)
    place = {"from": original.start, "to": original.end} if original else {}
    return "?" + urlencode({"article": citation.masthead.article_id, **place})


def gbt7714(masthead: Masthead, newspaper: str) -> str:
    """A GB/T 7714 entry: `作者. 题名[N]. 报纸名, 出版日期(版次).`

    The first three authors are named; an unknown author or page is left out. An article without
    a Chinese title is given in English.
    """
    language: Language = "zh" if masthead.title.get("zh") else "en"
    names = _names_in(masthead, language)
    if len(names) > 3:
        names = (*names[:3], "等" if language == "zh" else "et al")
    authors = f"{', '.join(names)}. " if names else ""
    page = f"({masthead.page})" if masthead.page is not None else ""
    return (
        f"{authors}{one_line(masthead.title[language])}[N]. "
        f"{one_line(newspaper_name(newspaper, language))}, {masthead.published.isoformat()}{page}."
    )


def chicago(masthead: Masthead, newspaper: str) -> str:
    """A Chicago note: `Author 作者, “题名” [Title], Newspaper, November 24, 1959, 2.`

    Authors stand in both scripts where the file gives both; of four or more only the first is
    named. An unknown author or page is left out.
    """
    names = _names_in_both(masthead)
    authors = f"{names[0]} et al." if len(names) > 3 else _series(names)
    day = masthead.published
    parts = [
        *([authors] if authors else []),
        f"{_headline(masthead)} {one_line(newspaper_name(newspaper, 'en'))}",
        f"{_MONTHS[day.month - 1]} {day.day}",
        str(day.year),
        *([str(masthead.page)] if masthead.page is not None else []),
    ]
    return ", ".join(parts) + "."


def bibtex(citations: Iterable[Citation], newspaper: str) -> str:
    """A BibTeX entry for each article, its key the article's id, in UTF-8.

    `annote` holds each quote of the article with its mark and its permalink. A reprint is an
    article of another day, with an entry of its own.
    """
    by_article: dict[str, list[Citation]] = {}
    for citation in citations:
        by_article.setdefault(citation.masthead.article_id, []).append(citation)
    return "\n".join(_entry(group, newspaper) for group in by_article.values())


def escape_tex(text: str) -> str:
    """Text on one line that TeX prints as it is; its braces are balanced."""
    return "".join(_TEX.get(character, character) for character in one_line(text))


def one_line(text: str) -> str:
    """Text on one line, in which nothing acts on what shows it. Wide spaces stay."""
    return fold_space(text).strip(" ")


def fold_space(text: str) -> str:
    """The same, with one space left where white space begins or ends it."""
    return _ACTING.sub("\ufffd", _SPACE.sub(" ", text))


def labelled(citation: Citation, language: Language) -> list[tuple[str, Quote]]:
    """The quote and its counterpart, each with its role in words."""
    sides = (citation.quote, citation.counterpart)
    return [(ROLES[language][side.role], side) for side in sides if side]


def _entry(citations: Sequence[Citation], newspaper: str) -> str:
    masthead = citations[0].masthead
    language: Language = "zh" if masthead.title.get("zh") else "en"
    translated = masthead.title.get("en") if language == "zh" else None
    names = _names_in(masthead, language)
    notes = "; ".join(_annotation(citation, language) for citation in citations)
    day = masthead.published
    fields = {
        # Inner braces keep a name whole, whatever words are in it, and a title's capitals.
        "author": " and ".join(f"{{{escape_tex(name)}}}" for name in names),
        "title": f"{{{escape_tex(masthead.title[language])}}}",
        "titleaddon": f"[{escape_tex(translated)}]" if translated else "",
        "journal": escape_tex(newspaper_name(newspaper, language)),
        "entrysubtype": "newspaper",
        "year": f"{day.year:04}",
        "month": f"{day.month}",
        "day": f"{day.day}",
        "pages": "" if masthead.page is None else str(masthead.page),
        "annote": escape_tex(notes),
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    key = re.sub(r"[^A-Za-z0-9:._-]", "-", masthead.article_id)
    return f"@article{{{key},\n{lines}}}\n"


def _annotation(citation: Citation, language: Language) -> str:
    sides = labelled(citation, language)
    quotes = " ".join(f"{role}: “{one_line(side.text)}”" for role, side in sides)
    return f"[{citation.mark}] {quotes} {permalink(citation)}"


def _headline(masthead: Masthead) -> str:
    """The title in quotation marks, the original first, with the comma that follows it."""
    chinese, english = (
        # Inside quotation marks, double ones become single.
        one_line(masthead.title.get(language, "")).translate(str.maketrans("“”", "‘’"))
        for language in ("zh", "en")
    )
    if chinese and english:
        return f"“{chinese}” [{english}],"
    return f"“{chinese or english},”"


def _names_in(masthead: Masthead, language: Language) -> tuple[str, ...]:
    """The authors in the script of a language, or in the only one the file gives."""
    hanzi, latin = _scripts(masthead)
    return (hanzi or latin) if language == "zh" else (latin or hanzi)


def _names_in_both(masthead: Masthead) -> tuple[str, ...]:
    hanzi, latin = _scripts(masthead)
    if len(hanzi) == len(latin):
        return tuple(f"{name} {written}" for name, written in zip(latin, hanzi, strict=True))
    return latin or hanzi


def _scripts(masthead: Masthead) -> tuple[tuple[str, ...], tuple[str, ...]]:
    names = [one_line(name) for name in masthead.authors]
    hanzi = tuple(name for name in names if _HANZI.search(name))
    return hanzi, tuple(name for name in names if name and name not in hanzi)


def _series(names: Sequence[str]) -> str:
    if len(names) < 3:
        return " and ".join(names)
    return f"{', '.join(names[:-1])}, and {names[-1]}"
