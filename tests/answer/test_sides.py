"""Comparisons: a sentence for each of the two things compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag import Archive
from rag.answer import sides
from rag.answer.naming import Named, names_of
from rag.answer.sides import both_sides
from rag.answer.wording import untold
from rag.retrieve.question import understand


@pytest.mark.parametrize(
    "question",
    [
        "天津红桥区和重庆建设机床厂，哪边的职工提出的革新建议更多？",
        "Did workers of the Hongqiao District or those of the Chongqing Construction Machine Tool "
        "Factory put forward more innovation suggestions?",
    ],
)
def test_each_side_of_a_comparison_is_cited_from_its_own_article(
    archive: Archive, question: str
) -> None:
    answer = archive.ask(question)
    said = " ".join(c.quote.text for c in answer.citations)
    assert answer.state == "complete"
    assert len({c.masthead.article_id for c in answer.citations}) == 2
    assert any(figure in said for figure in ("二十多万", "200,000"))
    assert any(figure in said for figure in ("十万", "100,000"))


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("天津染化六厂实现的革新建议和重庆播种队促成的改进，哪个数目大？", "六百多项"),
        (
            "Which is the larger figure: the suggestions implemented at Tianjin's No. 6 Dyeing and "
            "Chemical Factory, or the improvements won by Chongqing's seed-spreading teams?",
            "more than six hundred",
        ),
    ],
)
def test_where_numbers_are_compared_each_side_tells_one(
    archive: Archive, question: str, figure: str
) -> None:
    """The best sentence about the No. 6 factory has no number but that of its name."""
    said = " ".join(c.quote.text for c in archive.ask(question).citations)
    assert figure in said


@pytest.mark.parametrize(
    "question",
    ["Who is Liao Shigang?", "天津红桥区四天里提出了多少件技术革新建议？", "Which is more?"],
)
def test_a_question_that_sets_no_two_articles_side_by_side_has_no_sides(
    archive: Archive, question: str
) -> None:
    searcher = archive.searcher()
    found = searcher.search(question)
    sides = both_sides(
        found.question, (), found.hits, searcher.index, searcher.encoder, article=archive.article
    )
    assert sides is None


def test_no_hits_have_no_sides(archive: Archive) -> None:
    searcher = archive.searcher()
    asked = understand("Which is larger, A or B?")
    index, encoder = searcher.index, searcher.encoder
    assert both_sides(asked, (), (), index, encoder, article=archive.article) is None


def test_a_sentence_that_names_both_answers_for_both(archive: Archive, tmp_path: Path) -> None:
    both = (
        "    从经济总量看，上半年，广东、江苏生产总值超过六万亿元，山东超过四万亿元。\n"
        "    广东的工厂很多。山东的生产总值一季度有了提高。"
    )
    one = "    一季度，山东生产总值为二万亿元，增长很快。"
    other = "    一季度，广东生产总值为三万亿元，增长不快。"
    head = "### 经济\n\n1959-07-{}\n第1版()\n专栏：\n\n{}\n"
    for day, body in ((20, one), (21, other), (27, both)):
        (tmp_path / f"{day}.txt").write_text(head.format(day, body), "utf-8")
    with Archive.open(tmp_path / "home") as own:
        own.encoder = archive.encoder
        own.ingest(sorted(tmp_path.glob("*.txt")))
        answer = own.ask("广东和山东哪个省的生产总值高？")
    assert [c.quote.text[:12] for c in answer.citations] == ["从经济总量看，上半年，广"]


A, B, C = (Named(text, (text,), True) for text in ("Hongqiao", "Chongqing", "Jiaxing"))


def test_the_pair_holds_the_most_names_and_each_one_of_its_own() -> None:
    x, y, z, w = map(frozenset, ({A}, {B}, {A, B}, {B, C}))
    assert sides._pair({"x": x, "y": y, "z": z, "w": w}) == ("x", "w")
    assert sides._pair({"x": x, "z": z}) is None
    assert sides._pair({}) is None


def test_a_question_goes_without_some_names() -> None:
    text = "Did Hongqiao or Chongqing produce more?"
    assert sides._without(text, [A]) == "Did or Chongqing produce more?"
    theirs = "Were Tianjin's Hongqiao District's workers the most?"
    (whole,) = names_of(theirs, "en")
    assert sides._without(theirs, [whole]) == "Were workers the most?"


def test_a_question_keeps_its_names_that_are_left_and_never_loses_all_its_words() -> None:
    question = understand("Did Hongqiao or Chongqing produce more?")
    left = sides._put(question, "Did Chongqing produce more?")
    assert (left.text, left.names) == ("Did Chongqing produce more?", ("Chongqing",))
    assert sides._put(question, "?") is question


def test_each_side_is_asked_about_alone_or_without_the_names_of_the_other() -> None:
    names = frozenset({A}), frozenset({B})
    joined = understand("Did Hongqiao or Chongqing produce more?")
    assert sides._parts(joined, *names) == (
        "Did Hongqiao produce more?",
        "Did Chongqing produce more?",
    )
    apart = understand("Hongqiao, Chongqing: which?")
    assert sides._parts(apart, *names) == ("Hongqiao, : which?", ", Chongqing: which?")


def test_what_else_is_named_beside_one_side_stays_with_it() -> None:
    text = "How did Chongqing and Hongqiao help Jiaxing?"
    assert sides._parts(understand(text), frozenset({B, C}), frozenset({A})) == (
        "How did Chongqing help Jiaxing?",
        "How did Hongqiao help Jiaxing?",
    )


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        # Two articles are about Chongqing: the one that answers is taken.
        (
            "What did workers in Chongqing donate, and what did workers in Tianjin's Hongqiao "
            "District put forward?",
            "copper basins",
            "200,000",
        ),
        ("重庆的工人捐了什么，天津红桥区的工人提了什么？", "铜盆", "革新"),
    ],
)
def test_two_questions_in_one_are_answered_each_from_its_own_article(
    archive: Archive, question: str, one: str, other: str
) -> None:
    answer = archive.ask(question)
    quotes = [citation.quote.text for citation in answer.citations]
    assert (answer.state, answer.note) == ("complete", "")
    assert any(one in quote for quote in quotes)
    assert any(other in quote for quote in quotes)


def test_a_side_of_which_the_archive_does_not_say_is_left_out_and_told(archive: Archive) -> None:
    answer = archive.ask("How did Chongqing and Tianjin's Hongqiao District each help Guizhou?")
    assert answer.state == "complete"
    assert {c.masthead.published.year for c in answer.citations} == {1958}
    assert answer.note == untold(["Tianjin Hongqiao District"], "en")
    neither = archive.ask("重庆和天津红桥区分别捐献了什么飞机？")
    assert neither.state == "refused"
