"""Citations are facts about stored text."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.cite import cite, quote, stands, unknown_marks
from rag.corpus.aligner import counterpart
from rag.types import Article, Masthead, Pair, Quote, Span, Text

ZH = "今天开会。他来了，她也来了。散会。"
EN = "There is a meeting today. He came. So did she. It is over."
HEAD = Masthead("1959-01-02.p1.0123456789", {"zh": "开会"}, (), date(1959, 1, 2), 1, "", "a.txt")
ARTICLE = Article(
    HEAD,
    (Text("zh", "original", "开会", ZH), Text("en", "translation", "Meeting", EN)),
    (
        Pair(Span(0, 5), Span(0, 25), 0.9),
        Pair(Span(5, 14), Span(26, 46), 0.9),  # one sentence in Chinese, two in English
        Pair(Span(14, 17), None, 0.0),
        Pair(None, Span(47, 58), 0.0),
    ),
)


def test_quote_is_the_characters_at_the_offsets() -> None:
    assert quote(ARTICLE, "zh", Span(5, 14)) == Quote("zh", "original", "他来了，她也来了。", 5, 14)


@pytest.mark.parametrize("span", [Span(0, 0), Span(-1, 3), Span(10, 99), Span(5, 4)])
def test_quote_outside_the_text_is_refused(span: Span) -> None:
    with pytest.raises(ValueError, match="no zh text"):
        quote(ARTICLE, "zh", span)


def test_quote_in_a_language_the_article_lacks_is_refused() -> None:
    with pytest.raises(ValueError, match="no en text"):
        quote(Article(HEAD, ARTICLE.texts[:1]), "en", Span(0, 5))


def test_counterpart_covers_every_sentence_paired() -> None:
    assert counterpart(ARTICLE.pairs, "zh", Span(5, 14)) == Span(26, 46)
    assert counterpart(ARTICLE.pairs, "en", Span(35, 46)) == Span(5, 14)
    assert counterpart(ARTICLE.pairs, "zh", Span(0, 14)) == Span(0, 46)


def test_a_lone_sentence_has_no_counterpart() -> None:
    assert counterpart(ARTICLE.pairs, "zh", Span(14, 17)) is None
    assert cite(1, ARTICLE, "en", Span(47, 58)).counterpart is None


def test_citation_labels_original_and_translation() -> None:
    citation = cite(3, ARTICLE, "en", Span(0, 25))
    assert (citation.mark, citation.quote.role, citation.quote.text) == (
        3,
        "translation",
        "There is a meeting today.",
    )
    assert citation.counterpart == Quote("zh", "original", "今天开会。", 0, 5)


@given(st.integers(0, len(ZH) - 1), st.integers(1, len(ZH)))
def test_every_quote_stands(start: int, end: int) -> None:
    if start < end:
        assert stands(quote(ARTICLE, "zh", Span(start, end)), ARTICLE)


@pytest.mark.parametrize(
    "forged",
    [
        Quote("zh", "original", "今天开会！", 0, 5),
        Quote("zh", "original", "今天开会。", 1, 6),
        Quote("zh", "original", "", 0, 0),
    ],
)
def test_a_forged_quote_does_not_stand(forged: Quote) -> None:
    assert not stands(forged, ARTICLE)


def test_a_quote_in_a_missing_language_does_not_stand() -> None:
    english = quote(ARTICLE, "en", Span(0, 25))
    assert not stands(english, Article(HEAD, ARTICLE.texts[:1]))


def test_unknown_marks_are_reported() -> None:
    citations = [cite(1, ARTICLE, "zh", Span(0, 5))]
    assert unknown_marks("It met [1], and [7] then [0][7].", citations) == (7, 0)
