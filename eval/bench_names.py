"""Measures whether people whom only pinyin names are found: `python -m eval.bench_names`.

Who is quoted in the news, a surname and two characters between an office and what is said, is asked
for by pinyin and by characters, in an archive of that news (docs/retrieval.md).
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from eval.bench import opened
from eval.bench_ingest import load_encoder, unpack
from rag import Archive
from rag.errors import JiubaoError
from rag.language import HAN
from rag.romanise import syllables
from rag.surnames import SURNAMES

ARTICLES = 5_000
NAMES = 260
_RAREST, _SEED, _K = 2, 5, 10
# Behind the last character of an office, before a verb of saying.
_QUOTED = re.compile(
    rf"(?<=[员长授记任师家理者事人官席监民客手])([{''.join(sorted(SURNAMES))}][{HAN}]{{2}})"
    r"(?=表示|介绍|告诉记者|认为|指出|说[，：])"
)
# In no given name; 女士 and 先生 name nobody.
_NO_NAME = re.compile(
    "[的了在是和与也就都还又再并且对向从将被把给让其这那她他我你吗呢不有]|女士|先生"
)
_QUESTIONS = {
    "Who is …?": "Who is {}?", "What did … say?": "What did {} say?", "…是谁？": "{}是谁？"
}  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table; 1 where the news is not there."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench_names", description=__doc__)
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--home", type=Path, help="keep the archive there, and use it again")
    chosen = parser.parse_args(arguments)
    try:
        with TemporaryDirectory() as temporary:
            news = unpack(Path(temporary), chosen.articles)
            names = drawn(path.read_text("utf-8") for path in sorted(news.iterdir()))
            with opened(chosen.home or Path(temporary) / "home", load_encoder()) as archive:
                archive.ingest([news])
                Console(width=100).print(_measured(archive, names))
    except JiubaoError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


def drawn(texts: Iterable[str]) -> list[str]:
    """Names of people quoted in one or two of the texts, in the order of a drawing."""
    found = Counter(name for text in texts for name in set(_QUOTED.findall(text)))
    rare = [name for name, count in found.items() if count <= _RAREST and not _NO_NAME.search(name)]
    random.Random(_SEED).shuffle(rare)  # noqa: S311
    return rare[:NAMES]


def in_pinyin(name: str) -> str:
    """A name as it is written abroad: Liao Shigang."""
    surname, *given = syllables(name)[0]
    return f"{surname.title()} {''.join(given).title()}"


def _measured(archive: Archive, names: Sequence[str]) -> Table:
    table = Table(title="People in the news, asked for by name")
    for column in ("asked", "names", "first", "among ten", "answered", "with another"):
        table.add_column(column, justify="right")
    for label, question in _QUESTIONS.items():
        asked = [question.format(n if "是" in question else in_pinyin(n)) for n in names]
        pairs = list(zip(asked, names, strict=True))
        ranks = [_rank(archive, *pair) for pair in pairs]
        answers = [_answered(archive, *pair) for pair in pairs]
        counts = (ranks.count(1), sum(map(bool, ranks)), answers.count(True), answers.count(False))
        table.add_row(label, str(len(names)), *map(str, counts))
    return table


def _rank(archive: Archive, question: str, name: str) -> int:
    """Of the first passage that has the name, 0 where none of the first ten does."""
    hits = archive.search(question, _K)
    return next((hit.rank for hit in hits if name in hit.passage.text), 0)


def _answered(archive: Archive, question: str, name: str) -> bool | None:
    """Whether the answer quotes the name; None where the question is refused."""
    answer = archive.ask(question)
    if answer.state == "refused":
        return None
    return any(name in citation.quote.text for citation in answer.citations)


if __name__ == "__main__":
    sys.exit(main())
