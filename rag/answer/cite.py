"""Spans of stored text -> quotes and citations. Pure: a citation is a fact about a file."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.corpus.aligner import counterpart
from rag.types import Article, Citation, Language, Quote, Span

MARK = re.compile(r"\[(\d{1,4})\]")


def quote(article: Article, language: Language, span: Span) -> Quote:
    """The characters of `span` in an article's text.

    Raises:
        ValueError: the article has no text in that language, or the span lies outside it.
    """
    text = article.text(language)
    if text is None or not 0 <= span.start < span.end <= len(text.body):
        raise ValueError(f"{article.masthead.article_id} has no {language} text at {span}")
    return Quote(language, text.role, text.body[span.start : span.end], *span)


def cite(mark: int, article: Article, language: Language, span: Span) -> Citation:
    """The citation of one span, with its counterpart where the article has one."""
    other: Language = "en" if language == "zh" else "zh"
    across = counterpart(article.pairs, language, span)
    return Citation(
        mark,
        article.masthead,
        quote(article, language, span),
        quote(article, other, across) if across else None,
    )


def stands(found: Quote, article: Article) -> bool:
    """Whether a quote is what its article holds at its offsets, character for character."""
    text = article.text(found.language)
    return text is not None and text.body[found.start : found.end] == found.text != ""


def unknown_marks(text: str, citations: Sequence[Citation]) -> tuple[int, ...]:
    """Marks in a text that stand for no citation, in order."""
    known = {citation.mark for citation in citations}
    marks = dict.fromkeys(int(mark) for mark in MARK.findall(text))
    return tuple(mark for mark in marks if mark not in known)
