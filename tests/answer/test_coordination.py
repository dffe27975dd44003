"""A comparison -> the question about each of the two things alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.coordination import apart
from rag.types import Language


def place(text: str, name: str) -> tuple[int, int]:
    at = text.index(name)
    return at, at + len(name)


@pytest.mark.parametrize(
    ("text", "one", "other", "alone", "beside"),
    [
        (
            "天津红桥区和重庆建设机床厂，哪边职工提的建议更多？",
            "天津红桥区",
            "重庆",
            "天津红桥区，哪边职工提的建议更多？",
            "重庆建设机床厂，哪边职工提的建议更多？",
        ),
        # What stands beside a name goes with it, up to what is asked of both.
        (
            "重庆播种队促成的改进，和天津染化六厂实现的建议相比，哪个数目大？",
            "重庆",
            "天津",
            "重庆播种队促成的改进，相比，哪个数目大？",
            "天津染化六厂实现的建议相比，哪个数目大？",
        ),
        (
            "一个厂干不了的事，重庆和天津红桥区分别怎么解决？",
            "天津红桥区",
            "重庆",
            "一个厂干不了的事，天津红桥区分别怎么解决？",
            "一个厂干不了的事，重庆分别怎么解决？",
        ),
        (
            "红桥区比重庆提的建议多吗？",
            "红桥区",
            "重庆",
            "红桥区提的建议多吗？",
            "重庆提的建议多吗？",
        ),
        (
            "Which could claim more, the whole Tianjin Vehicle Factory or Liao Shigang alone?",
            "Liao Shigang",
            "Tianjin Vehicle Factory",
            "Which could claim more, Liao Shigang alone?",
            "Which could claim more, the whole Tianjin Vehicle Factory?",
        ),
        (
            "Which is larger: those won by Chongqing's teams in a month, or those of Tianjin?",
            "Chongqing",
            "Tianjin",
            "Which is larger: those won by Chongqing's teams in a month?",
            "Which is larger: those of Tianjin?",
        ),
        (
            "On wages, where did Jiaxing begin, and where did Chongqing?",
            "Jiaxing",
            "Chongqing",
            "On wages, where did Jiaxing begin?",
            "On wages, where did Chongqing begin?",
        ),
        # Two clauses that ask, each keep what is theirs.
        (
            "What did workers in Chongqing donate, and what did those of Tianjin propose?",
            "Chongqing",
            "Tianjin",
            "What did workers in Chongqing donate?",
            "what did those of Tianjin propose?",
        ),
        (
            "重庆的工人捐了什么，天津的工人提了什么？",
            "天津",
            "重庆",
            "天津的工人提了什么？",
            "重庆的工人捐了什么",
        ),
        (
            "为了增产，重庆怎么做，天津怎么做？",
            "重庆",
            "天津",
            "为了增产，重庆怎么做",
            "为了增产，天津怎么做？",
        ),
        # Without a mark before them two names are joined, and what follows is said of both.
        (
            "Did Hongqiao or Chongqing produce more?",
            "Hongqiao",
            "Chongqing",
            "Did Hongqiao produce more?",
            "Did Chongqing produce more?",
        ),
        (
            "How did Chongqing and Hongqiao each deal with it?",
            "Chongqing",
            "Hongqiao",
            "How did Chongqing each deal with it?",
            "How did Hongqiao each deal with it?",
        ),
        (
            "Did Hongqiao produce more than Chongqing?",
            "Hongqiao",
            "Chongqing",
            "Did Hongqiao produce more?",
            "Did produce more Chongqing?",
        ),
    ],
)
def test_each_thing_is_asked_about_alone(
    text: str, one: str, other: str, alone: str, beside: str
) -> None:
    language: Language = "en" if text.isascii() else "zh"
    places = place(text, one), place(text, other)
    assert apart(text, *places, language) == (alone, beside)
    assert apart(text, *places[::-1], language) == (beside, alone)


def test_what_no_word_joins_is_not_taken_apart() -> None:
    text = "Hongqiao, Chongqing: which?"
    assert apart(text, place(text, "Hongqiao"), place(text, "Chongqing"), "en") is None
    mixed = "重庆和天津和重庆"
    assert apart(mixed, (0, 8), place(mixed, "天津"), "zh") is None
    assert apart("谁？", (0, 0), (0, 0), "zh") is None


@given(st.text(max_size=60), st.data(), st.sampled_from(("zh", "en")))
def test_nothing_is_said_that_the_question_does_not_say(text, data, language) -> None:
    bounds = st.integers(0, len(text))
    one, other = (tuple(sorted((data.draw(bounds), data.draw(bounds)))) for _ in range(2))
    for part in apart(text, one, other, language) or ():
        assert set(part) <= {*text, " "}
        assert len(part) <= len(text)
