"""Search on the seeds: the right passage first, the same every time, and filters that hold."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from rag.archive import Archive
from rag.errors import BadQuestion
from rag.index.index import Candidates, Index
from rag.retrieve import search
from rag.retrieve.calibrate import load_fitted
from rag.retrieve.similarity import Vectors
from rag.types import Filter, Hit, Language, Period

# The questions of issue 2, the seed that answers each, and words of the passage that does.
QUESTIONS = [
    ("天津红桥区四天里提出了多少件技术革新建议？", "000", "二十多万件"),
    (
        "How many technical innovation suggestions were made in Hongqiao District, Tianjin, in "
        "four days?",
        "000",
        "more than 200,000",
    ),
    ("Who is Liao Shigang?", "001", "Liao Shigang"),
    ("嘉兴市委工业部曾经被叫做什么？", "002", "工业部"),
    ("Why were copper basins donated?", "003", "copper"),
    ("天津市增产节约开展好的工厂比例有什么变化？", "004", "增产节约"),
]


@pytest.mark.parametrize(("question", "seed", "words"), QUESTIONS)
def test_the_right_passage_is_among_the_first_three(
    archive: Archive, question: str, seed: str, words: str
) -> None:
    hits = archive.search(question, k=3)
    assert hits[0].passage.masthead.source.startswith(seed)
    assert any(
        words in h.passage.text for h in hits if h.passage.masthead == hits[0].passage.masthead
    )


@pytest.mark.parametrize("leg", ["dense", "keyword", "fused"])
def test_hits_are_ranked_by_falling_score(archive: Archive, leg: str) -> None:
    hits = archive.search(QUESTIONS[0][0], k=20, leg=leg)
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert len({hit.passage.passage_id for hit in hits}) == len(hits)
    assert all(set(hit.via) <= {"dense", "keyword", "sentence"} and hit.via for hit in hits)


def test_k_bounds_the_hits_and_does_not_change_their_order(archive: Archive) -> None:
    ten = [hit.passage.passage_id for hit in archive.search(QUESTIONS[1][0], k=10)]
    assert len(ten) == 10
    for k in (1, 3):
        assert [h.passage.passage_id for h in archive.search(QUESTIONS[1][0], k=k)] == ten[:k]


def test_each_language_is_asked_with_the_question_moved_there(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[Language, Vectors] = {}
    candidates = Index.candidates

    def watched(self: Index, language: Language, vector: Vectors, *rest: Any) -> Candidates:
        asked[language] = vector
        return candidates(self, language, vector, *rest)

    monkeypatch.setattr(Index, "candidates", watched)
    archive.search(QUESTIONS[1][0])
    own = archive.encoder.encode_query_tokens(QUESTIONS[1][0]).vector
    assert asked["en"] == pytest.approx(own, abs=1e-3)
    assert asked["zh"] == pytest.approx(load_fitted().moved(own, "en", "zh"), abs=1e-3)
    assert asked["zh"] @ asked["en"] < 0.95


def test_the_same_question_finds_the_same(archive: Archive) -> None:
    once, again = (archive.search(QUESTIONS[2][0]) for _ in range(2))
    assert once == again


def test_every_hit_stands_in_its_article(archive: Archive) -> None:
    for question, _, _ in QUESTIONS:
        for hit in archive.search(question):
            found = hit.passage
            text = archive.article(found.masthead.article_id).text(found.language)
            assert text
            assert text.body[found.start : found.end] == found.text


def test_an_article_in_both_languages_speaks_that_of_the_question(archive: Archive) -> None:
    for question, _, _ in QUESTIONS:
        result = archive.find(question)
        assert {hit.passage.language for hit in result.hits} == {result.question.language}


@pytest.mark.parametrize(
    ("wanted", "sources"),
    [
        (Filter(period=Period(date(1958, 1, 1), date(1958, 12, 31))), 1),
        (Filter(period=Period(None, date(1957, 12, 31))), 2),
        (Filter(period=Period(date(1957, 1, 1))), 4),
        (Filter(author="shu ti"), 1),
        (Filter(author="舒倜", language="en"), 1),
    ],
)
def test_a_filter_holds_for_every_hit(archive: Archive, wanted: Filter, sources: int) -> None:
    heads = [hit.passage.masthead for hit in archive.search("工厂 workers", k=50, filter=wanted)]
    assert len({head.source for head in heads}) == sources
    period = wanted.period or Period()
    for head in heads:
        assert (period.start or date.min) <= head.published <= (period.end or date.max)
        assert not wanted.author or {"舒倜", "Shu Ti"} <= set(head.authors)


@pytest.mark.parametrize(
    "wanted",
    [
        Filter(period=Period(date(1966, 1, 1), date(1976, 12, 31))),
        Filter(page=99),
        Filter(author="nobody"),
        Filter(author="舒倜", period=Period(None, date(1958, 1, 1))),
    ],
)
def test_a_filter_that_nothing_satisfies_finds_nothing(archive: Archive, wanted: Filter) -> None:
    for question, _, _ in QUESTIONS[:2]:
        assert archive.search(question, filter=wanted) == []


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("question", [QUESTIONS[0][0], QUESTIONS[1][0]])
def test_one_language_alone_may_be_asked_for(
    archive: Archive, question: str, language: str
) -> None:
    hits = archive.search(question, filter=Filter(language=language))
    assert {hit.passage.language for hit in hits} == {language}
    assert hits[0].passage.masthead.source.startswith("000")


@pytest.mark.parametrize(("question", "k"), [("", 10), ("  ", 10), ("why?", 0), ("why?", -1)])
def test_what_cannot_be_asked_is_refused(archive: Archive, question: str, k: int) -> None:
    with pytest.raises(BadQuestion):
        archive.search(question, k=k)


@pytest.mark.parametrize("question", ["？！", "的", "\u200b?", "🙂", "a" * 1_999])
def test_odd_questions_do_no_harm(archive: Archive, question: str) -> None:
    assert all(hit.passage.text for hit in archive.search(question))


def test_a_result_tells_how_it_was_understood_and_how_long_it_took(archive: Archive) -> None:
    result = archive.find("Who is Liao Shigang?")
    assert result.question.names == ("Liao Shigang",)
    assert {"encode", "search"} <= set(result.timings_ms)
    assert all(value >= 0 for value in result.timings_ms.values())


@pytest.mark.parametrize(
    "text", ["In 1957, what did the workers of the factories do?", "1957年，各厂的工人做了什么？"]
)
def test_a_year_speaks_for_what_was_printed_in_it(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    def found() -> Hit:
        hits = archive.search(text, 40)
        return next(hit for hit in hits if hit.passage.masthead.published.year == 1957)

    gained = found()
    monkeypatch.setattr(search, "PRINTED", 0.0)
    plain = found()
    monkeypatch.setattr(search, "PRINTED", 5.0)
    assert found().rank == 1
    # By one rank or none, as the processor rounds.
    assert gained.rank <= plain.rank
    assert gained.score > plain.score
