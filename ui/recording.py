"""What `jiubao ask --record` and `--replay` do: an answer written down, and made again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rag.answer.model import QUOTE, load_model
from rag.answer.replay import (
    Asked,
    Record,
    Recorder,
    Setup,
    asked,
    read_record,
    record,
    write_record,
)
from rag.answer.rerun import differences, other_setting
from rag.types import Answer, Filter

if TYPE_CHECKING:
    from rag.archive import Archive


@dataclass(frozen=True, slots=True)
class Compared:
    """How an answer that was made again differs, and what it was made with otherwise; a line
    each."""

    differences: list[str]
    otherwise: list[str]


def recorded(
    archive: Archive, file: Path, question: str, wanted: Filter | None, model: str | None
) -> Answer:
    """Asks, and writes down what the answer was made from.

    Raises:
        BadRecord: the file cannot be written; else what asking raises.
    """
    answer, made = _made(archive, asked(question, (), wanted), model)
    write_record(file, made)
    return answer


def asked_again(archive: Archive, file: Path, model: str | None) -> Compared:
    """Asks what a file records, with the model it names or another, and compares.

    Raises:
        BadRecord: the file is no record; else what asking raises.
    """
    was = read_record(file)
    _, now = _made(archive, was.asked, model or was.model)
    return Compared(differences(was, now), other_setting(was, now))


def _made(archive: Archive, put: Asked, model: str | None) -> tuple[Answer, Record]:
    from rag.index.prepare import fingerprint

    name = model or archive.settings.model
    loaded = load_model(name, archive.settings)
    recorder = Recorder(loaded) if loaded else None
    answer = archive.ask(put.question, put.earlier, put.filter, recorder or QUOTE)
    status = archive.status()
    index = fingerprint(archive.encoder, archive.settings.passage_tokens)
    setup = Setup(index, status.articles, status.passages, archive.settings, name)
    return answer, record(put, answer, setup, recorder.calls if recorder else ())
