"""Cases: what the loader refuses and where, and the hand-written cases on the seeds."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.cases import (
    SEEDS,
    BadCases,
    Case,
    Kind,
    Slot,
    article_names,
    load_cases,
)
from eval.gold import Locator
from rag.corpus.sentences import split_sentences

ROOT = Path(__file__).resolve().parents[2]

QUOTE = {"article": "a.txt", "language": "en", "text": "Li made 60 of them."}
ANSWERED: dict[str, Any] = {
    "id": "q1.en", "pair": "q1", "language": "en", "kind": "how_many", "answerable": True,
    "question": "How many did Li make in 1959?", "slots": {"person": ["Li"], "year": ["1959"]},
    "articles": ["a.txt"], "gold": [QUOTE], "answers": ["60", "sixty"],
}  # fmt: skip
TRANSLATED = ANSWERED | {
    "id": "q1.zh", "language": "zh", "question": "李在1959年做了多少？",
    "slots": {"person": ["李"], "year": ["1959"]},
}  # fmt: skip
MISSED: dict[str, Any] = {
    "id": "m1", "language": "en", "answerable": False, "why_not": "near_miss",
    "question": "How many did Li make in 1957?", "slots": {"year": ["1957"]},
    "change": {"slot": "year", "was": "1959", "now": "1957"}, "derived_from": "q1.en",
}  # fmt: skip
ABSENT: dict[str, Any] = {
    "id": "x", "question": "Who was Li?", "language": "en", "answerable": False,
    "why_not": "absent",
}  # fmt: skip

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(*rows: dict[str, Any] | str) -> Path:
        path = tmp_path / "cases.jsonl"
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        path.write_text("\n".join(lines), "utf-8")
        return path

    return written


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return load_cases(SEEDS)


def without(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


def test_a_good_file_loads(write: Write) -> None:
    first, second, third, fourth = load_cases(write(ANSWERED, "", TRANSLATED, MISSED, ABSENT))
    assert (first.pair, second.pair, third.pair) == ("q1", "q1", None)
    assert first.gold[0].text == "Li made 60 of them."
    assert first.slots["year"] == ("1959",)
    assert third.change is not None
    assert (third.change.was, third.change.now) == ("1959", "1957")
    assert (fourth.kind, fourth.gold, fourth.why_not) == (None, (), "absent")


def test_a_line_ends_at_a_line_feed_alone(write: Write) -> None:
    odd = json.dumps(ABSENT | {"question": "Who\u2028was\x85Li?"}, ensure_ascii=False)
    assert load_cases(write(odd))[0].question == "Who\u2028was\x85Li?"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{", "Invalid JSON"),
        ("[1]", "Input should be an object"),
        (ABSENT | {"colour": "red"}, "colour: Unexpected keyword argument"),
        (ABSENT | {"col\nour": "red"}, "col?our: Unexpected"),
        (without(ABSENT, "question"), "question: Field required"),
        (ABSENT | {"question": " "}, "question: String should match"),
        (ABSENT | {"language": "fr"}, "language: Input should be 'zh' or 'en'"),
        (ABSENT | {"answerable": "no"}, "answerable: Input should be a valid boolean"),
        (ABSENT | {"kind": "whose"}, "kind: Input should be 'how_many'"),
        (ABSENT | {"slots": {"colour": ["red"]}}, "slots.colour"),
        (ABSENT | {"slots": {"person": ["Wu"]}}, "slots.person: 'Wu' does not stand in"),
        (without(ABSENT, "why_not"), "'x': an unanswerable case says `why_not`"),
        (ABSENT | {"answers": ["Li"]}, "an unanswerable case has no `articles`"),
        (ABSENT | {"derived_from": "q1.en"}, "only a near miss has"),
        (without(MISSED, "change"), "a near miss needs `change` and `derived_from`"),
        (MISSED | {"slots": {}}, "change.now: '1957' is not in slots.year"),
        (without(ANSWERED, "gold"), "an answerable case needs"),
        (without(ANSWERED, "answers"), "an answerable case needs"),
        (ANSWERED | {"why_not": "absent"}, "an answerable case has no `why_not`"),
        (ANSWERED | {"articles": ["a.txt", "b.txt"]}, "`gold` must quote each"),
        (ANSWERED | {"articles": ["b.txt"]}, "`gold` must quote each"),
        (ANSWERED | {"gold": [QUOTE | {"start": 3}]}, "gold.0.start: Unexpected keyword"),
        (ANSWERED | {"acceptable": [QUOTE]}, "among `gold` already"),
        (ANSWERED | {"acceptable": [QUOTE | {"article": "b.txt"}]}, "`acceptable` quotes an"),
    ],
)
def test_a_bad_line_is_named_and_said(write: Write, row: dict[str, Any] | str, said: str) -> None:
    path = write(ABSENT | {"id": "first"}, "", row)
    with pytest.raises(BadCases) as caught:
        load_cases(path)
    assert str(caught.value).startswith(f"{path}:3: ")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.remedy == "see docs/cases.md"


@pytest.mark.parametrize(
    ("rows", "line", "said"),
    [
        ([ABSENT, ABSENT], 2, "the id 'x' is that of line 1"),
        ([ANSWERED], 1, "the pair 'q1' is not one question in each"),
        ([ANSWERED, TRANSLATED | {"language": "en"}], 2, "is not one question in each"),
        ([ANSWERED, TRANSLATED, TRANSLATED | {"id": "q1.b"}], 3, "is not one question in each"),
        ([ANSWERED, TRANSLATED | {"kind": "who"}], 2, "differ in more than their words"),
        ([ANSWERED, TRANSLATED | {"acceptable": [QUOTE | {"text": "!"}]}], 2, "differ in more"),
        ([MISSED], 1, "derived_from: 'q1.en' is no answerable case"),
        ([without(ANSWERED, "pair"), MISSED | {"derived_from": "m1"}], 2, "is no answerable"),
        ([ANSWERED, TRANSLATED, MISSED | {"derived_from": "q1.zh"}], 3, "is no answerable"),
        (
            [
                without(ANSWERED, "pair"),
                MISSED | {"change": {"slot": "year", "was": "1958", "now": "1957"}},
            ],
            2,
            "change.was: '1958' does not stand in the question of 'q1.en'",
        ),
        (
            [
                without(ANSWERED, "pair"),
                MISSED | {"question": "Did Li?", "slots": {"person": ["Li"]}}
                | {"change": {"slot": "person", "was": "Li", "now": "Li"}},
            ],
            2,
            "change.now: 'Li' stands in the question of 'q1.en' too",
        ),
    ],
)  # fmt: skip
def test_cases_that_disagree_are_named(
    write: Write, rows: list[dict[str, Any]], line: int, said: str
) -> None:
    path = write(*rows)
    with pytest.raises(BadCases) as caught:
        load_cases(path)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "cannot be read"), (b"\n \n", "holds no case"), (b'{"id": "\xff"}', "not UTF-8 at")],
)
def test_a_file_that_is_none_is_said(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "cases.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadCases, match=said):
        load_cases(path)


@given(st.text(max_size=80) | st.dictionaries(st.text(max_size=9), st.integers()).map(json.dumps))
def test_whatever_a_line_holds_is_refused_in_one_line(
    tmp_path_factory: pytest.TempPathFactory, line: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.jsonl"
    path.write_bytes(line.encode("utf-8", "surrogatepass"))
    with pytest.raises(BadCases) as caught:
        load_cases(path)
    assert len(str(caught.value).splitlines()) == 1


# -- the hand-written cases on the seeds


def test_the_seeds_have_the_cases_they_should(cases: list[Case], seeds: Path) -> None:
    for language in ("zh", "en"):
        mine = [case for case in cases if case.language == language]
        answerable = [case for case in mine if case.answerable]
        assert len(answerable) == 100
        assert Counter(case.why_not for case in mine if not case.answerable) == {
            "near_miss": 40, "absent": 20, "out_of_scope": 20,
        }  # fmt: skip
        assert Counter(case.articles[0] for case in answerable) == {
            path.name: 20 for path in seeds.glob("*.txt")
        }
        near = Counter(case.change.slot for case in mine if case.change)
        assert near == dict.fromkeys(get_args(Slot), 8)


def test_every_article_is_asked_every_kind_of_question(cases: list[Case]) -> None:
    for article in {case.articles[0] for case in cases if case.answerable}:
        kinds = {case.kind for case in cases if case.articles[:1] == (article,)}
        assert kinds == set(get_args(Kind))
    for case in cases:
        if case.answerable:
            assert len(case.articles) == (2 if case.kind == "comparison" else 1)


def test_every_case_has_its_translation(cases: list[Case]) -> None:
    assert len({case.id for case in cases}) == len(cases) == 360
    assert {case.id for case in cases} == {
        f"{pair}.{language}" for pair in {case.pair for case in cases} for language in ("zh", "en")
    }
    assert len({case.question for case in cases}) == len(cases)


def test_every_gold_quote_stands_in_its_article(cases: list[Case], archive: Any) -> None:
    assert list(Locator.of(archive).problems(cases)) == []


def test_every_gold_quote_is_whole_sentences(cases: list[Case], archive: Any) -> None:
    whole: dict[tuple[str, str], set[str]] = {}
    for name, ids in article_names(archive).items():
        for text in archive.article(next(iter(ids))).texts:
            spans = split_sentences(text.body, text.language)
            one = {text.body[start:end] for start, end in spans}
            two = {text.body[a.start : b.end] for a, b in pairwise(spans)}
            whole[name, text.language] = one | two
    for case in cases:
        for quote in (*case.gold, *case.acceptable):
            assert quote.text in whole[quote.article, quote.language], case.id


def test_answerable_cases_quote_every_article_in_both_languages(cases: list[Case]) -> None:
    for case in cases:
        if case.answerable:
            wanted = {(article, each) for article in case.articles for each in ("zh", "en")}
            assert {(quote.article, quote.language) for quote in case.gold} == wanted


def test_short_answers_stand_in_the_gold(cases: list[Case]) -> None:
    # Yes, no and what takes two sentences together are put in our own words; so are these.
    worded = {f"northchina-{n}.{each}" for n in (10, 11) for each in ("zh", "en")}
    worded |= {f"pacesetters-15.{each}" for each in ("zh", "en")}
    for case in cases:
        if case.answerable and case.kind not in ("yes_no", "comparison"):
            gold = [quote.text for quote in case.gold if quote.language == case.language]
            stands = any(a.lower() in text.lower() for a in case.answers for text in gold)
            assert stands != (case.id in worded), case.id


def test_a_near_miss_differs_in_one_slot_alone(cases: list[Case]) -> None:
    by_id = {case.id: case for case in cases}
    for case in cases:
        if case.change and case.derived_from:
            origin = by_id[case.derived_from]
            assert case.change.now in case.question
            assert case.change.now not in origin.question
            assert case.change.was in origin.slots[case.change.slot]
            assert case.change.was not in case.question
            assert origin.question.replace(case.change.was, case.change.now) == case.question
            assert case.kind == origin.kind


def test_what_does_not_stand_is_said(archive: Any, cases: list[Case]) -> None:
    good = cases[0]
    zh, en = sorted(good.gold, key=lambda quote: quote.language, reverse=True)
    assert (zh.language, en.language) == ("zh", "en")
    rows = [
        ("moved", type(zh)(zh.article, "en", zh.text)),
        ("off", type(zh)(zh.article, "zh", zh.text[:-1] + "！")),
        ("lost", type(zh)("none.txt", "zh", zh.text)),
    ]
    bad = [Case(name, "?", "zh", answerable=True, gold=(quote,)) for name, quote in rows]
    problems = list(Locator.of(archive).problems([good, *bad]))
    assert [problem.split(":")[0] for problem in problems] == ["moved", "off", "lost"]
    assert problems[2] == "lost: the archive holds no article 'none.txt'"


def test_an_article_goes_by_its_id_its_file_and_its_stem(archive: Any) -> None:
    names = article_names(archive)
    wanted = {"1959-11-24.p2.23b253ff62"}
    assert names["1959-11-24.p2.23b253ff62"] == wanted
    assert names["000_1bca0996e3dfc6b6.txt"] == wanted
    assert names["000_1bca0996e3dfc6b6"] == wanted


def test_the_examples_in_the_documents_are_of_the_seeds() -> None:
    text = (ROOT / "docs" / "cases.md").read_text("utf-8")
    examples = [json.loads(part.split("```")[0]) for part in text.split("```json")[1:]]
    rows = [json.loads(line) for line in SEEDS.read_text("utf-8").strip().split("\n")]
    assert len(examples) == 2
    assert all(example in rows for example in examples)
