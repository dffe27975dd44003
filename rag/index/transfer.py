"""Articles out of a ledger and into another, as lines of JSON that anything can read.

A line is an article, its texts, pairs and the files it came from. Vectors are not in it: they are
encoded again, which is what makes an export readable by every version and with every encoder.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from rag.corpus.identity import article_id
from rag.errors import JiubaoError, LedgerError, NotFound, PartlyExported
from rag.index.encoder import Encoder
from rag.index.ingest import BATCH, Tally, check_prepared
from rag.index.ledger import Ledger, Source
from rag.index.prepare import Cut, fingerprint, prepare
from rag.index.proof import misplaced_spans
from rag.index.whole import written_whole
from rag.types import LANGUAGES, Article, Language, Progress, ReadFailure

FORMAT = 1
"""Of a line; a jiubao that knows only lower ones refuses it."""
LONGEST_LINE = 64 * 1024**2
"""Bytes of one line: an article file has at most 8 MiB."""

_ARTICLE = TypeAdapter(Article)
_SOURCE = TypeAdapter(Source)


def export_articles(ledger: Ledger, path: Path) -> int:
    """Writes every article as one line of JSON; how many.

    Raises:
        JiubaoError: the file cannot be written; one that was there is as it was.
        PartlyExported: some articles cannot be read; all others have been written then.
    """
    written, broken = 0, list[str]()
    try:
        with written_whole(path) as draft, draft.open("w", encoding="utf-8") as file:
            for name in ledger.article_ids():
                try:
                    line = _line(ledger, name)
                except LedgerError:
                    broken.append(name)
                    continue
                if line:
                    file.write(line + "\n")
                    written += 1
    except OSError as error:
        raise JiubaoError(f"{path} cannot be written: {error}", "choose another") from error
    if broken:
        raise PartlyExported(
            f"{len(broken)} articles of the ledger cannot be read, such as {broken[0]}; "
            f"the other {written} were written",
            "take those into a new archive with `jiubao --home NEW import FILE`, "
            "and ingest the files of the rest again",
            written,
        )
    return written


def _line(ledger: Ledger, name: str) -> str:
    """An article as a line of JSON; empty where it was removed since."""
    article = ledger.article(name)
    if article is None:
        return ""
    sources = [asdict(source) for source in ledger.sources_of(name)]
    document = {"format": FORMAT, **asdict(article), "sources": sources}
    return json.dumps(document, ensure_ascii=False, default=str)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of an export that was understood."""

    article: Article
    sources: tuple[Source, ...]


class _BadLine(Exception):
    """Why a line is not taken."""


class Import:
    """One run over an export. The caller holds the archive's lock and publishes afterwards."""

    def __init__(
        self,
        ledger: Ledger,
        encoder: Encoder,
        passage_tokens: int,
        progress: Callable[[Progress], None] | None = None,
    ) -> None:
        """Makes ready.

        Raises:
            IndexMismatch: the archive was prepared with another encoder or chunking.
        """
        self._ledger = ledger
        self._encoder = encoder
        self._passage_tokens = passage_tokens
        self._prepared = fingerprint(encoder, passage_tokens)
        self._progress = progress or (lambda _: None)
        self._pending: dict[str, tuple[_Line, Cut | None]] = {}
        self._waiting = 0  # passages of those, and one for each that is there already
        self._passages = 0
        self._done = self._total = 0
        self._start = time.monotonic()
        self.tally = Tally()
        check_prepared(ledger, self._prepared, "import into a new archive")

    def run(self, path: Path) -> Tally:
        """Takes in the articles of an export; those that are there already stay as they are.

        A line that is not an article is reported by its number and stops nothing.

        Raises:
            NotFound: there is no such file, or it cannot be read.
            LedgerError: the disk is full or broken; finished batches stay.
        """
        self._total = sum(1 for _ in _lines(path))
        for self._done, line in enumerate(_lines(path), 1):
            try:
                self._take(_understood(line, path))
            except _BadLine as problem:
                self.tally.failed.append(ReadFailure(f"line {self._done}", str(problem)))
            if self._waiting >= BATCH:
                self._flush()
        self._flush()
        return self.tally

    def _take(self, line: _Line) -> None:
        name = line.article.masthead.article_id
        if name in self._pending:
            self._flush()
        known = self._ledger.article(name)
        new: tuple[Language, ...] = tuple(
            text.language
            for text in line.article.texts
            if known is None or known.text(text.language) is None
        )
        cut = Cut.of(line.article, self._encoder, self._passage_tokens) if new else None
        self._pending[name] = (line, cut)
        self._waiting += len(cut.passages) if cut else 1
        if cut:
            self.tally.updated += known is not None
            self.tally.added += known is None
        else:
            self.tally.unchanged += 1

    def _flush(self) -> None:
        """Prepares and writes what is pending, all or nothing."""
        cuts = [cut for _, cut in self._pending.values() if cut]
        # One text at most for the aligner: the pairs come out of the export.
        alone = [
            replace(cut, article=replace(cut.article, texts=cut.article.texts[:1])) for cut in cuts
        ]
        ready = {item.article.masthead.article_id: item for item in prepare(alone, self._encoder)}
        with self._ledger.transaction():
            for name, (line, cut) in self._pending.items():
                self._put_sources(line)
                if cut:
                    self._ledger.put_article(line.article, ready[name].passages, self._prepared)
                else:
                    self._ledger.name_source(name)
        self._passages += sum(len(item.passages) for item in ready.values())
        self._pending.clear()
        self._waiting = 0
        elapsed = time.monotonic() - self._start
        self._progress(Progress("reading", self._done, self._total, self._passages, elapsed))

    def _put_sources(self, line: _Line) -> None:
        """The files an article came from; one that holds another article here keeps that."""
        name = line.article.masthead.article_id
        for source in line.sources:
            known = self._ledger.source(source.root, source.source)
            taken = known is not None and known.article_id not in (None, name)
            root = f"import:{source.root}" if taken else source.root
            held = [each for each in LANGUAGES if each in source.languages.split()]
            # A file that had become unreadable is to be read again.
            sha256 = "" if source.error else source.sha256
            self._ledger.put_source(root, source.source, sha256, name, held)


