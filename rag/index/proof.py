"""Is an archive whole? Every check of `jiubao verify`, each with what to run where it fails."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.corpus.identity import article_id
from rag.errors import LedgerError
from rag.index.keeper import Keeper
from rag.index.ledger import Ledger
from rag.types import Article, Span

SAMPLES = 2_000
"""Articles read whole, evenly spread; all of an archive that has fewer."""

_BACK = (
    "run `jiubao ingest` on their files again; what has no file any more comes back from a backup "
    "or an export"
)


def find_problems(ledger: Ledger, keeper: Keeper, samples: int = SAMPLES) -> list[str]:
    """What is wrong, one line each; empty when the archive is whole.

    Checked are the ledger's file, the checksum of every article as it was written, that every
    passage stands in its text, that files and articles belong together, the names and spans of
    `samples` articles, the checksum of every file of the index, and that the index holds the
    ledger's passages and no others.
    """
    if broken := ledger.check():
        return [f"ledger: {problem} (restore it from a backup)" for problem in broken]
    try:
        return [*_in_ledger(ledger, samples), *keeper.problems()]
    except LedgerError as error:
        return [str(error)]


def _in_ledger(ledger: Ledger, samples: int) -> Iterator[str]:
    seals = ledger.broken_seals()
    if seals:
        yield _several(seals, "articles are not what was written", _BACK)
    if stray := ledger.misplaced_passages():
        yield _several(stray, "passages do not stand in their text", _BACK)
    if lone := ledger.lone_articles():
        yield _several(lone, "articles have no file, no text or no passage", _BACK)
    if lost := ledger.lost_articles():
        yield _several(lost, "files have lost their article", _BACK)
    ids = ledger.article_ids()
    chosen = ids[:: max(1, len(ids) // samples)]
    if wrong := [each for each in chosen if each not in seals and not _is_true(ledger, each)]:
        yield _several(wrong, "articles do not say what their names were made of", _BACK)


def _several(names: Sequence[str], what: str, remedy: str) -> str:
    return f"{len(names)} {what}, such as {names[0]} ({remedy})"


def _is_true(ledger: Ledger, name: str) -> bool:
    """Whether an article has the name that its text gives it, and its spans lie in its text."""
    article = ledger.article(name)
    if article is None or not article.texts:
        return False
    head, original = article.masthead, article.original
    title = head.title.get(original.language, "")
    return name == article_id(head.published, head.page, title, original.body) and not any(
        misplaced_spans(article)
    )


def misplaced_spans(article: Article) -> Iterator[Span]:
    """Spans of an article's pairs, and places of its headings, that do not lie in its text."""
    lengths = {text.language: len(text.body) for text in article.texts}
    for pair in article.pairs:
        for span, length in ((pair.zh, lengths.get("zh", 0)), (pair.en, lengths.get("en", 0))):
            if span and not 0 <= span.start < span.end <= length:
                yield span
    for text in article.texts:
        for heading in text.headings:
            if not 0 <= heading.offset <= len(text.body):
                yield Span(heading.offset, heading.offset)
