"""Measures what a language model adds to search and answers across languages, in one run:
`python -m eval.bench_across gguf:FILE`.

The dev questions of XQuAD are asked in one language of the paragraphs in the other: as they are,
put into that language by the model, and as XQuAD's translators put them, which is the most that a
model could reach. Their answers are quoted, so that what is measured is the search and the judging
of what it found: the share that is answered from the right article, and the share that is answered
where that article is left out. `--home DIR`, an archive that `make bench-noise` kept, asks among
the news as well.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from eval.bench import gold_passages, opened, ranked
from eval.bench_ingest import load_encoder
from eval.measured import MeasuredArchive
from eval.metrics import retrieval
from eval.xquad import XquadQuestion, article_of, default_folder, load_questions
from rag.answer.across import put_across
from rag.answer.model import ChatModel, Message, load_model
from rag.answer.prompts import harmless
from rag.config import load_settings
from rag.errors import JiubaoError
from rag.types import Language

CELLS: tuple[tuple[Language, Language], ...] = (("en", "zh"), ("zh", "en"))
EVERY = 4  # of the dev questions, one in so many


@dataclass(frozen=True, slots=True)
class Putting:
    """A model that puts questions across as it is told and answers none, so that the archive is
    quoted."""

    known: Mapping[str, str]
    name: str = "putting"

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """The question of a prompt in the other language; nothing for any other prompt."""
        lines = messages[-1].text.splitlines()
        stand = (put for text, put in self.known.items() if lines[0].endswith(harmless(text)))
        yield next(stand, "") if len(lines) == 2 else ""

    def health(self) -> str:
        """Ready."""
        return "ready"


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table; 1 where the benchmark or the model is not there."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench_across", description=__doc__)
    parser.add_argument("model", help="provider:model or gguf:FILE")
    parser.add_argument("--home", type=Path, help="an archive of the paragraphs and the news")
    parser.add_argument("--every", type=int, default=EVERY, help="one question in so many")
    chosen = parser.parse_args(arguments)
    try:
        model = load_model(chosen.model, load_settings())
        if model is None:
            raise JiubaoError("quoting puts nothing across", "name a model")
        questions = [each for each in load_questions(default_folder()) if each.answerable]
        some = questions[:: chosen.every]
        with TemporaryDirectory() as temporary:
            Console(width=110).print(_measured(model, some, Path(temporary), chosen.home))
    except JiubaoError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _measured(
    model: ChatModel, questions: Sequence[XquadQuestion], folder: Path, news: Path | None
) -> Table:
    table = Table(title=f"{len(questions)} dev questions across languages")
    for name in ("asked of", "put across", "taken", "MRR@10", "R@1", "answered", "left out"):
        table.add_column(name, justify="left" if name == "put across" else "right")
    encoder = load_encoder()
    written = _written(model, questions)
    for asked, found in CELLS:
        homes = [folder / found] + ([news] if news and found == "zh" else [])
        for home in homes:
            with opened(home, encoder) as archive, MeasuredArchive(archive) as measured:
                archive.ingest([default_folder() / found])
                ways: Mapping[str, Mapping[str, str]] = {
                    "as asked": {},
                    "by the model": written[asked],
                    "by hand": {each.id: each.question[found] for each in questions},
                }
                where = "news and " if home == news else ""
                for way, across in ways.items():
                    row = _row(measured, questions, (asked, found), across)
                    table.add_row(f"{asked} -> {where}{found}", way, *row)
    return table


def _written(
    model: ChatModel, questions: Sequence[XquadQuestion]
) -> dict[Language, dict[str, str]]:
    """By language asked in and question, what the model made of it."""
    written: dict[Language, dict[str, str]] = {}
    for asked, _ in CELLS:
        seconds: list[float] = []
        written[asked] = {}
        for question in questions:
            start = time.perf_counter()
            across = put_across(question.question[asked], model)
            seconds.append(time.perf_counter() - start)
            if across.failure:
                raise across.failure
            written[asked][question.id] = across.text
        middle = statistics.median(seconds)
        print(f"{asked}: {middle:.2f} s a question at the median", file=sys.stderr)  # noqa: T201
    return written


def _row(
    archive: MeasuredArchive,
    questions: Sequence[XquadQuestion],
    cell: tuple[Language, Language],
    across: Mapping[str, str],
) -> Iterator[str]:
    """A row's figures.

    Args:
        across: by question, the same in the other language; "" or nothing where it is not known.
    """
    asked, found = cell
    gold = gold_passages(archive, questions)[found]
    ranks = retrieval(ranked(archive, questions, asked, found, "fused", across=across), gold)
    answered, false = _answers(archive, questions, asked, across)
    taken = sum(map(bool, across.values()))
    for count in (taken, ranks["MRR@10"], ranks["R@1"], answered, false):
        yield f"{count / len(questions):.3f}" if isinstance(count, int) else f"{count:.3f}"


def _answers(
    archive: MeasuredArchive,
    questions: Sequence[XquadQuestion],
    asked: Language,
    across: Mapping[str, str],
) -> tuple[int, int]:
    """How many questions are answered from their article, and how many where all paragraphs are
    left out, or where only their article is if there are no others."""
    titles = {each.stem for each in (default_folder() / "zh").iterdir()}
    model = Putting({each.question[asked]: across.get(each.id, "") for each in questions})
    heads = {p.masthead.article_id: p.masthead for p in archive.passages()}
    ours = {id: article_of(head) for id, head in heads.items() if article_of(head) in titles}
    others = len(ours) < len(heads)
    right = 0
    for each in questions:
        answer = archive.ask(each.question[asked], model=model)
        cited = {article_of(citation.masthead) for citation in answer.citations}
        right += answer.state != "refused" and each.article in cited
    false = 0
    for name in {None} if others else {each.article for each in questions}:
        with archive.without(frozenset(id for id, its in ours.items() if name in (None, its))):
            for each in questions:
                if name in (None, each.article):
                    false += archive.ask(each.question[asked], model=model).state != "refused"
    return right, false


if __name__ == "__main__":
    sys.exit(main())
