"""One file of the archive -> one `Article`, or one clear reason why not.

Two formats. Plain: `### title`, perhaps the authors, the date, the page, the column, and
paragraphs. Bilingual: a header of `Title:`, `Author:`, `Date:` and `Page:` lines, the English
text, `<hr />`, `Original:` and the plain format; English alone is the same without the original.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rag.corpus import layout
from rag.corpus.decoding import MAX_BYTES, decode
from rag.corpus.identity import article_id
from rag.errors import UnreadableFile
from rag.types import Article, Heading, Language, Masthead, Role, Text

__all__ = ["MAX_BYTES", "read_article"]

_FIELD = re.compile(r"(title|author|date|page)\s*[:：](.*)", re.I | re.S)
_TITLE_MARK = re.compile(r"#{1,6}(?!#)\s*(?=\S)")
_RULE = re.compile(r"<hr\s*/?>", re.I)
_CUT_RULE = re.compile(r"<(?:hr?\s*/?)?", re.I)
_ORIGINAL = re.compile(r"original\s*[:：]", re.I)
_DATE = re.compile(r"(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})\s?日?")
_PAGE = re.compile(r"第\s?(\d{1,4})\s?版\s?(?:[（(](.*)[)）])?")
_COLUMN = re.compile(r"专[栏欄]\s?[:：](.*)", re.S)
# White space, and the marks that stand for none: a line of these alone is a blank line.
_BLANK = " \t\v\f\xa0\u3000\u200b\ufeff"
_LONGEST_HEADLINE = 1000
_LONGEST_BYLINE = 200
_MOST_CREDITS = 3
_GET_AGAIN = "fetch the file again"


def read_article(data: bytes, source: str) -> Article:
    """Read one article file.

    The stored text keeps the file's characters; only line ends, indentation and runs of white
    space are folded. `pairs` stays empty: sentences are aligned later.

    Args:
        data: the file, whole.
        source: its path relative to what was ingested, kept in the masthead.

    Raises:
        UnreadableFile: too large, empty, binary, undecodable, in neither format, cut off, or
            without a possible date.
    """
    lines = [line for line in decode(data).split("\n") if line.strip(_BLANK)]
    if not lines:
        raise UnreadableFile("the file is empty", _GET_AGAIN)
    if _FIELD.match(layout.fold(lines[0])):
        english, original = _divide(lines)
        return _assemble(_read_header(english), _read_plain(original) if original else None, source)
    if _TITLE_MARK.match(layout.fold(lines[0])):
        return _assemble(None, _read_plain(lines), source)
    raise UnreadableFile(
        "the file begins neither with `Title:` nor with a `### title` line",
        "see the two formats in the README",
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """What one half of a file says: its header, and its lines with their white space."""

    headline: str
    authors: tuple[str, ...]
    byline: str
    date: str
    page: int | None
    section: str
    lines: tuple[str, ...]


def _divide(lines: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """The English lines and the original's, which are empty where there is no original."""
    for at, line in enumerate(lines):
        if not (_RULE.fullmatch(layout.fold(line)) or _ORIGINAL.fullmatch(layout.fold(line))):
            continue
        rest = at + 1
        while rest < len(lines) and _ORIGINAL.fullmatch(layout.fold(lines[rest])):
            rest += 1
        marked = _ORIGINAL.fullmatch(layout.fold(lines[rest - 1])) is not None
        if rest == len(lines) or "original:".startswith(layout.fold(lines[rest]).lower()):
            raise UnreadableFile("the file is cut off: no original after the English", _GET_AGAIN)
        if _TITLE_MARK.match(layout.fold(lines[rest])):
            return lines[:at], lines[rest:]
        if marked:
            raise UnreadableFile(
                "the text after `Original:` does not begin with a `### title` line",
                "see the two formats in the README",
            )
    if _CUT_RULE.fullmatch(layout.fold(lines[-1])):
        raise UnreadableFile("the file is cut off: no original after the English", _GET_AGAIN)
    return lines, ()


