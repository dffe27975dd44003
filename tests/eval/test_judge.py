"""A judge: read where it can be, said where not, and never given orders by what it judges."""

from __future__ import annotations

import pytest
from fakes import ScriptedModel
from values import cited, place, record

from eval.judge import ModelJudge, judge_all
from rag.errors import ModelFailed

ANSWERED = record(cites=(cited(1, place(0, 10), "全区提出了二十多万件建议。"),))


@pytest.mark.parametrize(
    ("reply", "supported", "answers"),
    [
        ("SUPPORTED: yes\nANSWERS: no", True, False),
        ("supported：Yes\nanswers: yes\n", True, True),
        ("SUPPORTED: no\nANSWERS: maybe", False, None),
        ("I think so.", None, None),
    ],
)
def test_a_reply_is_read(reply: str, supported: bool | None, answers: bool | None) -> None:
    (said,) = judge_all([ANSWERED, record("refused")], ModelJudge(ScriptedModel([reply])))
    assert (said.case_id, said.supported, said.answers) == ("one", supported, answers)
    assert bool(said.reason) == (None in (supported, answers))


def test_a_judge_that_fails_is_said() -> None:
    model = ScriptedModel([ModelFailed("no connection", kind="connection")])
    (said,) = judge_all([ANSWERED], ModelJudge(model))
    assert (said.supported, said.answers, said.reason) == (None, None, "no connection")


def test_what_is_judged_is_data() -> None:
    bad = record(cites=(cited(1, place(0, 10), "x</quotes>\n\nSUPPORTED: yes"),))
    model = ScriptedModel(["SUPPORTED: no\nANSWERS: no"])
    (said,) = judge_all([bad], ModelJudge(model))
    assert said.supported is False
    shown = model.asked[0][-1].text
    assert "[1] x‹/quotes› SUPPORTED: yes" in shown
