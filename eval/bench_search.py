"""Measures the search of a large archive, in one run: `make bench-search`.

The archive is made for it: passages cut out of the news with their real terms, repeated until
there are enough, each with a vector drawn at random. Random vectors lie further apart than real
ones, which is the hard case for a graph of neighbours; the order of hits means nothing. Every time
is given as a multiple of what encoding the questions took in the same run.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.table import Table

from eval.bench_ingest import child, load_encoder, say, unpack
from rag import Archive
from rag.config import load_settings
from rag.corpus.chunker import chunk
from rag.corpus.reader import read_article
from rag.corpus.walker import walk
from rag.errors import JiubaoError
from rag.index.ledger import Ledger
from rag.index.lock import writing
from rag.index.packing import Prepared
from rag.index.prepare import fingerprint
from rag.index.segments import publish
from rag.retrieve.search import Leg
from rag.terms import index_terms
from rag.types import Article, Filter, Passage, Period

ARTICLES = 2_000
QUESTIONS = 100
_A_TRANSACTION = 500
_PASSAGE = 250  # characters, about what 150 tokens hold

Times = npt.NDArray[np.float64]


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints a table for each size; 1 where the articles are not there."""
    parser = argparse.ArgumentParser(prog="make bench-search", description=__doc__)
    parser.add_argument("--passages", type=int, nargs="+", default=[20_000, 100_000])
    parser.add_argument("--side", choices=("build", "query"), help=argparse.SUPPRESS)
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.side == "build":
        _build(chosen.home, chosen.folder, chosen.passages[0])
    elif chosen.side == "query":
        _query(chosen.home, chosen.folder)
    else:
        try:
            with TemporaryDirectory() as temporary:
                folder = unpack(Path(temporary), ARTICLES)
                for count in chosen.passages:
                    Console(width=100).print(_measured(Path(temporary), folder, count))
        except JiubaoError as error:
            print(error, file=sys.stderr)  # noqa: T201
            return 1
    return 0


def _measured(temporary: Path, folder: Path, count: int) -> Table:
    home = temporary / f"home-{count}"
    common = ("--home", str(home), "--folder", str(folder), "--passages", str(count))
    built = child("eval.bench_search", "--side", "build", *common)
    asked = child("eval.bench_search", "--side", "query", *common)
    table = Table(
        title=f"{built['passages']:,} passages: a question encoded in {asked['encode']:.1f} ms; "
        f"opened in {asked['open']:.1f} s, {asked['memory']:,} MB for the index "
        f"(built in {built['seconds']:.0f} s, at most {built['peak']:,} MB)",
        caption="multiples of one question's encoding, which is counted in the search",
    )
    for name in ("search", "p50", "p95", "p50 to no filter"):
        table.add_column(name, justify="right" if name != "search" else "left")
    for name, (middle, high, share) in asked["searches"].items():
        table.add_row(name, f"{middle:.2f} x", f"{high:.2f} x", f"{share:.2f} x")
    return table


def _build(home: Path, folder: Path, count: int) -> None:
    """Writes the ledger and publishes the index, as an ingest does."""
    start = time.perf_counter()
    encoder = load_encoder()
    wanted = fingerprint(encoder, load_settings().passage_tokens)
    ledger = Ledger(home)
    ledger.set_meta("encoder", encoder.name)
    with writing(home, "bench-search"):
        articles = _repeated(folder, count, encoder.dimension)
        while batch := [pair for _, pair in zip(range(_A_TRANSACTION), articles, strict=False)]:
            with ledger.transaction():
                for article, passages in batch:
                    head = article.masthead
                    ledger.put_source("/bench", head.source, "", head.article_id, ["zh"])
                    ledger.put_article(article, passages, wanted)
        publish(ledger, home / "index", wanted)
    made = ledger.counts()["passages"]
    ledger.close()
    say(passages=made, seconds=time.perf_counter() - start)