def _read_header(lines: Sequence[str]) -> _Part:
    """The English half: `Field: value` lines, each at most once, then the text."""
    fields: dict[str, str] = {}
    for line in lines:
        found = _FIELD.fullmatch(layout.fold(line))
        if not found or found.group(1).lower() in fields:
            break
        fields[found.group(1).lower()] = layout.fold(found.group(2))
    page = re.fullmatch(r"(?:第|[Pp]age)?\s?(\d{1,4})\s?版?", fields.get("page", ""))
    byline = fields.get("author", "")
    return _Part(
        headline=_checked_headline(fields.get("title", "")),
        authors=_names(byline),
        byline=byline,
        date=fields.get("date", ""),
        page=int(page.group(1)) if page else None,
        section="",
        lines=tuple(lines[len(fields) :]),
    )


def _read_plain(lines: Sequence[str]) -> _Part:
    """The plain format; its header ends with the column line, or where the text begins."""
    headline = _TITLE_MARK.sub("", lines[0].strip(), count=1)
    byline = day = column = section = ""
    page: int | None = None
    at = 1
    for line in lines[1:]:
        said = layout.fold(line)
        if not day and _DATE.fullmatch(said):
            day = said
        elif page is None and (found := _PAGE.fullmatch(said)):
            page, section = int(found.group(1)), layout.fold(found.group(2) or "")
        elif found := _COLUMN.fullmatch(said):
            column = layout.fold(found.group(1))
            at += 1
            break
        elif not (byline or day) and page is None and _is_byline(line):
            byline = said
        else:
            break
        at += 1
    _check_single(lines[at:])
    return _Part(
        headline=_checked_headline(headline),
        authors=_names(byline),
        byline=byline,
        date=day,
        page=page,
        section=" · ".join(dict.fromkeys(name for name in (section, column) if name)),
        lines=tuple(lines[at:]),
    )


def _is_byline(line: str) -> bool:
    """Authors stand unindented and short under the title; paragraphs are indented."""
    indented = line.startswith(("    ", "\t", "\u3000\u3000"))
    return not indented and len(line) <= _LONGEST_BYLINE and not line.rstrip().endswith("。")


def _check_single(lines: Sequence[str]) -> None:
    """Two articles in one file would be quoted as one: better to refuse them."""
    for at, line in enumerate(lines):
        if line.startswith("### ") and any(
            _DATE.fullmatch(layout.fold(below)) for below in lines[at + 1 : at + 4]
        ):
            raise UnreadableFile(
                "the file holds more than one article", "split it into one file an article"
            )


def _checked_headline(headline: str) -> str:
    if not headline.strip():
        raise UnreadableFile("the file has no title", "write it after `Title:` or `###`")
    if len(headline) > _LONGEST_HEADLINE:
        raise UnreadableFile(
            f"the title is longer than {_LONGEST_HEADLINE:,} characters",
            "check the file's first line",
        )
    return headline


_BETWEEN_LATIN = re.compile(r"\s*[,，、;；&]\s*(?:and\s)?|\sand\s|\s{2,}|\u3000", re.I)
_BETWEEN_HANZI = re.compile(r"[\s,，、;；/]+")
_BEFORE_NAME = re.compile(r"(?:作者\s?[:：]|by\s)\s*", re.I)
_NOT_A_NAME = re.compile(
    r"(?:本报|新华社|特约|见习|实习)?(?:特约|驻站)?(?:记者|通讯员|评论员)|本报|新华社|文|图|摄|and",
    re.I,
)


