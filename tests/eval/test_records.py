"""What a run is kept in comes back as it was, or is refused with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from values import HEADER, cited, place, record

from eval.records import ANSWERS, BadRun, load_run, write_header, write_record


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_header(HEADER, tmp_path)
    with (tmp_path / ANSWERS).open("w", encoding="utf-8") as file:
        for name in ("one", "two"):
            write_record(record(name, cites=(cited(1, place(0, 9)),), text="“\u2028 引[1]”"), file)
    return tmp_path


def test_a_run_comes_back(folder: Path) -> None:
    run = load_run(folder)
    assert run.header == HEADER
    assert [r.case.id for r in run.records] == ["one", "two"]
    assert run.records[0].reply.text == "“\u2028 引[1]”"


def test_damage_is_said_with_its_line(folder: Path) -> None:
    path = folder / ANSWERS
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(BadRun, match=r"answers\.jsonl:2: ") as caught:
        load_run(folder)
    assert len(str(caught.value).splitlines()) == 1


def test_a_folder_without_a_run_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadRun, match="cannot be read"):
        load_run(tmp_path / "none")
