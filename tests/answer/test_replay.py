"""Replay records: written, read again, made again and compared; hostile ones give one line."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fakes import ScriptedModel

from rag.answer.model import Message
from rag.answer.replay import (
    BadRecord,
    Record,
    Recorder,
    Setup,
    asked,
    read_record,
    record,
    write_record,
)
from rag.answer.rerun import differences, other_setting
from rag.archive import Archive
from rag.errors import ModelFailed
from rag.types import Filter, Period, Turn
from ui import cli

WHO = "Who is Liao Shigang?"


@pytest.fixture
def made(archive: Archive) -> Record:
    """The record of an answer."""
    setup = Setup("print", 5, 20, archive.settings, "quote")
    return record(asked(WHO, (), None), archive.ask(WHO), setup)


def test_a_record_comes_back_as_it_was(made: Record, tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    write_record(file, made)
    assert read_record(file) == made
    assert made.given
    assert made.answer.citations[0].text in made.answer.text


def test_what_was_asked_is_asked_again() -> None:
    wanted = Filter(Period(None, None), page=2, language="zh", author="舒倜")
    turns = (Turn("one", "two"),)
    put = asked(WHO, turns, wanted)
    assert put.filter == replace(wanted, period=None)
    assert put.earlier == turns
    assert asked(WHO, (), None).filter is None


def test_the_prompt_is_kept_as_it_was_sent_and_the_reply(archive: Archive) -> None:
    recorder = Recorder(ScriptedModel(["Liao ", "Shigang."]))
    archive.ask(WHO, model=recorder)
    [call] = recorder.calls
    assert [message.role for message in call.messages] == ["system", "user"]
    assert WHO in call.messages[1].text
    assert call.reply == "Liao Shigang."


def test_a_reply_that_breaks_off_is_kept_too() -> None:
    recorder = Recorder(ScriptedModel(["half", ModelFailed("gone", kind="connection")]))
    with pytest.raises(ModelFailed):
        list(recorder.stream([Message("user", "?")]))
    assert recorder.calls[0].reply == "half"


def test_no_key_is_written(make_archive: Any, seeds_home: Path, tmp_path: Path) -> None:
    settings = make_archive(seeds_home, model_url="http://me:hunter2secret@localhost/v1").settings
    answer = make_archive(seeds_home).ask(WHO)
    made = record(asked(WHO, (), None), answer, Setup("p", 5, 20, settings, "quote"))
    write_record(tmp_path / "a.json", made)
    assert "hunter2secret" not in (tmp_path / "a.json").read_text("utf-8")


def test_each_difference_is_told(made: Record) -> None:
    answer = made.answer
    other = made.model_copy(
        update={
            "answer": answer.model_copy(
                update={"state": "refused", "text": "No.", "citations": ()}
            ),
            "given": made.given[1:],
        }
    )
    lines = differences(made, other)
    assert [line.partition(":")[0] for line in lines] == ["state", "text", "citations", "hits"]
    assert "1 gone, 0 new" in lines[3]
    assert differences(made, made) == []


def test_another_order_of_hits_is_told(made: Record) -> None:
    turned = made.model_copy(update={"given": made.given[::-1]})
    assert differences(made, turned) == [f"hits: the same {len(made.given)} in another order"]


def test_what_it_was_made_with_is_told(made: Record) -> None:
    settings = {**made.settings, "passage_tokens": 7}
    other = made.model_copy(
        update={"index": "new", "passages": 99, "model": "m", "settings": settings}
    )
    lines = other_setting(made, other)
    assert [line.split(" ")[1] for line in lines] == ["index", "archive", "model", "setting"]
    assert other_setting(made, made) == []


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b'{"schema_version": 2}',
        b"[" * 100_000,
        b'{"a": "' + b"x" * 100_000 + b'"}',
    ],
)
def test_what_is_no_record_gets_one_line(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(data)
    with pytest.raises(BadRecord) as error:
        read_record(file)
    assert "\n" not in str(error.value)
    assert len(error.value.message) < len(str(file)) + 300


@pytest.mark.parametrize(
    "change",
    [
        {"schema_version": 9},
        {"more": 1},
        {"model": "x" * 5_000},
        {"answer": {"state": "perfect"}},
        {"given": [{"passage_id": "\x1b[31m"}]},
    ],
)
def test_a_record_that_was_changed_is_refused(
    change: dict[str, Any], made: Record, tmp_path: Path
) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps({**json.loads(made.model_dump_json()), **change}))
    with pytest.raises(BadRecord) as error:
        read_record(file)
    assert str(error.value).isprintable()


def test_a_file_that_is_not_there_is_said_to_be(tmp_path: Path, made: Record) -> None:
    with pytest.raises(BadRecord, match="cannot be read"):
        read_record(tmp_path / "none.json")
    with pytest.raises(BadRecord, match="cannot be written"):
        write_record(tmp_path / "none" / "a.json", made)


# -- the command


def test_an_answer_is_recorded_and_made_again(seeds_home: Path, tmp_path: Path, capsys) -> None:
    file = tmp_path / "a.json"
    home = ["--home", str(seeds_home)]
    assert cli.run(["ask", WHO, "--record", str(file), *home]) == 0
    assert "Liao" in capsys.readouterr().out
    assert cli.run(["ask", "--replay", str(file), *home]) == 0
    assert "the same answer" in capsys.readouterr().out
    record = json.loads(file.read_text("utf-8"))
    record["answer"]["state"] = "refused"
    record["index"] = "another"
    file.write_text(json.dumps(record))
    assert cli.run(["ask", "--replay", str(file), *home]) == 1
    shown = capsys.readouterr().out
    assert "state: it was refused, it is complete" in shown
    assert "the index is another" in shown
    assert cli.run(["--json", "ask", "--replay", str(file), *home]) == 1
    assert json.loads(capsys.readouterr().out)["same"] is False


def test_a_replay_takes_no_question(tmp_path: Path, capsys) -> None:
    assert cli.run(["ask", WHO, "--replay", str(tmp_path / "a")]) == 2
    assert cli.run(["ask"]) == 2
    assert "Traceback" not in capsys.readouterr().err
