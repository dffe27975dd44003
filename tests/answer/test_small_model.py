"""A real, small language model is often wrong, and the checks say so: `python -m eval.small_model`
asks it a hundred questions; here are six, and the rules it is judged by."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.small_model import PATIENT, Watched, run, wrong_in
from rag.answer.model import load_model

PROMPT = (
    '<article date="1959-04-11" title="Pacesetters of Chongqing">\n'
    "[1] Liao Shigang realised sixty-two innovations in four days.\n"
    "[2] The workers made 2,000 suggestions in 1958.\n</article>\nQuestion: Who is Ma Haiqing?"
)


@pytest.mark.parametrize(
    ("statement", "wrong"),
    [
        ("The worker Liao Shigang did it in 4 days[1].", []),
        ("They made 2000 suggestions[2].", []),
        ("They made 300 suggestions[2].", ["300"]),
        ("They made 2,000 suggestions[1].", ["2,000"]),
        ("It was done by Haiqing in 1958[2].", ["Haiqing"]),
        ("The workers of Chongqing made them[2].", []),
        ("The workers of Wuhan made them【2】.", ["Wuhan"]),
        ("The worker Liao did it.", ["Liao"]),
    ],
)
def test_what_is_wrong_is_found_by_plain_rules(statement: str, wrong: list[str]) -> None:
    assert wrong_in(statement, PROMPT) == wrong


def test_what_a_real_model_gets_wrong_is_never_supported(make_archive, seeds_home, smollm2: Path):
    pytest.importorskip("xllamacpp")
    archive = make_archive(seeds_home, **PATIENT)
    model = load_model(f"gguf:{smollm2}", archive.settings)
    assert model
    watched = Watched(model)
    tally = run(
        archive,
        watched,
        [
            "Who is Liao Shigang?",
            "How many innovation proposals came in from workers of Tianjin's Hongqiao District?",
            "How many factories in Jiaxing met their profit plans for 1956 early?",
            "Why did units all over Chongqing clear out their warehouses?",
            "Where was Liao Shigang employed?",
            "How many hands was Workshop 35 short of to begin with?",
        ],
    )
    assert tally.faults == []
    assert sum(tally.states.values()) == 6
    assert tally.caught["supported"] == 0
    assert watched.pieces > 0