def _lines(path: Path) -> Iterator[bytes]:
    """The lines of a file; one over the limit is cut there, and what follows of it left out.

    Raises:
        NotFound: the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            while line := file.readline(LONGEST_LINE + 1):
                rest = line
                while not rest.endswith(b"\n") and (rest := file.readline(LONGEST_LINE)):
                    pass
                yield line
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise NotFound(f"{path} cannot be read: {why}", "check the path") from error


def _understood(line: bytes, path: Path) -> _Line:
    """The article of a line, checked in all that the archive will rely on."""
    if len(line) > LONGEST_LINE:
        raise _BadLine(f"longer than {LONGEST_LINE >> 20} MiB")
    try:
        data = json.loads(line)
        json.dumps(data, ensure_ascii=False).encode(
            "utf-8"
        )  # half a character can be stored nowhere
    except (ValueError, RecursionError) as error:
        raise _BadLine(f"not a line of JSON: {_short(error)}") from error
    if not isinstance(data, dict):
        raise _BadLine("not an article")
    if data.get("format", FORMAT) != FORMAT:
        raise _BadLine(
            f"of format {str(data['format'])[:20]}, this jiubao knows {FORMAT} (upgrade it)"
        )
    try:
        given = data.pop("sources", [])
        data.pop("format", None)
        article = _ARTICLE.validate_python(data)
        sources = tuple(_SOURCE.validate_python(each) for each in given)
    except (ValidationError, ValueError, TypeError, RecursionError) as error:
        raise _BadLine(f"not an article: {_short(error)}") from error
    _check(article)
    return _Line(article, sources or (_stand_in(article, path),))


def _check(article: Article) -> None:
    head, languages = article.masthead, [text.language for text in article.texts]
    if not languages or len(set(languages)) != len(languages):
        raise _BadLine("not an article: it needs one text, or one in each language")
    original = article.original
    if original.role != "original" or any(t.role == "original" for t in article.texts[1:]):
        raise _BadLine("not an article: its original comes first, and there is one")
    if any(not text.body.strip() for text in article.texts):
        raise _BadLine("not an article: a text is empty")
    if any("\0" in text.body for text in article.texts):  # SQLite would count no further
        raise _BadLine("not an article: a text holds a NUL, as no file taken in may")
    title = head.title.get(original.language, "")
    if head.article_id != article_id(head.published, head.page, title, original.body):
        raise _BadLine("its text is not what its name was made of: the line was changed")
    if head.page is not None and not 0 <= head.page < 10_000:
        raise _BadLine("not an article: its page is no number of a page")
    if not all(math.isfinite(pair.similarity) for pair in article.pairs):
        raise _BadLine("not an article: a similarity is not a number")
    if any(misplaced_spans(article)):
        raise _BadLine("a pair or a heading lies outside its text")


def _stand_in(article: Article, path: Path) -> Source:
    """What stands for the files of an article in an export that names none."""
    languages = " ".join(text.language for text in article.texts)
    head = article.masthead
    return Source(str(path.absolute()), head.source, "", head.article_id, "", languages)


def _short(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first: Any = error.errors()[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"[:120]
    return " ".join(str(error).split())[:120] or type(error).__name__
