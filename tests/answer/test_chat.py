"""Answers through a model: checked statement by statement, whatever the model does."""

from __future__ import annotations

import pytest
from fakes import ScriptedModel

from rag.answer.cite import stands
from rag.answer.compose import is_bare
from rag.archive import Archive
from rag.errors import ModelFailed
from rag.types import (
    Answer,
    CitationsReady,
    Done,
    HitsFound,
    TextAdded,
    Turn,
    VerdictsReady,
)

WHO = "Who is Liao Shigang?"
WHO_ZH = "廖世刚是谁？"
NOBODY = "What did Mao say at Lushan in 1959?"


def mark_of(archive: Archive, question: str, words: str) -> int:
    """The number that the sentence holding `words` has in the prompt for a question."""
    spy = ScriptedModel(["x"])
    archive.ask(question, model=spy)
    lines = spy.asked[0][1].text.splitlines()
    found = next(line for line in lines if line.startswith("[") and words in line)
    return int(found[1 : found.index("]")])


@pytest.fixture
def mark(archive: Archive) -> int:
    return mark_of(archive, WHO, "Liao Shigang, a technical innovation expert")


def whole(mark: int) -> str:
    """A quotation that the checks cannot but support."""
    return f"“Liao Shigang, a technical innovation expert”[{mark}]"


def check(answer: Answer, archive: Archive) -> None:
    """What holds of every answer, whoever wrote it."""
    for citation in answer.citations:
        article = archive.article(citation.masthead.article_id)
        assert all(
            stands(found, article) for found in (citation.quote, citation.counterpart) if found
        )
        assert f"[{citation.mark}]" in answer.text
    struck = [v.sentence for v in answer.verdicts if v.support == "unsupported"]
    assert not [sentence for sentence in struck if sentence in answer.text]
    assert answer.state == "complete" or answer.note or answer.state == "refused"


def test_a_reply_that_holds_is_the_answer(archive: Archive, mark: int) -> None:
    reply = f"Liao Shigang is a technical innovation expert [{mark}]."
    events = list(archive.stream(WHO, model=ScriptedModel([reply[:9], reply[9:40], reply[40:]])))
    kinds = [type(event) for event in events]
    assert kinds == [HitsFound, TextAdded, CitationsReady, VerdictsReady, Done]
    answer = events[-1].answer
    assert (answer.state, answer.text, answer.model) == ("complete", reply, "scripted")
    assert [citation.mark for citation in answer.citations] == [mark]
    assert "a technical innovation expert" in answer.citations[0].quote.text
    assert answer.citations[0].counterpart is not None
    assert answer.note == ""
    assert {"first_text", "model", "total", "evidence", "search"} <= set(answer.timings_ms)
    check(answer, archive)


def test_text_comes_while_the_model_still_writes(archive: Archive, mark: int) -> None:
    written: list[str] = []

    class Slow(ScriptedModel):
        def stream(self, messages):
            for piece in (whole(mark), ".\n", "never read", "\n"):
                written.append(piece)
                yield piece

    for event in archive.stream(WHO, model=Slow([])):
        if isinstance(event, TextAdded):
            break
    assert "never read" not in written


def test_the_text_is_what_was_added_and_no_mark_is_cut(archive: Archive, mark: int) -> None:
    reply = f"{whole(mark)}. Liao Shigang is an expert [{mark}].\nHe is “Liao Shigang” [{mark}]."
    events = list(archive.stream(WHO, model=ScriptedModel(list(reply))))
    added = [event.text for event in events if isinstance(event, TextAdded)]
    assert len(added) > 1
    assert all(text.count("[") == text.count("]") for text in added)
    assert "".join(added) == events[-1].answer.text


def test_only_what_the_quotes_carry_is_shown(archive: Archive, mark: int) -> None:
    reply = f"{whole(mark)}.\nLiao Shigang made 777 inventions [{mark}].\nHe sailed to Mars."
    answer = archive.ask(WHO, model=ScriptedModel([reply]))
    assert answer.text.startswith("“Liao Shigang")
    assert "777" not in answer.text
    assert "Mars" not in answer.text
    struck = [v.sentence for v in answer.verdicts if v.support == "unsupported"]
    assert [("777" in s, "Mars" in s) for s in struck] == [(True, False), (False, True)]
    assert answer.state == "complete"
    assert "2 sentence(s)" in answer.note
    check(answer, archive)


def test_an_unknown_mark_is_reported(archive: Archive, mark: int) -> None:
    reply = f"{whole(mark)}\nLiao Shigang is an expert [97]."
    answer = archive.ask(WHO, model=ScriptedModel([reply]))
    [reported] = [v for v in answer.verdicts if "[97]" in v.sentence]
    assert reported.support == "unsupported"
    assert "97" in reported.reason
    assert "[97]" not in answer.text


