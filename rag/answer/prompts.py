"""The prompts of `prompts/`: loaded, checked and filled in.

One TOML file a task and language. A file declares its variables; a placeholder that is not
declared, or a variable that is not used, is refused when the file is loaded. There are no
templates from users, and what is filled in is never read as a template again.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from rag.answer.model import Message
from rag.errors import ConfigError
from rag.types import Language

Task = Literal["answer", "condense", "judge", "translate"]

# Beside the packages, in a checkout as in an installed wheel.
FOLDER = Path(__file__).resolve().parents[2] / "prompts"
VARIABLES: Mapping[Task, frozenset[str]] = {
    "answer": frozenset({"passages", "question", "refusal"}),
    "condense": frozenset({"turns", "question"}),
    "judge": frozenset({"question", "answer", "quotes"}),
    "translate": frozenset({"question"}),
}

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
# What delimits data, marks or roles in a prompt, in every width, and what stands for it in data.
_LOOKALIKES = str.maketrans(
    "<＜﹤⟨〈>＞﹥⟩〉[［﹇⟦【]］﹈⟧】{｛}｝|｜`",
    "‹‹‹‹‹›››››〔〔〔〔〔〕〕〕〕〕（（））¦¦'",
)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt as loaded: two templates, and the variables that stand in them."""

    name: str
    variables: frozenset[str]
    system: str
    user: str

    def render(self, **values: str) -> list[Message]:
        """The messages to send. Values are put in as they are: make data `harmless` first.

        Raises:
            ValueError: the values given are not the variables declared.
        """
        if set(values) != self.variables:
            raise ValueError(f"{self.name} takes {sorted(self.variables)}, not {sorted(values)}")
        return [
            Message("system", _fill(self.system, values)),
            Message("user", _fill(self.user, values)),
        ]


@cache
def load_prompt(task: Task, language: Language, folder: Path = FOLDER) -> Prompt:
    """The prompt for a task in a language.

    Raises:
        ConfigError: the file is missing or unreadable, or declares other than what it uses.
    """
    path = folder / f"{task}.{language}.toml"
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path} cannot be read: {error}", "install jiubao again") from error
    problem = _problem(task, data)
    if problem:
        raise ConfigError(f"{path}: {problem}", "mend the prompt")
    system, user = data["system"].strip(), data["user"].strip()
    return Prompt(path.stem, frozenset(data["variables"]), system, user)


def harmless(text: str, longest: int = 4_000) -> str:
    """Foreign text as data in a prompt: one line that cannot end its delimiters.

    Brackets of every width become brackets that delimit nothing, invisible characters (zero
    width, bidirectional, tags, controls) go, runs of white space fold. Only the prompt sees the
    result: quotes are taken from the stored text by offsets.

    Args:
        longest: characters kept.
    """
    seen = "".join(" " if c.isspace() else c for c in text if c.isspace() or is_visible(c))
    return " ".join(seen.translate(_LOOKALIKES).split())[:longest]


def is_visible(character: str) -> bool:
    """Whether a character shows: no control, format, private or unassigned code point, and no
    variation selector or filler, in which text can be hidden."""
    return unicodedata.category(character) not in _HIDDEN and character not in _BLANK


_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cn", "Cs"})
_BLANK = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))) | frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
)


def _problem(task: Task, data: Mapping[str, Any]) -> str:
    """What is wrong with a prompt file; empty where nothing is."""
    if set(data) != {"variables", "system", "user"}:
        return f"keys are variables, system and user, not {', '.join(sorted(data))}"
    declared = data["variables"]
    if not isinstance(declared, list) or not all(isinstance(name, str) for name in declared):
        return "variables is a list of names"
    if not all(isinstance(data[key], str) and data[key].strip() for key in ("system", "user")):
        return "system and user are texts"
    if set(declared) != VARIABLES[task]:
        return f"{task} has the variables {', '.join(sorted(VARIABLES[task]))}"
    used = set(_PLACEHOLDER.findall(data["system"] + data["user"]))
    if wrong := used ^ set(declared):
        return f"{min(wrong)} is {'not declared' if wrong & used else 'declared and not used'}"
    return ""


def _fill(template: str, values: Mapping[str, str]) -> str:
    """One pass: a value that looks like a placeholder stays what it is."""
    return _PLACEHOLDER.sub(lambda match: values[match[1]], template)
