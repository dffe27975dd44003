"""A link to an article -> the article, opened at the place the link means."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from rag.archive import Archive
from rag.corpus.aligner import counterpart
from rag.corpus.sentences import split_sentences
from rag.errors import NotFound
from rag.types import Article, Language, Masthead, Span, Text

# What became of the article that a link names.
Found = Literal["here", "moved", "elsewhere", "gone"]


@dataclass(frozen=True, slots=True)
class Place:
    """What a link asks for: `span` counts in the original text, or in that in `language`."""

    article_id: str
    language: Language | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a paragraph; sentences with the same `pair` say the same."""

    span: Span
    pair: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of one text, whole: `headings` stand above it."""

    span: Span
    sentences: tuple[Sentence, ...]
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """Paragraphs that say the same, by language; a language may have none."""

    sides: Mapping[Language, tuple[Paragraph, ...]]


@dataclass(frozen=True, slots=True)
class Opening:
    """An article to be read. `article` is None where it is gone; `quoted` are the characters
    the link means, by language; `issue` the articles of that day's paper."""

    found: Found
    article: Article | None = None
    quoted: Mapping[Language, Span] | None = None
    issue: tuple[Masthead, ...] = ()

    def beside(self) -> tuple[Masthead | None, Masthead | None]:
        """The previous and the next article of the day's paper."""
        if self.article is None:
            return None, None
        ids = [head.article_id for head in self.issue]
        if self.article.masthead.article_id not in ids:
            return None, None
        at = ids.index(self.article.masthead.article_id)
        return (
            self.issue[at - 1] if at else None,
            self.issue[at + 1] if at + 1 < len(ids) else None,
        )


def read_place(query: Mapping[str, object]) -> Place | None:
    """The place that a query (`article`, `from`, `to`, `in`) asks for, None where it asks for
    none. Offsets that are none are left out."""
    article_id = query.get("article")
    if not isinstance(article_id, str) or not article_id.strip():
        return None
    start, end = (_number(query.get(name)) for name in ("from", "to"))
    known = start is not None and end is not None and start < end
    span = Span(start or 0, end or 0) if known else None
    side = query.get("in")
    language: Language | None = "zh" if side == "zh" else "en" if side == "en" else None
    return Place(article_id.strip(), language, span)


def open_place(archive: Archive, place: Place) -> Opening:
    """The article a link names, under whatever date and page it stands now."""
    here = archive.moved_to(place.article_id)
    if here is None:
        return Opening("gone", issue=_issue_named(archive, place.article_id))
    try:
        article = archive.article(here)
    except NotFound:
        return Opening("gone", issue=_issue_named(archive, place.article_id))
    issue = tuple(archive.issue(article.masthead.published))
    quoted = quoted_spans(article, place)
    found: Found = "moved" if here != place.article_id else "here"
    if quoted is None and place.span is not None:
        found = "elsewhere"
    return Opening(found, article, quoted, issue)


def quoted_spans(article: Article, place: Place) -> dict[Language, Span] | None:
    """The characters a link means, and what says the same in the other language."""
    text = article.text(place.language) if place.language else article.original
    span = place.span
    if span is None or text is None or not 0 <= span.start < span.end <= len(text.body):
        return None
    spans: dict[Language, Span] = {text.language: span}
    across = counterpart(article.pairs, text.language, span)
    if across:
        spans["en" if text.language == "zh" else "zh"] = across
    return spans


def rows_of(article: Article) -> list[Row]:
    """The article paragraph by paragraph, those that say the same side by side.

    Paragraphs belong together where a pair of sentences joins them; pairs run in order in both
    texts, so what a pair joins is a run on either side.
    """
    if len(article.texts) == 1:
        text = article.original
        return [Row({text.language: (each,)}) for each in paragraphs_of(article, text)]
    zh, en = article.text("zh"), article.text("en")
    if zh is None or en is None:
        return []
    left, right = paragraphs_of(article, zh), paragraphs_of(article, en)
    rows: list[Row] = []
    i = j = 0
    for until_i, until_j in [*_joints(article, left, right), (len(left), len(right))]:
        if i < until_i or j < until_j:
            rows.append(Row({"zh": tuple(left[i:until_i]), "en": tuple(right[j:until_j])}))
        i, j = max(i, until_i), max(j, until_j)
    return rows


def paragraphs_of(article: Article, text: Text) -> list[Paragraph]:
    """The paragraphs of a text with their sentences, numbered by the pair they are of."""
    paired = _sentences(article, text)
    found: list[Paragraph] = []
    for match in re.finditer(r"[^\n]+", text.body):
        start, end = match.span()
        inside = tuple(each for each in paired if start <= each.span.start < end)
        headings = tuple(each.text for each in text.headings if start <= each.offset < end)
        found.append(Paragraph(Span(start, end), inside, headings))
    return found


def _sentences(article: Article, text: Text) -> list[Sentence]:
    """All sentences of a text in order; -1 is the pair of one that nothing answers."""
    sides = [(pair.zh, pair.en) if text.language == "zh" else (pair.en, pair.zh)
             for pair in article.pairs]  # fmt: skip
    found = [
        Sentence(here, number if there else -1)
        for number, (here, there) in enumerate(sides)
        if here is not None
    ]
    if not found:
        spans = split_sentences(text.body, text.language)
        return [Sentence(Span(span.start, span.end), -1) for span in spans]
    return sorted(found, key=lambda each: each.span)


def _joints(
    article: Article, left: Sequence[Paragraph], right: Sequence[Paragraph]
) -> list[tuple[int, int]]:
    """Where a row ends: how many paragraphs of either side are done, wherever no pair crosses."""
    last_zh = {each.pair: n for n, p in enumerate(left) for each in p.sentences if each.pair >= 0}
    last_en = {each.pair: n for n, p in enumerate(right) for each in p.sentences if each.pair >= 0}
    joined = sorted((last_zh[pair], last_en[pair]) for pair in last_zh.keys() & last_en.keys())
    ends: list[tuple[int, int]] = []
    far = -1
    for (i, j), after in zip(joined, [*joined[1:], None], strict=True):
        far = max(far, j)
        if after is None or (after[0] > i and after[1] > far):
            # Paragraphs that no pair joins go with what comes after them.
            ends.append((i + 1, far + 1))
    return ends


def _issue_named(archive: Archive, article_id: str) -> tuple[Masthead, ...]:
    """The articles of the day that a lost article's id names."""
    try:
        return tuple(archive.issue(date.fromisoformat(article_id[:10])))
    except ValueError:
        return ()


def _number(value: object) -> int | None:
    text = str(value)
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None
