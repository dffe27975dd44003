"""Measures search where most of the archive is about other things: `make bench-noise`.

The dev questions are asked of the XQuAD paragraphs alone and with 20,000 news articles indexed
beside them; some of them are answered then, with the paragraphs there and with all of them left
out; and searches of the large archive are timed, in multiples of what encoding the question took in
the same run. Taking the news in takes a while: `--home DIR` keeps the archive, and that of the
paragraphs alone beside it.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from eval.bench import gold_passages, opened, ranked
from eval.bench_ingest import load_encoder, unpack
from eval.measured import MeasuredArchive
from eval.metrics import retrieval
from eval.xquad import XquadQuestion, article_of, default_folder, load_questions
from rag import Archive
from rag.errors import JiubaoError
from rag.index.encoder import Encoder
from rag.types import Filter, Language, Period, Progress

ARTICLES = 19_900
ASKED: tuple[Language, ...] = ("zh", "en")
SOME = 100  # questions in each language that are answered, and timed
_SHOWN_EVERY = 30  # seconds between two lines that say how far it is
FILTERS: Mapping[str, Filter] = {
    "no filter": Filter(),
    "one month": Filter(period=Period(date(2023, 6, 1), date(2023, 6, 30))),
    "one page": Filter(page=1),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the tables; 1 where the benchmark is not there."""
    parser = argparse.ArgumentParser(prog="make bench-noise", description=__doc__)
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--home", type=Path, help="keep the archive there, and use it again")
    chosen = parser.parse_args(arguments)
    console = Console(width=100)
    try:
        questions = [each for each in load_questions(default_folder()) if each.answerable]
        with TemporaryDirectory() as temporary:
            home = chosen.home or Path(temporary) / "home"
            news = unpack(Path(temporary), chosen.articles)
            for table in _measured(home, news, questions):
                console.print(table)
    except JiubaoError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _measured(home: Path, news: Path, questions: Sequence[XquadQuestion]) -> Iterator[Table]:
    paragraphs = default_folder() / "zh"
    quality = Table(title=f"MRR@10 and R@1, {len(questions)} answerable dev questions")
    for name in ("questions", "alone", "among the news", "lost"):
        quality.add_column(name, justify="right")
    encoder = load_encoder()
    with _taken_in(home.with_name(f"{home.name}-alone"), [paragraphs], encoder) as archive:
        alone = _quality(archive, questions)
    with _taken_in(home, [paragraphs, news], encoder) as archive:
        for asked, before, after in zip(ASKED, alone, _quality(archive, questions), strict=True):
            cells = (f"{each['MRR@10']:.3f} {each['R@1']:.3f}" for each in (before, after))
            lost = before["MRR@10"] - after["MRR@10"]
            quality.add_row(f"{asked} -> zh", *cells, f"{lost:.3f}")
        yield quality
        some = questions[:: max(1, len(questions) // SOME)]
        yield _answers(archive, some)
        yield _times(archive, some)


@contextmanager
def _taken_in(home: Path, paths: Sequence[Path], encoder: Encoder) -> Iterator[Archive]:
    shown = time.monotonic()

    def show(step: Progress) -> None:
        nonlocal shown
        if time.monotonic() - shown > _SHOWN_EVERY:
            shown = time.monotonic()
            print(f"{step.stage}: {step.done:,}/{step.total:,}", file=sys.stderr)  # noqa: T201

    with opened(home, encoder) as archive:
        archive.ingest(paths, progress=show)
        yield archive


def _quality(archive: Archive, questions: Sequence[XquadQuestion]) -> list[dict[str, float]]:
    """The measures of the Chinese passages found, for each language asked in."""
    gold = gold_passages(archive, questions)["zh"]
    return [retrieval(ranked(archive, questions, asked, "zh", "fused"), gold) for asked in ASKED]


def _answers(archive: Archive, questions: Sequence[XquadQuestion]) -> Table:
    table = Table(
        title=f"{len(questions)} questions, with the paragraphs and with the news alone",
        caption="what the news answer is counted as false, though now and then it is right",
    )
    for name in ("asked in", "answered", "by their article", "answered by the news alone"):
        table.add_column(name, justify="right")
    titles = {path.stem for path in (default_folder() / "zh").iterdir()}
    heads = (passage.masthead for passage in archive.passages())
    paragraphs = frozenset(head.article_id for head in heads if article_of(head) in titles)
    with MeasuredArchive(archive) as measured:
        for asked in ASKED:
            present = [measured.ask(each.question[asked]) for each in questions]
            right = [
                any(article_of(cited.masthead) == each.article for cited in answer.citations)
                for each, answer in zip(questions, present, strict=True)
                if answer.state != "refused"
            ]
            with measured.without(paragraphs):
                absent = [measured.ask(each.question[asked]) for each in questions]
            false = sum(answer.state != "refused" for answer in absent)
            shares = (each / len(questions) for each in (len(right), sum(right), false))
            table.add_row(asked, *(f"{share:.3f}" for share in shares))
    return table


def _times(archive: Archive, questions: Sequence[XquadQuestion]) -> Table:
    status = archive.status()
    table = Table(
        title=f"{status.passages:,} passages: searches in multiples of encoding the question",
        caption="encoding and reading close calls are counted in the search",
    )
    for name in ("asked in", "filter", "p50", "p95", "p50 to no filter"):
        table.add_column(name, justify="left" if name == "filter" else "right")
    for asked in ASKED:
        texts = [each.question[asked] for each in questions]
        for text in texts[:10]:  # warm
            archive.find(text)
        encode: list[float] = []
        times: dict[str, list[float]] = {name: [] for name in FILTERS}
        for text in texts:
            encode.append(_seconds(partial(archive.encoder.encode_queries, [text])))
            for name, wanted in FILTERS.items():
                times[name].append(_seconds(partial(archive.find, text, filter=wanted)))
        unit, plain = statistics.median(encode), statistics.median(times["no filter"])
        for name, found in times.items():
            middle, high = statistics.median(found), statistics.quantiles(found, n=20)[-1]
            table.add_row(
                f"{asked} ({1e3 * unit:.1f} ms)",
                name,
                f"{middle / unit:.2f} x",
                f"{high / unit:.2f} x",
                f"{middle / plain:.2f} x",
            )
    return table


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