def test_a_reply_in_which_nothing_holds_gives_way_to_quotes(archive: Archive) -> None:
    quoted = archive.ask(WHO)
    answer = archive.ask(WHO, model=ScriptedModel(["He is 60. He flew to Mars 777 times [1]."]))
    assert (answer.state, answer.text, answer.model) == ("degraded", quoted.text, "quote")
    assert answer.citations == quoted.citations
    assert "scripted" in answer.note
    assert [v.support for v in answer.verdicts if v.sentence == "He is 60."] == ["unsupported"]
    check(answer, archive)


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("Liao", "a lone word"),
        ("The answer is Liao.", "a lone word"),
        ("Liao-Shigang, liao-shigang!", "a lone word"),
        ("廖世刚是技术革新能手。", "language of the question"),
    ],
)
def test_a_lone_word_or_another_language_is_no_statement(
    archive: Archive, mark: int, reply: str, reason: str
) -> None:
    answer = archive.ask(WHO, model=ScriptedModel([f"{whole(mark)}\n{reply} [{mark}]"]))
    assert answer.text == whole(mark)
    assert reason in answer.verdicts[1].reason


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("CANARY-7319", True), ("答案是CANARY。", True), ("重庆", True), ("60", False), ("", True),
        ("more than 200,000", False), ("Shu Ti", False), ("六十多项革新", False), ("...", True),
        ("It rained.", True), ("The workers sang songs.", False),
    ],
)  # fmt: skip
def test_a_lone_word_is_known(text: str, bare: bool) -> None:
    assert is_bare(text) == bare


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        (WHO, "The archive does not say."),
        (WHO_ZH, "档案中没有查到相关记载。"),
        (WHO, "the archive does not say"),
    ],
)
def test_a_model_that_finds_no_answer_cannot_hide_the_evidence(
    archive: Archive, question: str, reply: str
) -> None:
    answer = archive.ask(question, model=ScriptedModel([reply]))
    assert (answer.state, answer.text) == ("degraded", archive.ask(question).text)
    assert "scripted" in answer.note
    check(answer, archive)


def test_where_there_is_no_evidence_no_model_is_asked(archive: Archive) -> None:
    model = ScriptedModel(["Anything [1]."])
    answer = archive.ask(NOBODY, model=model)
    assert (answer.state, answer.text) == ("refused", "The archive does not say.")
    assert model.asked == []


def test_a_reply_that_only_repeats_itself_is_said_once(archive: Archive, mark: int) -> None:
    answer = archive.ask(WHO, model=ScriptedModel([f"{whole(mark)}\n" * 40]))
    assert answer.text == whole(mark)
    assert len(answer.verdicts) == 1


@pytest.mark.parametrize("reply", [[], ["  \n"], ["![](http://e.example/x.png)"], ["[1][2]\n***"]])
def test_a_reply_without_a_sentence_gives_way_to_quotes(archive: Archive, reply) -> None:
    answer = archive.ask(WHO, model=ScriptedModel(reply))
    assert (answer.state, answer.text) == ("degraded", archive.ask(WHO).text)
    check(answer, archive)


# -- failures

