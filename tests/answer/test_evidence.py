"""Which sentences are taken as evidence, and when none is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rag.answer.choose import choose, surest
from rag.answer.crowd import crowding
from rag.answer.evidence import (
    READ,
    Evidence,
    _together,
    find_evidence,
    load_evidence_weights,
)
from rag.archive import Archive
from rag.corpus.aligner import counterpart
from rag.retrieve.terms import coverage
from rag.types import Hit, Masthead, Pair, Passage, Span

HEAD = Masthead("1959-11-24.p2.0123456789", {"zh": "题"}, (), date(1959, 11, 24), 2, "", "a.txt")
HIT = Hit(Passage("p", HEAD, "zh", 0, 4, "句子。"), 1.0, 1, ("dense",))


def sentence(score: float, margin: float = 1.0, held: tuple[float, ...] = ()) -> Evidence:
    features = (0.9, 0.7, 0.5, 0.9, 0.2, 0.0, 0.5, 1.0, 0.0, 0.0, 1.1)
    text = f"第{score}句。"
    return Evidence(HIT, Span(0, 3), text, features, score, score, margin, held, around=held)


@pytest.mark.parametrize(
    ("evidence", "chosen"),
    [
        ([], 0),
        ([sentence(5, -0.1), sentence(4.9)], 0),  # the best does not answer
        ([sentence(5), sentence(4.8)], 1),
        ([sentence(5), sentence(4.99), sentence(4.98), sentence(4.97)], 3),  # never more
        ([sentence(5), sentence(4.99, -0.1)], 1),  # never one that does not answer by itself
        # What holds another part of the question is quoted too, if it is nearly as likely.
        ([sentence(5, 1, (0.5, 0.0)), sentence(4, 1, (0.0, 0.5))], 2),
        ([sentence(5, 1, (0.5, 0.0)), sentence(4, 1, (0.5, 0.1))], 1),
        ([sentence(5, 1, (0.5, 0.0)), sentence(2, 1, (0.0, 0.5))], 1),
    ],
)
def test_choose(evidence: list[Evidence], chosen: int) -> None:
    assert len(choose(evidence)) == chosen


def test_what_two_articles_say_in_the_same_words_is_quoted_once() -> None:
    first, other = sentence(5), sentence(4.98)
    again = replace(sentence(4.99), text=first.text)
    assert choose([first, again, other]) == [first, other]


def test_coverage_is_a_share_by_weight() -> None:
    # 3 of 4 by weight: 革新 (2) and 建议 (1) stand in the sentence, 苏联 (1) does not.
    weighted = [({"革新": 1.0}, 2.0), ({"建议": 1.0}, 1.0), ({"苏联": 1.0}, 1.0)]
    assert coverage("职工提出技术革新的建议。", weighted) == pytest.approx(0.75)
    assert coverage("职工提出技术革新的建议。", []) == 0.0


def test_a_group_counts_once_by_its_best_term() -> None:
    weighted = [({"建议": 1.0, "提出": 0.5}, 1.0), ({"倡议": 1.0, "提出": 0.5}, 1.0)]
    assert coverage("职工提出技术革新的建议。", weighted) == pytest.approx(0.75)


def test_weights_cover_every_pair_of_languages() -> None:
    weights = load_evidence_weights()
    pairs = {"zh-zh", "en-en", "en-zh", "zh-en"}
    assert set(weights.scores) == set(weights.least) == set(weights.margins) == pairs
    assert {len(each) for each in weights.scores.values()} == {17}
    assert {len(each) for each in weights.margins.values()} == {18}


def test_how_surely_a_question_is_answered_is_told_by_the_likeliest_by_itself() -> None:
    likeliest = replace(sentence(4.0, margin=-0.5), alone=6.0)
    assert surest([sentence(5.0, margin=2.0), likeliest]) == -0.5
    assert choose([sentence(5.0, margin=2.0), likeliest]) == []
    assert surest([]) < 0


def across(item: Evidence, span: Span, score: float) -> Evidence:
    return replace(item, span=span, score=score)


def test_a_sentence_is_worth_what_it_says_in_both_languages() -> None:
    pairs = {
        HEAD.article_id: (
            Pair(Span(0, 3), Span(0, 20), 0.9),
            Pair(Span(3, 6), Span(20, 60), 0.9),
            Pair(Span(6, 9), None, 0.0),
        )
    }
    first, second, lone = (replace(sentence(2.0), span=Span(at, at + 3)) for at in (0, 3, 6))
    others = [
        across(first, Span(0, 20), -1.0),
        across(second, Span(20, 40), 3.0),  # two sentences of one counterpart: the better one
        across(second, Span(40, 60), 7.0),
    ]
    by_chinese = [item.score for item in _together([first, second, lone], others, pairs, "zh")]
    assert by_chinese == pytest.approx([0.6 * 2 - 0.4, 0.6 * 2 + 0.4 * 7, 0.6 * 2 - 0.4])
    by_english = [item.score for item in _together([first, second], others, pairs, "en")]
    assert by_english == pytest.approx([0.4 * 2 - 0.6, 0.4 * 2 + 0.6 * 7])
    (alone,) = _together([first], others, {}, "zh")
    assert alone is first


@pytest.mark.parametrize("text", ["Who is Liao Shigang?", "廖世刚是谁？"])
def test_in_a_translated_article_the_counterpart_has_a_say(archive: Archive, text: str) -> None:
    searcher = archive.searcher()
    result = searcher.search(text, READ)
    found = find_evidence(result.question, result.hits, searcher.index, searcher.encoder)
    assert [item.score for item in found] == sorted((i.score for i in found), reverse=True)
    assert any(item.score != item.alone for item in found)
    best = found[0]
    article = archive.article(best.hit.passage.masthead.article_id)
    assert counterpart(article.pairs, best.hit.passage.language, best.span) is not None
    assert best.hit.passage.text.count(best.text) >= 1


def test_in_a_large_archive_an_answer_has_to_be_surer(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    searcher = archive.searcher()
    result = searcher.search("天津红桥区的工厂怎样搞技术革新？", 10)
    asked = result.question, result.hits, searcher.index, searcher.encoder
    few = find_evidence(*asked)
    monkeypatch.setitem(searcher.index.__dict__, "sizes", {"zh": 50_000, "en": 50_000})
    many = find_evidence(*asked)
    lost = crowding([hit.score for hit in result.hits], 100_000)
    assert lost > 0
    assert [item.text for item in many] == [item.text for item in few]
    assert surest(many) == pytest.approx(surest(few) - lost)


@pytest.mark.parametrize("skipped", [0, 1])
def test_what_stands_in_the_best_hit_is_told(archive: Archive, skipped: int) -> None:
    searcher = archive.searcher()
    result = searcher.search("Who is Liao Shigang?", READ)
    hits = result.hits[skipped:]
    found = find_evidence(result.question, hits, searcher.index, searcher.encoder)
    assert {item.hit.rank for item in found if item.features[-1]} == {1 + skipped}
    assert len({item.hit.rank for item in found}) > 1


def test_words_that_stand_elsewhere_alone_tell_against_an_answer(archive: Archive) -> None:
    def amiss(text: str) -> float:
        searcher = archive.searcher()
        result = searcher.search(text, READ)
        found = find_evidence(result.question, result.hits, searcher.index, searcher.encoder)
        return min(item.features[-2] for item in found)

    asked = "How many innovation suggestions did Hongqiao's employees put forward"
    assert amiss(f"{asked}?") == 0
    # No article has xylophones, and that says nothing; another article has copper basins.
    assert amiss(f"{asked} with xylophones?") < 0.2 < amiss(f"{asked} on copper basins?")