def _names(byline: str) -> tuple[str, ...]:
    """The names in an author line; two lone characters (`石　在`) are one name, spaced out."""
    if len(byline) > _LONGEST_BYLINE:
        return ()
    line = _BEFORE_NAME.sub("", byline, count=1) if _BEFORE_NAME.match(byline) else byline
    between = _BETWEEN_LATIN if re.search(r"[A-Za-z]", line) else _BETWEEN_HANZI
    names: list[str] = []
    alone = False
    for word in (word.strip(" :：()（）") for word in between.split(line)):
        if not word or _NOT_A_NAME.fullmatch(word):
            continue
        if alone and len(word) == 1:
            names[-1] += word
        else:
            names.append(word)
        alone = len(word) == 1 and len(names[-1]) == 1
    return tuple(dict.fromkeys(names))


def _assemble(english: _Part | None, plain: _Part | None, source: str) -> Article:
    titles: dict[Language, str] = {}
    texts: list[Text] = []
    if plain:
        language: Language = "zh" if english else _language(plain)
        title, subtitle = layout.split_headline(plain.headline)
        texts.append(_text(plain, language, "original", title, subtitle))
        titles[language] = layout.fold(plain.headline)
    if english:
        language = "en" if plain else _language(english)
        title, subtitle = layout.split_title(
            english.headline,
            [layout.fold(line) for line in english.lines],
            has_subtitle=bool(texts and texts[0].subtitle),
        )
        titles[language] = english.headline
        # A translation may be missing; the original is then an article by itself.
        if english.lines or not plain:
            role: Role = "translation" if plain else "original"
            texts.append(_text(english, language, role, title, subtitle))
    parts = [part for part in (plain, english) if part]
    published = _published(next((part.date for part in parts if part.date), ""))
    page = next((part.page for part in parts if part.page is not None), None)
    original = texts[0]
    masthead = Masthead(
        article_id=article_id(published, page, titles[original.language], original.body),
        title=titles,
        authors=tuple(dict.fromkeys(name for part in parts for name in part.authors)),
        published=published,
        page=page,
        section=plain.section if plain else "",
        source=source,
    )
    return Article(masthead, tuple(texts))


def _published(written: str) -> date:
    if not written:
        raise UnreadableFile("the file has no date", "write it as YYYY-MM-DD under the title")
    found = _DATE.fullmatch(written)
    try:
        if found:
            return date(*(int(number) for number in found.groups()))
    except ValueError:
        pass
    raise UnreadableFile(
        f"the date {written[:40]!r} is impossible", "write it as YYYY-MM-DD under the title"
    )


def _language(part: _Part) -> Language:
    text = "".join(part.lines)
    hanzi = len(re.findall(r"[\u3400-\u9fff]", text))
    # A hanzi says about as much as an English word's four letters.
    return "zh" if 4 * hanzi >= len(re.findall(r"[A-Za-z]", text)) else "en"


def _text(part: _Part, language: Language, role: Role, title: str, subtitle: str) -> Text:
    """Sort the lines of a part into prose and what is printed around it."""
    printed = (part.headline, title, subtitle, part.byline, *part.authors)
    lines = layout.drop_repeated([layout.fold(line) for line in part.lines], printed)
    credits: list[str] = []
    while len(lines) > 1 and len(credits) < _MOST_CREDITS and layout.is_credit(lines[-1], language):
        credits.insert(0, lines.pop())
    if not lines:
        raise UnreadableFile("the file is cut off: it has a title but no text", _GET_AGAIN)
    dateline, rest = layout.split_dateline(lines[0], language)
    if rest:
        lines[0] = rest
    elif len(lines) > 1:
        del lines[0]
    else:
        dateline = ""
    body, headings = _set_headings(lines, language)
    return Text(language, role, title, body, subtitle, dateline, headings, tuple(credits))


def _set_headings(lines: Sequence[str], language: Language) -> tuple[str, tuple[Heading, ...]]:
    paragraphs: list[str] = []
    headings: list[Heading] = []
    offset = 0
    for at, line in enumerate(lines):
        if 0 < at < len(lines) - 1 and layout.is_heading(
            line, lines[at - 1], lines[at + 1], language
        ):
            headings.append(Heading(offset, line))
        else:
            paragraphs.append(line)
            offset += len(line) + 1
    return "\n".join(paragraphs), tuple(headings)