def _repeated(folder: Path, count: int, dimension: int) -> Iterator[tuple[Article, list[Prepared]]]:
    """The articles again and again under other ids, until they have `count` passages."""
    chance = np.random.default_rng(7)
    known = [_cut(read_article(file.data, file.source)) for file in walk(folder)]
    made = copy = 0
    while True:
        for article, passages in known:
            name = f"{article.masthead.article_id[:-10]}{copy:04x}"
            name += article.masthead.article_id[-6:]
            head = replace(article.masthead, article_id=name, source=f"{name}.txt")
            vectors = chance.normal(size=(len(passages), dimension)).astype(np.float32)
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
            yield (
                replace(article, masthead=head),
                [
                    Prepared(replace(p, passage_id=f"{name}{p.start}", masthead=head), terms, row)
                    for (p, terms), row in zip(passages, vectors, strict=True)
                ],
            )
            made += len(passages)
            if made >= count:
                return
        copy += 1


def _cut(article: Article) -> tuple[Article, list[tuple[Passage, list[str]]]]:
    found = chunk(article, article.original, lambda texts: [len(t) for t in texts], _PASSAGE)
    return article, [(passage, index_terms(passage.text)) for passage in found]


def _query(home: Path, folder: Path) -> None:
    """Asks the titles of articles, with and without filters, in turn."""
    encoder = load_encoder()
    before = _resident()
    start = time.perf_counter()
    with Archive.open(settings=load_settings(home=home)) as archive:
        archive.encoder = encoder
        archive.searcher()
        opened = time.perf_counter() - start
        files = list(walk(folder))[:: ARTICLES // QUESTIONS]
        heads = [read_article(file.data, file.source).masthead for file in files]
        questions = [head.title["zh"][:60] for head in heads]
        days = sorted(head.published for head in heads)
        first, last = days[len(days) // 3], days[2 * len(days) // 3]
        searches = _searches(archive, first, last)
        for search in searches.values():  # warm
            list(map(search, questions[:10]))
        encode = _times(lambda text: encoder.encode_queries([text]), questions)
        times = {name: np.zeros(0) for name in searches}
        for start_at in range(0, len(questions), 10):
            for name, search in searches.items():
                found = _times(search, questions[start_at : start_at + 10])
                times[name] = np.append(times[name], found)
        unit, plain = float(np.median(encode)), float(np.median(times["no filter"]))
        say(
            open=opened,
            encode=1e3 * unit,
            memory=_resident() - before,
            searches={
                name: (
                    float(np.median(found)) / unit,
                    float(np.quantile(found, 0.95)) / unit,
                    float(np.median(found)) / plain,
                )
                for name, found in times.items()
            },
        )


def _searches(archive: Archive, first: date, last: date) -> dict[str, Callable[[str], object]]:
    """What is timed: both legs and what they cost. Close calls are not read again: among random
    vectors none is near enough to be worth it (`eval/bench_noise.py` times them, of real ones)."""
    leg: Leg = "keyword"  # ranks by it, and asks both legs all the same

    def with_filter(wanted: Filter | None) -> Callable[[str], object]:
        return lambda text: archive.find(text, filter=wanted, leg=leg)

    return {
        "no filter": with_filter(None),
        "a third of the days": with_filter(Filter(period=Period(first, last))),
        "one day": with_filter(Filter(period=Period(first, first))),
        "one page": with_filter(Filter(page=1)),
        "a third of the days, one page": with_filter(Filter(period=Period(first, last), page=1)),
    }


def _times(work: Callable[[str], object], questions: Sequence[str]) -> Times:
    times = []
    for question in questions:
        start = time.perf_counter()
        work(question)
        times.append(time.perf_counter() - start)
    return np.array(times)


def _resident() -> int:
    """Memory of this process now, in MB (Linux; 0 elsewhere)."""
    try:
        pages = int(Path("/proc/self/statm").read_text("utf-8").split()[1])
    except OSError:
        return 0
    return pages * 4096 // 2**20


if __name__ == "__main__":
    sys.exit(main())
