"""The fastest way to run a model is found once, among those that give its vectors.

The models here take so many seconds by a clock that they move, and give such vectors.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from rag.errors import ModelError
from rag.index.fastest import WAYS, Way, fastest

RIGHT = np.eye(10, 4, dtype=np.float32) + 0.1
WRONG = np.roll(RIGHT, 1, axis=1)


class Race:
    """Models by way, on a clock that they move."""

    def __init__(self, *told: tuple[float, np.ndarray] | Exception) -> None:
        self.told = dict(zip(WAYS, told, strict=True))
        self.loaded: list[Way] = []
        self.read: dict[Way, int] = {}
        self.clock = 0.0

    def load(self, way: Way) -> SimpleNamespace:
        self.loaded.append(way)
        if isinstance(told := self.told[way], Exception):
            raise told
        seconds, vectors = told

        def encode(texts: list[str], **_: object) -> np.ndarray:
            self.clock += seconds * len(texts)
            self.read[way] = self.read.get(way, 0) + len(texts)
            return vectors[: len(texts)]

        return SimpleNamespace(encode=encode)

    def run(self, cache: Path, precision: str = "auto") -> Way:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(time, "perf_counter", lambda: self.clock)
            return fastest(self.load, "m", precision, cache)


def test_the_fastest_way_is_found_once(tmp_path: Path) -> None:
    race = Race((3, RIGHT), (4, RIGHT), (2, RIGHT), (1, RIGHT))
    assert (race.run(tmp_path), race.run(tmp_path)) == (WAYS[3], WAYS[3])
    assert race.loaded == list(WAYS)


def test_a_way_that_changes_the_vectors_is_left_out(tmp_path: Path) -> None:
    assert Race((3, RIGHT), (2, RIGHT), (4, RIGHT), (1, WRONG)).run(tmp_path) == WAYS[1]


def test_a_way_that_a_model_cannot_go_is_left_out(tmp_path: Path) -> None:
    race = Race((3, RIGHT), (4, RIGHT), (5, RIGHT), RuntimeError("heads differ"))
    assert race.run(tmp_path) == WAYS[0]


def test_a_way_that_is_hopeless_reads_one_text_alone(tmp_path: Path) -> None:
    race = Race((2, RIGHT), (5, RIGHT), (4, RIGHT), (1, RIGHT))
    assert race.run(tmp_path) == WAYS[3]
    assert race.read == {WAYS[0]: 44, WAYS[1]: 4, WAYS[2]: 44, WAYS[3]: 44}


def test_a_model_that_cannot_be_loaded_is_told_and_nothing_written(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="not there"):
        Race(ModelError("not there", ""), *[(1, RIGHT)] * 3).run(tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_precision_that_was_chosen_is_kept(tmp_path: Path) -> None:
    race = Race((1, RIGHT), (2, RIGHT), (3, RIGHT), (2, RIGHT))
    assert race.run(tmp_path, "float32") == WAYS[0]
    assert race.run(tmp_path, "bfloat16") == WAYS[3]
    assert race.run(tmp_path) == WAYS[0]


@pytest.mark.parametrize("note", ["", "{", "[]", '"x"'])
def test_a_broken_note_is_written_anew(tmp_path: Path, note: str) -> None:
    (tmp_path / "fastest.json").write_text(note)
    race = Race((3, RIGHT), (4, RIGHT), (2, RIGHT), (1, RIGHT))
    assert (race.run(tmp_path), race.run(tmp_path)) == (WAYS[3], WAYS[3])
    assert race.loaded == list(WAYS)


@pytest.mark.parametrize("noted", [["int4", "none"], "bfloat16", 7, None])
def test_a_note_of_no_way_is_written_anew(tmp_path: Path, noted: object) -> None:
    race = Race((3, RIGHT), (4, RIGHT), (2, RIGHT), (1, RIGHT))
    race.run(tmp_path)
    note = tmp_path / "fastest.json"
    note.write_text(json.dumps(dict.fromkeys(json.loads(note.read_text()), noted)))
    assert race.run(tmp_path) == WAYS[3]
    assert race.loaded == [*WAYS, *WAYS]
