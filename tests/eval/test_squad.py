"""SQuAD-format files as cases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.cases import BadCases, GoldQuote
from eval.squad import read_squad

# Version 2.0; the context has a run of spaces and two paragraphs, as web text has.
ENGLISH = {
    "version": "v2.0",
    "data": [
        {
            "title": "Normans",
            "paragraphs": [
                {
                    "context": "They came in 911.  Rollo led\tthem.\nHe swore fealty in 911.",
                    "qas": [
                        {
                            "id": "n1",
                            "question": " When did they come? ",
                            "is_impossible": False,
                            "answers": [
                                {"text": "911", "answer_start": 13},
                                {"text": "in 911", "answer_start": 10},
                                {"text": "911", "answer_start": 55},
                            ],
                        },
                        {
                            "id": "n2",
                            "question": "Who led them in 1066?",
                            "is_impossible": True,
                            "answers": [],
                            "plausible_answers": [{"text": "Rollo", "answer_start": 19}],
                        },
                        {
                            "id": "n3",
                            "question": "Who led them?",
                            "answers": [{"text": "Rollo led\tthem.\nHe", "answer_start": 19}],
                        },
                    ],
                }
            ],
        }
    ],
}
# As CMRC 2018: no title, ids on entries and paragraphs, and an offset of -1.
CHINESE = {
    "version": "v1.0",
    "data": [
        {
            "id": "DEV_7",
            "paragraphs": [
                {
                    "id": "DEV_7",
                    "context": "范廷颂是越南人。1963年被任命为主教；1990年升枢机。",
                    "qas": [
                        {
                            "id": "DEV_7_QUERY_0",
                            "question": "范廷颂是何时被任为主教的？",
                            "answers": [{"text": "1963年", "answer_start": -1}],
                        }
                    ],
                }
            ],
        }
    ],
}


def written(tmp_path: Path, value: Any) -> Path:
    path = tmp_path / "set.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value), "utf-8")
    return path


def altered(**question: Any) -> dict[str, Any]:
    """The Chinese file with some fields of its question changed; None takes a field out."""
    value = json.loads(json.dumps(CHINESE))
    fields = value["data"][0]["paragraphs"][0]["qas"][0]
    fields.update(question)
    for name in [name for name, given in question.items() if given is None]:
        del fields[name]
    return value


def test_version_2(tmp_path: Path) -> None:
    first, second, third = read_squad(written(tmp_path, ENGLISH))
    assert (first.id, first.question, first.language) == ("n1", "When did they come?", "en")
    assert first.articles == ("Normans",)
    assert first.gold == (GoldQuote("Normans", "en", "They came in 911."),)
    assert first.acceptable == (GoldQuote("Normans", "en", "He swore fealty in 911."),)
    assert first.answers == ("911", "in 911")
    assert (second.answerable, second.why_not, second.articles) == (False, "absent", ())
    assert [quote.text for quote in third.gold] == ["Rollo led them.", "He swore fealty in 911."]


def test_version_1_in_chinese(tmp_path: Path) -> None:
    (case,) = read_squad(written(tmp_path, CHINESE))
    assert (case.language, case.articles) == ("zh", ("DEV_7",))
    assert case.gold == (GoldQuote("DEV_7", "zh", "1963年被任命为主教；"),)


def test_a_language_given_is_taken(tmp_path: Path) -> None:
    assert read_squad(written(tmp_path, CHINESE), "en")[0].language == "en"


@pytest.mark.parametrize("start", [2, 9, 40, 10**30, -(10**30)])
def test_a_wrong_offset_finds_the_nearest_answer(tmp_path: Path, start: int) -> None:
    answer = {"text": "1963年", "answer_start": start}
    (case,) = read_squad(written(tmp_path, altered(answers=[answer])))
    assert [quote.text for quote in case.gold] == ["1963年被任命为主教；"]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("{", "Invalid JSON"),
        ({"questions": []}, "data: Field required"),
        ({"data": []}, "holds no question"),
        (altered(question=None), "data.0.paragraphs.0.qas.0.question: Field required"),
        (altered(id=" "), "data.0.paragraphs.0.qas.0.id"),
        (altered(answers=[]), "data.0.paragraphs.0.qas.0: no answer"),
        (
            altered(answers=[{"text": "1964年", "answer_start": 8}]),
            "data.0.paragraphs.0.qas.0: '1964年' does not stand in the context",
        ),
        (
            {"data": CHINESE["data"] * 2},
            "data.1.paragraphs.0.qas.0: the id 'DEV_7_QUERY_0' comes twice",
        ),
        (
            {"data": [{"paragraphs": [{**CHINESE["data"][0]["paragraphs"][0], "id": ""}]}]},
            "its article has neither title nor id",
        ),
    ],
)
def test_what_is_wrong_and_where_is_said(tmp_path: Path, value: Any, said: str) -> None:
    path = written(tmp_path, value)
    with pytest.raises(BadCases) as caught:
        read_squad(path)
    assert str(caught.value).startswith(str(path))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadCases, match="cannot be read"):
        read_squad(tmp_path / "none.json")
