"""Zero tolerance: every way in which an answer of the seeds can be spoilt is seen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from eval.checks import faults
from rag.types import Answer

QUESTION = "天津红桥区的工业职工四天之内一共提了多少条革新建议？"


@pytest.fixture
def answer(archive: Any) -> Answer:
    given = archive.ask(QUESTION)
    assert given.state == "complete"
    return given


def test_a_sound_answer_and_a_refusal_have_no_fault(archive: Any, answer: Answer) -> None:
    assert faults(answer, archive.article) == ()
    refusal = archive.ask("What is the capital of Peru?")
    assert refusal.state == "refused"
    assert faults(refusal, archive.article) == ()


def first(answer: Answer, **changes: Any) -> Answer:
    one, *rest = answer.citations
    return replace(answer, citations=(replace(one, **changes), *rest))


def quote(answer: Answer, **changes: Any) -> Any:
    return replace(answer.citations[0].quote, **changes)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda a: first(a, quote=quote(a, text=a.citations[0].quote.text + "。")), "quote: [1]"),
        (lambda a: first(a, quote=quote(a, start=a.citations[0].quote.start + 1)), "quote: [1]"),
        (lambda a: first(a, quote=quote(a, start=-1)), "quote: [1]"),
        (lambda a: first(a, quote=quote(a, role="translation")), "quote: [1]"),
        (lambda a: first(a, quote=quote(a, language="en")), "quote: [1]"),
        (lambda a: first(a, counterpart=quote(a, text="x")), "quote: [1]"),
        (lambda a: first(a, masthead=replace(a.citations[0].masthead, page=9)), "another masthead"),
        (lambda a: first(a, masthead=replace(a.citations[0].masthead, article_id="no")),
         "an article that is not there"),
        (lambda a: replace(a, text=a.text + "[99]"), "mark: [99] stands for nothing"),
        (lambda a: first(a, mark=99), "mark: [99] is not in the text"),
        (lambda a: replace(a, citations=a.citations + a.citations[:1]), "stands for 2 citations"),
        (lambda a: replace(a, state="done"), "state: 'done' is none"),
        (lambda a: replace(a, state="failed"), "state: failed, and cites"),
        (lambda a: replace(a, citations=(), text="Yes."), "state: complete, and cites nothing"),
    ],
)  # fmt: skip
def test_each_fault_is_seen(archive: Any, answer: Answer, spoil: Any, said: str) -> None:
    assert any(said in fault for fault in faults(spoil(answer), archive.article))


@pytest.mark.parametrize("place", ["text", "note", "model", "across"])
def test_a_key_that_is_shown_is_seen(
    archive: Any, answer: Answer, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = "correct-horse-battery"
    monkeypatch.setenv("OPENAI_API_KEY", key)
    if place == "across":
        shown = replace(answer, question=replace(answer.question, across=key))
    else:
        shown = replace(answer, **{place: f"{getattr(answer, place)} {key}"})
    assert faults(answer, archive.article) == ()
    (fault,) = faults(shown, archive.article)
    assert fault.startswith("secret:")
    assert "horse" not in fault
