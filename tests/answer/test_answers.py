"""Answers over the five samples: the right sentence, or that the archive does not say."""

from __future__ import annotations

from datetime import date

import pytest
from fakes import ScriptedModel

from rag.answer.cite import stands
from rag.answer.quoting import quote_lines
from rag.answer.wording import AMONG, HOW_TO_ASK, OF_ANOTHER_TIME, without_lead
from rag.archive import Archive
from rag.types import (
    Answer,
    CitationsReady,
    Done,
    Filter,
    HitsFound,
    Period,
    TextAdded,
    Turn,
    VerdictsReady,
)

ANSWERED = [
    # question, article, what the quote holds, what its counterpart holds
    ("天津红桥区四天里提出了多少件技术革新建议？", "000", "二十多万件", "more than 200,000"),
    (
        "How many technical innovation suggestions were put forward in Hongqiao District, "
        "Tianjin in four days?",
        "000",
        "more than 200,000",
        "二十多万件",
    ),
    ("Who is Liao Shigang?", "001", "Liao Shigang, a technical innovation expert", "廖世刚"),
    ("嘉兴市委工业部曾经被叫做什么？", "002", "“查火表的”", '"meter readers"'),
    ("Why were copper basins donated?", "003", "donated copper basins", "铜盆"),
    (
        "天津市增产节约开展好的工厂比例有什么变化？",
        "004",
        "由三分之一上升到二分之一强",
        "one-third to more than one-half",
    ),
]
REFUSED = [
    "What did Mao say at Lushan in 1959?",
    "毛泽东一九五九年在庐山说了什么？",
    "谁在1972年访问了北京？",
    "What is the capital of France?",
    "今天天气怎么样？",
    "Who won the 1958 World Cup?",
]


def check(answer: Answer, archive: Archive) -> None:
    """What holds of every answer: quotes stand, marks resolve, nothing unsupported is shown."""
    for citation in answer.citations:
        article = archive.article(citation.masthead.article_id)
        source = (archive.seeds / citation.masthead.source).read_text("utf-8")  # type: ignore[attr-defined]
        for found in filter(None, (citation.quote, citation.counterpart)):
            assert stands(found, article)
            assert " ".join(found.text.split()) in " ".join(source.split())
        assert f"[{citation.mark}]" in answer.text
    assert {verdict.support for verdict in answer.verdicts} <= {"supported"}
    assert len(answer.citations) <= 3


@pytest.fixture
def samples(archive: Archive, seeds) -> Archive:
    archive.seeds = seeds
    return archive


@pytest.mark.parametrize(("question", "article", "quoted", "across"), ANSWERED)
def test_the_right_sentence_is_cited(
    samples: Archive, question: str, article: str, quoted: str, across: str
) -> None:
    answer = samples.ask(question)
    assert answer.state == "complete"
    check(answer, samples)
    right = [c for c in answer.citations if quoted in c.quote.text]
    assert right, [c.quote.text for c in answer.citations]
    assert right[0].masthead.source.startswith(article)
    assert right[0].quote.language == answer.question.language
    assert right[0].counterpart is not None
    joined = " ".join(c.counterpart.text for c in answer.citations if c.counterpart)
    assert across in joined


@pytest.mark.parametrize("question", REFUSED)
def test_what_the_archive_does_not_say_is_refused(samples: Archive, question: str) -> None:
    answer = samples.ask(question)
    assert (answer.state, answer.citations, answer.verdicts) == ("refused", (), ())
    assert answer.text in ("档案中没有查到相关记载。", "The archive does not say.")


def test_the_answer_is_in_the_language_asked_in(samples: Archive) -> None:
    assert samples.ask("廖世刚是谁？").citations[0].quote.language == "zh"
    assert samples.ask("Who is Liao Shigang?").citations[0].quote.language == "en"


def test_a_text_without_translation_is_quoted_in_the_original(make_archive, seeds) -> None:
    whole = (seeds / "001_523bdd3c56f652b7.txt").read_text("utf-8")
    alone = make_archive().settings.home.parent / "alone.md"
    alone.write_text(whole[whole.index("###") :], "utf-8")
    archive = make_archive()
    archive.ingest([alone])
    answer = archive.ask("How many major technical innovations did the expert realize?")
    if answer.state == "complete":  # across languages an answer may be refused
        assert answer.text.startswith("(Not translated in the archive")
        assert all(c.quote.role == "original" and c.counterpart is None for c in answer.citations)
    answer = archive.ask("廖世刚连续实现了多少项重大技术革新？")
    assert "六十多项" in answer.text
    assert all(c.counterpart is None for c in answer.citations)