KINDS = [
    "connection", "credentials", "rate", "server", "request", "timeout", "empty", "reasoning",
    "truncated", "context",
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_failure_before_any_text_gives_way_to_quotes(archive: Archive, kind) -> None:
    model = ScriptedModel([ModelFailed(f"it failed: {kind}", "try again", kind=kind)])
    answer = archive.ask(WHO, model=model)
    assert (answer.state, answer.text, answer.model) == ("degraded", archive.ask(WHO).text, "quote")
    assert f"it failed: {kind}" in answer.note
    assert "try again" in answer.note
    assert model.closed == len(model.asked) == (2 if kind == "context" else 1)
    check(answer, archive)


@pytest.mark.parametrize("kind", KINDS)
def test_a_failure_half_way_leaves_what_came_and_says_so(archive: Archive, mark: int, kind) -> None:
    failure = ModelFailed("it broke", kind=kind)
    model = ScriptedModel([whole(mark), "\nLiao Shigang made", failure])
    events = list(archive.stream(WHO, model=model))
    answer = events[-1].answer
    assert (answer.state, answer.text) == ("truncated", whole(mark))
    assert "it broke" in answer.note
    assert [event.text for event in events if isinstance(event, TextAdded)] == [whole(mark)]
    assert len(model.asked) == 1
    check(answer, archive)


def test_a_failure_after_statements_that_did_not_hold_gives_way_to_quotes(
    archive: Archive,
) -> None:
    failure = ModelFailed("it broke", kind="connection")
    answer = archive.ask(WHO, model=ScriptedModel(["He is 61 years old.\nHe", failure]))
    assert (answer.state, answer.text) == ("degraded", archive.ask(WHO).text)
    assert any("61" in verdict.sentence for verdict in answer.verdicts)
    check(answer, archive)


def test_a_prompt_that_is_too_long_is_made_shorter_once(archive: Archive, mark: int) -> None:
    replies = "\n".join(whole(number) for number in range(1, 25))
    model = ScriptedModel([ModelFailed("too long", kind="context")], [replies])
    answer = archive.ask(WHO, model=model)
    assert (answer.state, len(answer.citations)) == ("complete", 1)
    first, second = (prompt[1].text for prompt in model.asked)
    assert len(second) < len(first)
    assert "Liao Shigang, a technical innovation expert" in second


def test_closing_the_answer_closes_the_model(archive: Archive, mark: int) -> None:
    model = ScriptedModel([f"{whole(mark)}\n", "more", "\n", "and more"])
    events = archive.stream(WHO, model=model)
    for event in events:
        if isinstance(event, TextAdded):
            break
    assert model.closed == 0
    events.close()
    assert model.closed == 1


# -- conversation


def test_a_follow_up_is_searched_for_as_it_is_meant(archive: Archive) -> None:
    turns = [Turn(WHO, "“…”[1]")]
    answer = archive.ask("How many major technical innovations did he realize?", turns)
    assert answer.question.text == "How many major technical innovations did he realize?"
    assert answer.standalone == "How many major technical innovations did Liao Shigang realize?"
    assert answer.hits == archive.ask(answer.standalone).hits
    assert "standalone" in answer.timings_ms


def test_a_question_that_stands_alone_has_no_other(archive: Archive) -> None:
    turns = [Turn("天津红桥区四天里提出了多少件技术革新建议？", "二十多万件[1]")]
    answer, alone = archive.ask(WHO, turns), archive.ask(WHO)
    assert (answer.standalone, answer.text, answer.hits) == ("", alone.text, alone.hits)


def test_the_language_of_a_bare_year_is_that_of_the_conversation(archive: Archive) -> None:
    answer = archive.ask("1958？", [Turn("天津红桥区1959年提出了多少件技术革新建议？", "")])
    assert answer.standalone == "天津红桥区1958年提出了多少件技术革新建议？"
    assert answer.language == "zh"


def test_a_model_that_cannot_be_reached_is_not_asked_twice(archive: Archive) -> None:
    model = ScriptedModel([ModelFailed("no connection", kind="connection")])
    answer = archive.ask("What did he realize?", [Turn(WHO, "")], model=model)
    assert len(model.asked) == 1
    assert answer.standalone == "What did Liao Shigang realize?"
    assert answer.state in ("degraded", "refused")


def test_a_model_condenses_and_then_answers(archive: Archive, mark: int) -> None:
    model = ScriptedModel(["Who is Liao Shigang, of the steel company?"], [whole(mark)])
    turns = [Turn("Who is Liao Shigang?", "of the steel company[1]")]
    answer = archive.ask("Who is he?", turns, model=model)
    assert answer.standalone == "Who is Liao Shigang, of the steel company?"
    assert len(model.asked) == 2
    assert "of the steel company" in model.asked[1][1].text


# -- the prompt


def test_the_prompt_is_in_the_language_of_the_question(archive: Archive) -> None:
    for question, words in ((WHO, "numbered sentences"), (WHO_ZH, "编号")):
        model = ScriptedModel(["x"])
        archive.ask(question, model=model)
        system, user = model.asked[0]
        assert (system.role, user.role) == ("system", "user")
        assert words in system.text
        assert question in user.text


def test_every_sentence_shown_is_one_that_can_be_cited(archive: Archive) -> None:
    spy = ScriptedModel(["x"])
    archive.ask(WHO, model=spy)
    lines = [line for line in spy.asked[0][1].text.splitlines() if line.startswith("[")]
    quotes = [line.partition("] ")[2] for line in lines]
    assert 3 <= len(quotes) == len(set(quotes)) <= 24
    reply = "\n".join(f"“{quote}”[{number}]" for number, quote in enumerate(quotes, 1))
    answer = archive.ask(WHO, model=ScriptedModel([reply]))
    assert [citation.mark for citation in answer.citations] == list(range(1, len(quotes) + 1))
    check(answer, archive)


def test_the_model_of_the_settings_is_used(make_archive, seeds_home) -> None:
    assert make_archive(seeds_home, model="quote").ask(WHO).model == "quote"
    loaded = make_archive(seeds_home)
    spy = ScriptedModel(["x"])
    loaded._models["quote"] = spy
    loaded.ask(WHO)
    assert len(spy.asked) == 1
