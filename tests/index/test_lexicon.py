"""Keywords: BM25 worked out by hand, and several lexicons that score as one."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from rag.index.lexicon import Lexicon, Terms, idf
from rag.types import Group

# Three passages of 2, 3 and 2 words, 7/3 on average; k1 = 1.2, b = 0.75.
#   idf(n) = ln(1 + (3 - n + 0.5) / (n + 0.5))       idf(1) = ln(8/3)   idf(2) = ln(1.6)
#   tf(f, length) = f / (f + 1.2 (0.25 + 0.75 length / (7/3)))
#     f = 1, length 2: 1 / 2.071429 = 0.482759
#     f = 1, length 3: 1 / 2.457143 = 0.406977
#     f = 2, length 2: 2 / 3.071429 = 0.651163
PASSAGES = ["iron steel", "iron coal harvest", "steel steel"]
BY_HAND = {
    #          iron steel  iron coal harvest  steel steel
    "iron": (0.470004 * 0.482759, 0.470004 * 0.406977, 0),
    "steel": (0.470004 * 0.482759, 0, 0.470004 * 0.651163),
    "coal": (0, 0.980829 * 0.406977, 0),
    "nothing": (0, 0, 0),
}


def lexicon(folder: Path, passages: list[str]) -> Lexicon:
    terms = Terms()
    for passage in passages:
        terms.add(passage.split())
    Lexicon.build(folder, terms)
    return Lexicon(folder)


def weights(lexicons: list[Lexicon], terms: str) -> list[tuple[Group, float]]:
    """Each term as a group of its own."""
    total = sum(found.documents for found in lexicons)
    frequency = {t: sum(found.frequency(t) for found in lexicons) for t in terms.split()}
    return [({term: 1.0}, idf(total, n)) for term, n in frequency.items()]


def test_idf_by_hand() -> None:
    assert idf(3, 1) == pytest.approx(0.980829, abs=1e-6)
    assert idf(3, 2) == pytest.approx(0.470004, abs=1e-6)
    assert idf(3, 3) > 0


@pytest.mark.parametrize("term", BY_HAND)
def test_scores_by_hand(tmp_path: Path, term: str) -> None:
    made = lexicon(tmp_path, PASSAGES)
    assert made.scores(weights([made], term)) == pytest.approx(BY_HAND[term], abs=1e-5)


def test_terms_add_up(tmp_path: Path) -> None:
    made = lexicon(tmp_path, PASSAGES)
    expected = [sum(BY_HAND[t][i] for t in ("iron", "steel")) for i in range(3)]
    assert made.scores(weights([made], "iron steel nothing")) == pytest.approx(expected, abs=1e-5)


def test_frequencies(tmp_path: Path) -> None:
    made = lexicon(tmp_path, PASSAGES)
    assert made.documents == 3
    assert [made.frequency(t) for t in ("iron", "steel", "coal", "nothing")] == [2, 2, 1, 0]


def test_empty_passages_are_rows_that_nothing_finds(tmp_path: Path) -> None:
    made = lexicon(tmp_path, ["", "钢铁 生产", ""])
    assert made.documents == 3
    assert made.frequency("钢铁") == 1
    scores = made.scores([({"钢铁": 1.0}, 1.0)])
    assert scores[1] > 0
    assert scores[[0, 2]].tolist() == [0, 0]


def test_passages_that_are_all_empty(tmp_path: Path) -> None:
    made = lexicon(tmp_path, ["", ""])
    assert made.scores([({"钢铁": 1.0}, 1.0)]).tolist() == [0, 0]


def test_no_terms_score_nothing(tmp_path: Path) -> None:
    assert lexicon(tmp_path, PASSAGES).scores([]).tolist() == [0, 0, 0]


def test_two_lexicons_score_as_one_where_passages_are_as_long(tmp_path: Path) -> None:
    chance = random.Random(1)
    made = [" ".join(chance.choices("甲乙丙丁戊己庚辛壬癸", k=6)) for _ in range(60)]
    whole = lexicon(tmp_path / "whole", made)
    # The second holds only passages with 甲, so its own idf of it is far from the true one.
    parts = [[p for p in made if "甲" not in p], [p for p in made if "甲" in p]]
    halves = [lexicon(tmp_path / str(i), part) for i, part in enumerate(parts)]
    asked = weights(halves, "甲 乙 丙")
    assert asked == weights([whole], "甲 乙 丙")
    scored = dict(zip(made, whole.scores(asked).tolist(), strict=True))
    for half, part in zip(halves, parts, strict=True):
        assert half.scores(asked) == pytest.approx([scored[p] for p in part], abs=1e-5)


def test_two_lexicons_rank_nearly_as_one_otherwise(tmp_path: Path) -> None:
    chance = random.Random(2)
    made = [
        " ".join(chance.choices("甲乙丙丁戊己庚辛壬癸", k=chance.randint(4, 12)))
        for _ in range(200)
    ]
    whole = lexicon(tmp_path / "whole", made)
    halves = [lexicon(tmp_path / "a", made[:150]), lexicon(tmp_path / "b", made[150:])]
    asked = weights([whole], "甲 乙")
    apart = np.concatenate([half.scores(asked) for half in halves])
    together = whole.scores(asked)
    best = set(np.argsort(-together)[:20].tolist())
    assert len(best & set(np.argsort(-apart)[:20].tolist())) >= 18
    assert apart == pytest.approx(together, rel=0.1)


def test_a_group_counts_once_by_its_best_term(tmp_path: Path) -> None:
    made = lexicon(tmp_path, PASSAGES)
    # iron and steel stand for one word, steel at half the weight:
    #   iron steel: max(0.482759, 0.482759 / 2), iron coal harvest: 0.406977,
    #   steel steel: 0.651163 / 2
    group = {"iron": 1.0, "steel": 0.5, "nothing": 1.0}
    expected = [2 * 0.482759, 2 * 0.406977, 2 * 0.651163 / 2]
    assert made.scores([(group, 2.0)]) == pytest.approx(expected, abs=1e-5)
    # Two groups with the same terms add up.
    assert made.scores([(group, 1.0), (group, 1.0)]) == pytest.approx(expected, abs=1e-5)