def test_a_filter_that_matches_nothing_finds_nothing(samples: Archive) -> None:
    wanted = Filter(period=Period(date(1970, 1, 1), date(1979, 12, 31)))
    answer = samples.ask("Who is Liao Shigang?", filter=wanted)
    assert (answer.state, answer.hits) == ("refused", ())


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("1959年11月23日天津红桥区四天里提出了多少件技术革新建议？", "二十多万件"),
        ("1957年1月29日嘉兴市委工业部曾经被叫做什么？", None),  # that day does not stand there
    ],
)
def test_what_no_paper_of_the_time_says_one_of_another_day_may(
    archive: Archive, question: str, holds: str | None
) -> None:
    answer = archive.ask(question)
    lead = answer.text.startswith(OF_ANOTHER_TIME["zh"])
    assert lead == (holds is not None) == (answer.state == "complete")
    assert holds is None or (holds in answer.text and answer.question.period is None)
    # A filter of the reader's is kept.
    assert archive.ask(question, filter=Filter(period=Period(date(1960, 1, 1)))).hits == ()


def test_events_come_in_order(samples: Archive) -> None:
    events = list(samples.stream("Who is Liao Shigang?"))
    kinds = [type(event) for event in events]
    assert kinds == [HitsFound, TextAdded, CitationsReady, VerdictsReady, Done]
    answer = events[-1].answer
    assert answer.text == "".join(e.text for e in events if isinstance(e, TextAdded))
    assert answer.model == "quote"
    assert set(answer.timings_ms) == {"encode", "search", "evidence", "total"}


def test_the_same_question_gets_the_same_answer(samples: Archive) -> None:
    first, second = (samples.ask("Why were copper basins donated?") for _ in range(2))
    assert (first.text, first.citations, first.hits) == (
        second.text,
        second.citations,
        second.hits,
    )


def test_a_translation_that_cuts_a_sentence_in_two_is_quoted_whole(archive: Archive) -> None:
    """One Chinese sentence; the English begins the second half of it with "However"."""
    answer = archive.ask("Did Workshop 35 take on more workers to cope with its extra tasks?")
    [citation] = answer.citations
    assert citation.quote.role == "translation"
    assert "originally lacked 200 laborers. However, " in citation.quote.text
    assert "没有增加工人" in citation.counterpart.text
    assert answer.text == f"“{citation.quote.text}”[1]"
    assert [verdict.support for verdict in answer.verdicts] == ["supported"]
    asked_in_chinese = archive.ask("三十五车间为完成增加的任务添了工人没有？")
    assert "三十五车间在任务大大增加" in asked_in_chinese.citations[0].quote.text


@pytest.mark.parametrize("said", ["你好！", "Hello!", "What can you do?", "谢谢"])
def test_what_asks_nothing_is_told_how_to_ask(archive: Archive, said: str) -> None:
    model = ScriptedModel(["Hello, I am a model."])
    before = (Turn("Who is Liao Shigang?", "“…”[1]"),)
    answer = archive.ask(said, before, model=model)
    assert answer.text == HOW_TO_ASK[answer.language]
    assert (answer.state, answer.hits, answer.citations) == ("refused", (), ())
    assert answer.standalone == ""
    assert model.asked == []


@pytest.mark.parametrize(
    ("text", "article", "opens"),
    [
        ("What happened on November 24, 1959?", "1959-11-24.p2", "Reporter Shu Ti reports"),
        ("1959年11月24日人民日报报道了什么？", "1959-11-24.p2", "天津"),
        ("What did the People's Daily report in 1959?", "1959-11-24.p2", ""),
        ("What happened in 1959?", "1959-11-24.p2", ""),
        ("What happened in Tianjin in 1959?", "1959-11-24.p2", "Reporter Shu Ti reports"),
        ("What articles are there about Chongqing?", "1959-06-05.p2", "Chongqing"),
        ("关于嘉兴有什么报道？", "1957-01-30.p2", "嘉兴"),
        ("1958年重庆有哪些新闻？", "1958-07-23.p7", "重庆"),
    ],
)
def test_asked_for_all_of_a_time_or_a_place_what_articles_begin_with(
    samples: Archive, text: str, article: str, opens: str
) -> None:
    answer = samples.ask(text)
    check(answer, samples)
    assert answer.state == "complete"
    assert answer.text.startswith(AMONG[answer.language])
    assert without_lead(answer.text, answer.language) == quote_lines(answer.citations)
    heads = [citation.masthead for citation in answer.citations]
    assert heads[-1].article_id.startswith(article)
    assert len({head.article_id for head in heads}) == len(heads)
    assert opens in answer.citations[-1].quote.text
    for citation in answer.citations:
        assert citation.quote.start == 0


def test_of_a_time_that_the_archive_has_nothing_from(archive: Archive) -> None:
    for text in ("What happened on November 25, 1959?", "What happened in 1961?"):
        answer = archive.ask(text)
        assert (answer.state, answer.citations) == ("refused", ())


@pytest.mark.parametrize(
    "text",
    [
        "毛泽东有哪些新闻？",
        "What articles are there about Mackinder?",
        "What happened in Liaoning in 1959?",
        "1961年重庆有什么新闻？",
    ],
)
def test_articles_on_what_none_of_them_names_are_not_told(archive: Archive, text: str) -> None:
    assert not archive.ask(text).text.startswith(tuple(AMONG.values()))
