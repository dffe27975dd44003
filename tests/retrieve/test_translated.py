"""Translated articles: a passage is scored with what says the same in the other language."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.archive import Archive
from rag.corpus.aligner import counterpart
from rag.retrieve.translated import Scored, _partners, together
from rag.types import LANGUAGES, Filter, Language, Masthead, Pair, Passage, Span

# One article of three Chinese passages; the English one of them says what the first two say.
PAIRS = {
    "a": (
        Pair(Span(0, 10), Span(0, 40), 0.9),
        Pair(Span(10, 20), Span(40, 80), 0.9),
        Pair(Span(20, 30), Span(80, 120), 0.9),
    )
}


def passage(language: Language, start: int, end: int, article: str = "a") -> Passage:
    head = Masthead(article, {"zh": "题"}, (), date(1958, 7, 23), 1, "", "a.txt")
    return Passage(f"{article}.{language}.{start}-{end}", head, language, start, end, "")


PASSAGES = {
    1: passage("zh", 0, 10),
    2: passage("zh", 10, 20),
    3: passage("zh", 20, 30),
    4: passage("en", 0, 80),
    5: passage("en", 80, 120),
}


def scores(asked: Language, *found: Scored) -> dict[int, float]:
    return {one.key: one.score for one in together(found, PASSAGES, PAIRS, asked)}


def test_the_text_in_the_questions_language_counts_for_most() -> None:
    found = [Scored(0.2, 1, ("dense",)), Scored(0.3, 2, ("dense",)), Scored(0.9, 4, ("keyword",))]
    asked_in_english = scores("en", *found)
    assert asked_in_english[2] > asked_in_english[1] > 0.8
    asked_in_chinese = scores("zh", *found)
    assert 0.2 < asked_in_chinese[1] < asked_in_chinese[2] < 0.4


def test_what_its_translation_proposes_is_a_candidate() -> None:
    found = together(
        [Scored(0.1, 2, ("dense",)), Scored(0.9, 5, ("keyword",))], PASSAGES, PAIRS, "en"
    )
    new = next(one for one in found if one.key == 3)
    assert new.via == ("keyword",)
    assert new.score > 0.8
    # Nobody proposed it, nor what says the same.
    assert 1 not in {one.key for one in found}


def test_an_article_in_one_language_keeps_its_score() -> None:
    lone = Scored(0.5, 77, ("dense",))
    assert lone in together([lone, Scored(0.9, 4, ("dense",))], PASSAGES, PAIRS, "zh")


def test_what_no_sentence_answers_keeps_its_score() -> None:
    alone = {"a": (Pair(Span(0, 10), None, 0.0), *PAIRS["a"][1:])}
    found = [Scored(0.6, 1, ("dense",)), Scored(0.9, 5, ("dense",))]
    kept = {one.key: one.score for one in together(found, PASSAGES, alone, "en")}
    assert kept[1] == 0.6


@given(
    st.dictionaries(st.sampled_from(range(1, 6)), st.floats(-1, 2)),
    st.sampled_from(["zh", "en"]),
)
def test_scores_stay_between_those_given_and_no_key_comes_twice(
    given_scores: dict[int, float], asked: Language
) -> None:
    found = [Scored(score, key, ("dense",)) for key, score in given_scores.items()]
    result = together(found, PASSAGES, PAIRS, asked)
    assert len({one.key for one in result}) == len(result)
    assert set(given_scores) <= {one.key for one in result}
    for one in result:
        assert min(given_scores.values()) - 1e-9 <= one.score <= max(given_scores.values()) + 1e-9


spans = st.builds(lambda start, length: Span(start, start + length),
                  st.integers(0, 40), st.integers(0, 15))  # fmt: skip
texts = st.lists(
    st.builds(
        lambda language, span, article: passage(language, *span, article),
        st.sampled_from(["zh", "en"]), spans, st.sampled_from("ab"),
    ),
    max_size=20,
)  # fmt: skip
paired = st.lists(
    st.builds(Pair, st.none() | spans, st.none() | spans, st.floats(0, 1)), max_size=12
)


@given(texts, paired, paired)
def test_partners_are_what_touches_the_counterpart(
    given_texts: list[Passage], of_a: list[Pair], of_b: list[Pair]
) -> None:
    """In whatever order texts and pairs come, and even where they overlap."""
    passages = dict(enumerate(given_texts))
    pairs = {"a": of_a, "b": of_b}
    found = list(_partners(passages, pairs))
    assert sorted(key for key, _ in found) == sorted(passages)
    for key, partners in found:
        own = passages[key]
        across = counterpart(pairs[own.masthead.article_id], own.language, own.span)
        expected = [
            other
            for other, there in passages.items()
            if across
            and there.masthead == own.masthead
            and there.language != own.language
            and across.overlap(there.span)
            > 0.2 * min(across.end - across.start, there.end - there.start)
        ]
        assert sorted(partners) == expected


@pytest.mark.timeout(60)
def test_a_long_article_is_no_trap() -> None:
    """Under a second; every passage against every other would meet the time limit."""
    count = 20_000
    passages = {
        2 * n + side: passage(language, n * 10, n * 10 + 10)
        for n in range(count)
        for side, language in enumerate(LANGUAGES)
    }
    pairs = {"a": [Pair(zh.span, zh.span, 0.9) for zh in list(passages.values())[::2]]}
    found = together(
        [Scored(0.5, 0, ("dense",)), Scored(0.4, 3, ("dense",))], passages, pairs, "zh"
    )
    assert {one.key for one in found} == {0, 1, 2, 3}


@pytest.mark.parametrize(
    ("question", "wanted", "words"),
    [
        ("How many suggestions were made in Hongqiao in four days?", "zh", "二十多万件"),
        (
            "Where did workers carry on when there was no time to enlarge the workshops?",
            "zh",
            "厂房",
        ),
        ("嘉兴市委工业部曾经被叫做什么？", "en", "meter readers"),
    ],
)
def test_a_question_finds_the_text_wanted_by_its_translation(
    archive: Archive, question: str, wanted: Language, words: str
) -> None:
    hits = archive.search(question, k=3, filter=Filter(language=wanted))
    assert {hit.passage.language for hit in hits} == {wanted}
    assert any(words in hit.passage.text for hit in hits)
    own = archive.search(question, k=1)[0].passage
    article = archive.article(own.masthead.article_id)
    across = counterpart(article.pairs, own.language, Span(own.start, own.end))
    assert across is not None
    top = hits[0].passage
    assert top.masthead == own.masthead
    assert top.start < across.end
    assert across.start < top.end


def test_a_span_across_is_what_the_article_says_there(archive: Archive) -> None:
    index = archive.searcher().index
    for hit in archive.search("Who is Liao Shigang?", k=5):
        across = index.across(hit.passage)
        assert across is not None
        body = archive.article(across.masthead.article_id).text("zh").body
        assert across.language == "zh"
        assert body[across.start : across.end] == across.text


def test_a_passage_of_an_article_in_one_language_has_nothing_across(archive: Archive) -> None:
    gone = archive.search("Who is Liao Shigang?", k=1)[0].passage
    assert archive.searcher().index.across(passage("en", gone.start, gone.end, "none")) is None
