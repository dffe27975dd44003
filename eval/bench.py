"""Measures search and ingest on the XQuAD benchmark, in one run: `make bench`.

Absolute times drift with the machine; what counts are the ratios, both sides of which are timed
here, in turn.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from eval.metrics import MEASURES, Gold, Run, retrieval
from eval.xquad import CELLS, XquadQuestion, default_folder, load_questions, relevant_ids
from rag import Archive
from rag.config import load_settings
from rag.errors import JiubaoError
from rag.index.encoder import Encoder
from rag.retrieve.question import understand
from rag.retrieve.search import Leg
from rag.types import LANGUAGES, Filter, Language

LEGS: tuple[Leg, ...] = ("dense", "keyword", "fused")
ROUNDS = 3


def main() -> int:
    """Prints both tables; 1 where the benchmark is not there."""
    console = Console(width=100)
    try:
        folder = default_folder()
        questions = [question for question in load_questions(folder) if question.answerable]
        with TemporaryDirectory() as temporary:
            encoder = Archive.open(Path(temporary) / "none").encoder
            console.print(_speed(folder, Path(temporary), encoder))
            for table in _cells(folder, Path(temporary), encoder, questions):
                console.print(table)
    except JiubaoError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


def opened(home: Path, encoder: Encoder) -> Archive:
    """The archive in a folder, with an encoder that is loaded."""
    archive = Archive.open(settings=load_settings(home=home))
    archive.encoder = encoder
    return archive


def _cells(
    folder: Path, homes: Path, encoder: Encoder, questions: Sequence[XquadQuestion]
) -> tuple[Table, Table]:
    """The four cells and the bilingual corpus, leg by leg; and the slices of the four cells."""
    table = Table(title=f"Retrieval, {len(questions)} answerable dev questions")
    table.add_column("question -> passages")
    for leg in LEGS:
        for name in MEASURES:
            table.add_column(f"{leg}\n{name}", justify="right")
    slices = Table(title="MRR@10 of questions with names, with numbers, and that keywords miss")
    for name in ("question -> passages", "slice", "questions", "dense", "fused"):
        slices.add_column(name, justify="right")
    for corpus in ("zh", "en", "bilingual"):
        with opened(homes / f"search-{corpus}", encoder) as archive:
            archive.ingest([folder / corpus])
            gold = gold_passages(archive, questions)
            for asked, found in CELLS:
                if corpus not in (found, "bilingual"):
                    continue
                runs = {leg: ranked(archive, questions, asked, found, leg) for leg in LEGS}
                measured = [retrieval(runs[leg], gold[found]) for leg in LEGS]
                cells = [f"{row[name]:.3f}" for row in measured for name in MEASURES]
                both = " of both" if corpus == "bilingual" else ""
                table.add_row(f"{asked} -> {found}{both}", *cells)
                if not both:
                    for row in _slices(runs, questions, asked, gold[found]):
                        slices.add_row(f"{asked} -> {found}", *row)
    return table, slices


def _slices(
    runs: Mapping[Leg, Run], questions: Sequence[XquadQuestion], asked: Language, gold: Gold
) -> Iterator[tuple[str, ...]]:
    """Of each slice its name, its size, and the mean reciprocal rank of two legs.

    Names are runs of capitals in the English question, for Chinese does not mark them.
    """
    missed = {q.id for q in questions if gold[q.id].isdisjoint(runs["keyword"][q.id])}
    chosen = {
        "names": {q.id for q in questions if understand(q.question["en"]).names},
        "numbers": {q.id for q in questions if understand(q.question[asked]).numbers},
        "missed by keywords": missed,
    }
    for name, ids in chosen.items():
        part = {id: gold[id] for id in ids}
        ranks = [retrieval(runs[leg], part)["MRR@10"] for leg in ("dense", "fused") if part]
        yield (name, str(len(ids)), *(f"{rank:.3f}" for rank in ranks))


def gold_passages(archive: Archive, questions: Sequence[XquadQuestion]) -> dict[Language, Gold]:
    """Ids of the relevant passages by language and question."""
    passages = archive.passages()
    return {
        language: {
            question.id: relevant_ids(question, (p for p in passages if p.language == language))
            for question in questions
        }
        for language in LANGUAGES
    }


def ranked(
    archive: Archive,
    questions: Sequence[XquadQuestion],
    asked: Language,
    found: Language,
    leg: Leg,
    *,
    across: Mapping[str, str] | None = None,
) -> Run:
    """The scores of the first ten passages of each question.

    Args:
        across: by question, the same in the other language; "" or nothing where it is not known.
    """
    search, wanted, put = archive.searcher().search, Filter(language=found), across or {}
    return {
        question.id: {
            hit.passage.passage_id: hit.score
            for hit in search(
                question.question[asked], 10, wanted, leg, put.get(question.id, "")
            ).hits
        }
        for question in questions
    }


def _speed(folder: Path, homes: Path, encoder: Encoder) -> Table:
    """End-to-end ingest against the bare encoder on the very same passages.

    The bare encoder is `SentenceTransformer.encode` with its defaults. An archive in two languages
    has its sentences encoded too, to align them.
    """
    table = Table(title=f"Ingest, medians of {ROUNDS} rounds in turn (ratios count)")
    for name in ("corpus", "passages", "bare encoder, passages/s", "ingest, passages/s", "share"):
        table.add_column(name, justify="right")
    for corpus in ("zh", "en", "bilingual"):
        rates = []
        for number in range(-1, ROUNDS):  # the first round warms up and does not count
            with opened(homes / f"speed-{corpus}-{number}", encoder) as archive:
                report = archive.ingest([folder / corpus])
                passages = [passage.text for passage in archive.passages()]
            start = time.perf_counter()
            encoder.model.encode(passages, prompt_name="document", show_progress_bar=False)
            bare = len(passages) / (time.perf_counter() - start)
            if number >= 0:
                rates.append((bare, report.passages / report.seconds))
        table.add_row(
            corpus,
            str(len(passages)),
            f"{statistics.median(bare for bare, _ in rates):.1f}",
            f"{statistics.median(whole for _, whole in rates):.1f}",
            f"{statistics.median(whole / bare for bare, whole in rates):.0%}",
        )
    return table


if __name__ == "__main__":
    sys.exit(main())
