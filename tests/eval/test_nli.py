"""A model of entailment as a judge: each sentence against what it cites."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from fakes import save_cross_encoder
from values import cited, place, record

from eval import nli
from eval.nli import NliJudge
from rag.errors import ModelError

LABELS = ("contradiction", "entailment", "neutral")
QUOTES = (
    cited(1, place(0, 10), "全区提出了二十多万件建议。"),
    cited(2, place(20, 30), "仅最近四天。"),
)


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch):
    """A judge to whom a premise entails what stands in it, word for word."""

    def read(model: Any, pairs: list[tuple[str, str]]) -> np.ndarray:
        return np.array(
            [[0, 1.0, 0] if said in premise else [0, 0, 1.0] for premise, said in pairs]
        )

    monkeypatch.setattr(nli, "read_pairs", read)
    config = SimpleNamespace(id2label=dict(enumerate(LABELS)))
    return NliJudge(SimpleNamespace(config=config), "nli:by-hand")


@pytest.mark.parametrize(
    ("text", "failed"),
    [
        ("全区提出了二十多万件建议。[1]", None),
        ("全区提出了二十多万件建议。[1]仅最近四天。[2]", None),
        ("全区提出了二十多万件建议。[1][2]", None),
        ("全区提出了二十多万件建议。[2]", "全区提出了二十多万件建议。"),
        ("全区提出了二十多万件建议。", "全区提出了二十多万件建议。"),
        ("全区提出了二十多万件建议。[1]全国也是。[1]", "全国也是。"),
        ("全区提出了二十多万件建议。[7]", "全区提出了二十多万件建议。"),
    ],
)
def test_each_sentence_is_held_against_what_it_cites(judge, text: str, failed: str | None) -> None:
    said = judge.judge(record(cites=QUOTES, text=text))
    assert (said.case_id, said.judge, said.answers) == ("one", "nli:by-hand", None)
    assert said.supported is (failed is None)
    assert said.reason == (f"not entailed: {failed}" if failed else "")


def test_scores_that_are_no_numbers_are_said(judge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nli, "read_pairs", lambda _, pairs: np.full((len(pairs), 3), np.nan))
    said = judge.judge(record(cites=QUOTES))
    assert (said.supported, said.reason) == (None, "its scores are not numbers")


def test_a_model_from_a_folder_reads_pairs(tmp_path: Path) -> None:
    name = save_cross_encoder(tmp_path / "tiny-nli", LABELS)
    judge = NliJudge.load(name, "cpu")
    said = judge.judge(record(cites=QUOTES))
    assert said.judge == "nli:tiny-nli"
    premises = [(quote.quote.text, quote.quote.text) for quote in QUOTES]
    entailed = nli.read_pairs(judge.model, premises).argmax(axis=1) == 1
    assert said.supported is bool(entailed.all())


def test_a_model_without_entailment_is_refused(tmp_path: Path) -> None:
    name = save_cross_encoder(tmp_path / "other", ("not_entailment", "neutral"))
    with pytest.raises(ModelError, match=r"its labels are not_entailment, neutral.*nli:NAME"):
        NliJudge.load(name, "cpu")


def test_a_model_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"cannot be loaded.*nli:NAME"):
        NliJudge.load(str(tmp_path / "none"), "cpu")
