"""Short answers: what was said, what is right, and the number expected beside them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.texts import chrf, contains, exact_match, f1, plain
from rag.types import Language

# said | answers | language | EM | F1
TABLE = """
the Denver Broncos      | Denver Broncos         | en | 1 | 1     articles do not count
Denver Broncos.         | denver broncos         | en | 1 | 1     nor case and full stops
in the year 1959        | 1959                   | en | 0 | 1/2   P 1/3, R 1: 2*1/(3+1)
twenty two factories    | 22 / twenty factories  | en | 0 | 4/5   the better answer: 2*2/(3+2)
nothing                 | 1959                   | en | 0 | 0
三百名                  | 三百名                 | zh | 1 | 1
“三百名”。              | 三百名                 | zh | 1 | 1     punctuation goes
三百多名职工            | 三百名                 | zh | 0 | 4/9   longest run 三百: 2*2/(6+3)
1959年                  | 1959 年                | zh | 1 | 1     a run of others is one token
共1959年                | 1959年                 | zh | 0 | 4/5   2 of 3 and of 2: 2*2/(3+2)
没有                    | 三百名                 | zh | 0 | 0
"""


@pytest.mark.parametrize("line", [line for line in TABLE.splitlines() if line.strip()])
def test_exact_match_and_f1(line: str) -> None:
    said, answers, language, exact, rest = (part.strip() for part in line.split("|"))
    expected = rest.split()[0]
    above, _, below = expected.partition("/")
    right = [answer.strip() for answer in answers.split("/")]
    assert exact_match(said, right, language) == float(exact)
    assert f1(said, right, language) == pytest.approx(int(above) / int(below or 1))


def test_chrf_of_ab_against_abc() -> None:
    # n=1: P 2/2, R 2/3; n=2: P 1/1, R 1/2; no trigram in "ab". Means: P 1, R 7/12.
    # F2 = 5PR/(4P+R) = (35/12)/(55/12) = 7/11
    assert chrf("ab", ["abc"]) == pytest.approx(7 / 11)
    assert chrf("ab", ["xyz", "ab"]) == pytest.approx(1)
    assert chrf("三百名", ["三百名"]) == pytest.approx(1)
    assert chrf("", ["ab"]) == 0


def test_an_answer_stands_in_what_was_said_as_whole_words() -> None:
    assert contains("It took four days.", ["Four days"], "en") == 1
    assert contains("It took fourteen days.", ["four"], "en") == 0
    assert contains("全厂三百名职工", ["三百名"], "zh") == 1
    assert contains("全厂", ["三百名"], "zh") == 0
    assert contains("全区共有1200人。", ["1200 人"], "zh") == 1
    assert contains("英雄SHENYANG人", ["Shenyang"], "zh") == 1


@pytest.mark.parametrize(
    ("said", "answer", "language"),
    [
        ("全区共有1200人。", "200人", "zh"),
        ("The district has 1200 people.", "200 people", "en"),
        ("全区共有1,200人。", "200人", "zh"),
        ("全区共有１，２００人。", "２００人", "zh"),
        ("增产3.5吨。", "5吨", "zh"),
        ("他在NATO工作", "NAT", "zh"),
    ],
)
def test_a_part_of_a_number_or_word_is_not_what_was_asked(
    said: str, answer: str, language: Language
) -> None:
    assert contains(said, [answer], language) == 0


@pytest.mark.parametrize(
    ("answer", "language"),
    [("", "zh"), (" ", "zh"), ("。", "zh"), ("“”", "zh"), ("", "en"), (" ", "en"), ("The!", "en")],
)
def test_an_answer_without_a_word_stands_nowhere(answer: str, language: Language) -> None:
    for said in ("", "全厂三百名职工。", "All of the workers!", answer):
        assert contains(said, [answer], language) == 0
    assert contains("全厂三百名职工。", [answer, "三百名"], "zh") == 1


def test_a_number_in_groups_is_one_token() -> None:
    assert f1("共1,200人", ["1200人"], "zh") == pytest.approx(4 / 5)  # 2 of 3 and of 2
    assert f1("1953,1954年", ["1953年"], "zh") == pytest.approx(2 / 5)  # a list is none: 1 of 3, 2


def test_plain_leaves_out_marks_and_quotation_marks() -> None:
    assert plain("“Four days.”[1]\n“Five.”[2]") == "Four days. Five."


@given(
    st.text(max_size=30), st.lists(st.text(max_size=20), max_size=3), st.sampled_from(["zh", "en"])
)
def test_f1_is_between_nothing_and_all(said: str, answers: list[str], language) -> None:
    score = f1(said, answers, language)
    assert 0 <= score <= 1
    assert f1(said, [*answers, said], language) >= score
    assert exact_match(said, [said], language) == 1


@given(st.text(max_size=30), st.text(max_size=20), st.sampled_from(["zh", "en"]))
def test_what_is_said_word_for_word_stands_there(said: str, answer: str, language) -> None:
    assert contains(f"{said} {answer} {said}", [answer], language) == contains(
        answer, [answer], language
    )
