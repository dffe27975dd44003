"""A conversation as it is kept: its values, how they are written down, and how they are exported.

Pure. What is restored equals what was stored, character for character.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar

from pydantic import TypeAdapter, ValidationError

from rag.answer.export import Format as AnswerFormat
from rag.answer.export import escape_markdown
from rag.answer.export import export as export_answer
from rag.errors import JiubaoError
from rag.types import Answer, Citation, Filter
from ui import jsonout
from ui.exchange import Timeline

Thumb = Literal["up", "down"]
Format = AnswerFormat | Literal["json"]

ENDINGS: dict[Format, str] = {
    "markdown": "md", "json": "json", "bibtex": "bib", "gbt7714": "txt", "chicago": "txt",
}  # fmt: skip
"""The formats of an export, and how a file of each ends."""

Storable = TypeVar("Storable", Answer, Filter, Timeline)
_ADAPTERS: dict[type, TypeAdapter[Any]] = {
    kind: TypeAdapter(kind) for kind in (Answer, Filter, Timeline)
}


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer of a conversation, and what its reader thinks of it.

    `wanted` is the filter beside its question, `timeline` what was shown under it; both are None
    where they were not kept yet.
    """

    answer: Answer
    thumb: Thumb | None = None
    comment: str = ""
    wanted: Filter | None = None
    timeline: Timeline | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation, oldest answer first; `name` is empty before the first."""

    id: str
    name: str
    turns: tuple[Kept, ...]


def dump(value: Answer | Filter | Timeline) -> str:
    """A value as JSON that any database takes."""
    plain = _ADAPTERS[type(value)].dump_python(value)
    return storable(json.dumps(plain, default=_written, ensure_ascii=False))


def load(kind: type[Storable], written: str) -> Storable:
    """The value of a kind that `dump` wrote.

    Raises:
        JiubaoError: it is not what `dump` writes.
    """
    try:
        value: Storable = _ADAPTERS[kind].validate_python(json.loads(written))
    except (ValidationError, ValueError) as error:
        raise JiubaoError(
            "a kept answer cannot be read", "upgrade jiubao, or delete the conversation"
        ) from error
    return value


def storable(text: str) -> str:
    """Text without halves of characters, which no database or browser takes."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def export(conversation: Conversation, form: Format, newspaper: str) -> str:
    """A conversation in one of the formats, ending in a line feed unless it is empty.

    Args:
        form: `markdown` is every question with its answer and sources, `json` what `ask --json`
            prints for each; the others list what the conversation cites, once each.
        newspaper: the newspaper's name, as the settings give it.
    """
    if form == "json":
        return jsonout.dumps(_document(conversation)) + "\n"
    answers = [each.answer for each in conversation.turns]
    if form == "markdown":
        title = " ".join(escape_markdown(conversation.name).split())
        return "\n".join(
            [f"# {title}\n", *(export_answer(each, form, newspaper) for each in answers)]
        )
    if not answers:
        return ""
    cited = _renumbered([citation for each in answers for citation in each.citations])
    return export_answer(replace(answers[-1], citations=cited), form, newspaper)


def _document(conversation: Conversation) -> dict[str, Any]:
    return {
        "name": conversation.name,
        "turns": [
            jsonout.answer_document(each.answer) | {"thumb": each.thumb, "comment": each.comment}
            for each in conversation.turns
        ],
    }


def _renumbered(citations: Sequence[Citation]) -> tuple[Citation, ...]:
    """Each citation once, whichever answers make it, marked from 1."""
    once = {(each.masthead.article_id, each.quote): each for each in citations}
    return tuple(replace(each, mark=mark) for mark, each in enumerate(once.values(), 1))


def _written(value: Any) -> str:
    """What JSON has no type for: dates."""
    return str(value.isoformat())
