"""Files -> ledger: what changed is read, prepared and written, a batch a transaction.

While one batch is encoded, the one before it is written and the next is read and cut. A process
stopped at any moment loses at most the batch in hand; run again, it goes on there.
"""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from rag.corpus.reader import read_article
from rag.corpus.walker import WHOLE_FOLDER, SourceFile, count_files, root_of, walk
from rag.errors import IndexMismatch, NotFound, UnreadableFile
from rag.index.encoder import Encoder
from rag.index.ledger import Ledger, Source
from rag.index.prepare import Cut, PreparedArticle, fingerprint, prepare
from rag.index.segments import REBUILD
from rag.types import Article, Language, Progress, ReadFailure

# Passages encoded and written together: enough to sort by length, little to lose.
BATCH = 512


@dataclass(slots=True)
class Tally:
    """What has been done to the files so far."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    failed: list[ReadFailure] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Pending:
    """A file whose article waits for its batch.

    `languages` are those of the file itself, `replaces` is the article it held before.
    """

    file: SourceFile
    sha256: str
    article: Article
    languages: tuple[Language, ...]
    cut: Cut | None
    replaces: str | None

    @property
    def names(self) -> set[str]:
        """Ids that mean something else once this is written."""
        return {self.article.masthead.article_id, *filter(None, [self.replaces])}


@dataclass(frozen=True, slots=True)
class _Batch:
    """What is being prepared, and how many files had been seen when it was full."""

    items: tuple[_Pending, ...]
    ready: Future[list[PreparedArticle]]
    seen: int


@contextmanager
def _often_switching() -> Iterator[None]:
    """Lets threads take turns every tenth of a millisecond. The encoder's need the interpreter
    between two layers, and would wait five for it while this one cuts words."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-4)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def check_prepared(ledger: Ledger, prepared: str, otherwise: str) -> None:
    """Refuses to add to an archive that was prepared otherwise.

    Args:
        prepared: the fingerprint of the encoder and chunking at hand.
        otherwise: what can be done beside rebuilding.

    Raises:
        IndexMismatch: the archive was prepared with another encoder or chunking.
    """
    if ledger.stale_articles(prepared):
        raise IndexMismatch(
            "the archive was prepared with another encoder, passage length or tokenizer "
            f"than {prepared}",
            f"{REBUILD}, or {otherwise}",
        )


class Ingest:
    """One run over files. The caller holds the archive's lock and publishes afterwards."""

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
        self._pending: list[_Pending] = []
        self._batch: _Batch | None = None
        self._names: set[str] = set()  # articles that wait, and those they replace
        self._failed: set[tuple[str, str]] = set()  # roots and sources
        self._waiting = 0  # passages cut and not handed on yet, and one for a file without
        self._passages = 0
        self._seen = 0
        self._total = 0
        self._start = time.monotonic()
        self.tally = Tally()
        check_prepared(ledger, self._prepared, "go back to the settings it was made with")

    def run(self, paths: Sequence[Path], prune: bool) -> Tally:
        """Takes in what lies at `paths`; with `prune`, forgets files that no longer lie there.

        Raises:
            NotFound: a path is not there; nothing has been done then.
            LedgerError: the disk is full or broken; finished batches stay.
        """
        self._total = sum(count_files(path) for path in paths)
        enough = BATCH * self._encoder.capacity
        seen: set[tuple[str, str]] = set()
        with _often_switching(), ThreadPoolExecutor(1, "prepare") as self._preparing:
            for path in paths:
                for file in walk(path):
                    seen.add((file.root, file.source))
                    self._take(file)
                    self._seen += 1
                    if self._waiting >= enough:
                        self._submit()
            self._flush()
        if prune:
            self._prune({root_of(path) for path in paths}, seen)
        self._forgive({root_of(path) for path in paths}, seen)
        return self.tally

    def _take(self, file: SourceFile) -> None:
        """Reads one file, unless it is as it was."""
        sha256 = hashlib.sha256(file.data).hexdigest()
        known = self._ledger.source(file.root, file.source)
        if known and known.sha256 == sha256 and not known.error and not file.error:
            self.tally.unchanged += 1
            return
        try:
            if file.error:
                raise UnreadableFile(file.error)
            article = read_article(file.data, file.source)
        except UnreadableFile as error:
            self.tally.failed.append(ReadFailure(file.source, str(error)))
            self._failed.add((file.root, file.source))
            with self._ledger.transaction():
                self._ledger.put_failure(file.root, file.source, sha256, str(error))
            return
        name = article.masthead.article_id
        if name in self._names:
            self._flush()  # twice the same article, or one that moved: see what came of the first
        item = self._plan(file, sha256, article, known.article_id if known else None)
        self._pending.append(item)
        self._names |= item.names
        self._waiting += len(item.cut.passages) if item.cut else 1

    def _plan(
        self, file: SourceFile, sha256: str, article: Article, replaces: str | None
    ) -> _Pending:
        """What is to be written: nothing new where other files hold all of the article.

        A file that is new leaves what they hold as it is; one that was read before and has changed
        says what its article says now.
        """
        known = self._ledger.article(article.masthead.article_id)
        languages = tuple(text.language for text in article.texts)
        if known:
            held = self._ledger.languages_held(
                article.masthead.article_id, (file.root, file.source)
            )
            texts = tuple(text for text in known.texts if text.language in held)
            others = replace(known, texts=texts)
            if replaces == known.masthead.article_id:
                article = _merged(article, others)
            elif texts:
                article = _merged(others, article)
        if known and article.texts == known.texts and article.masthead == known.masthead:
            return _Pending(file, sha256, known, languages, None, replaces)
        cut = Cut.of(article, self._encoder, self._passage_tokens)
        return _Pending(file, sha256, article, languages, cut, replaces)

    def _submit(self) -> None:
        """Has what is pending prepared, and meanwhile writes the batch before it."""
        items, before = tuple(self._pending), self._batch
        prepared = before.ready.result() if before else []  # one batch is encoded at a time
        cuts = [item.cut for item in items if item.cut]
        ready = self._preparing.submit(prepare, cuts, self._encoder)
        self._batch = _Batch(items, ready, self._seen)
        self._pending, self._waiting = [], 0
        self._names = {name for item in items for name in item.names}
        if before:
            self._write(before, prepared)

    def _flush(self) -> None:
        """Prepares and writes all there is."""
        self._submit()
        last, self._batch = self._batch, None
        self._names = set()
        if last:
            self._write(last, last.ready.result())

    def _write(self, batch: _Batch, ready: Sequence[PreparedArticle]) -> None:
        """Writes a batch, all or nothing."""
        pending = batch.items
        prepared = {item.article.masthead.article_id: item for item in ready}
        with self._ledger.transaction():
            for item in pending:
                article_id = item.article.masthead.article_id
                place = (item.file.root, item.file.source)
                if item.replaces not in (None, article_id):
                    self._ledger.remove_source(*place)
                self._ledger.put_source(*place, item.sha256, article_id, item.languages)
                if item.cut:
                    whole = prepared[article_id]
                    self._ledger.put_article(whole.article, whole.passages, self._prepared)
                else:
                    self._ledger.name_source(article_id)
        self.tally.updated += sum(item.replaces is not None for item in pending)
        self.tally.added += sum(item.replaces is None for item in pending)
        self._passages += sum(len(item.passages) for item in ready)
        elapsed = time.monotonic() - self._start
        self._progress(
            Progress(
                "reading", batch.seen, self._total, self._passages, elapsed, self.tally.unchanged
            )
        )

    def _prune(self, roots: set[str], seen: set[tuple[str, str]]) -> None:
        """Forgets files that are gone, but none of a folder or archive that could not be opened."""
        for root in roots:
            failed = {source for at, source in self._failed if at == root}
            if failed & {WHOLE_FOLDER, PurePosixPath(root).name}:
                continue
            doubtful = tuple(f"{source}/" for source in failed)
            for known in self._ledger.sources(root):
                gone = (root, known.source) not in seen
                if gone and not known.source.startswith(doubtful):
                    with self._ledger.transaction():
                        self._ledger.remove_source(root, known.source)
                    self.tally.removed += 1

    def _forgive(self, roots: set[str], seen: set[tuple[str, str]]) -> None:
        """Forgets failures of what is no longer there and never held an article.

        An archive that could not be opened is one; once it can be, only its members are seen.
        """
        for known in self._ledger.failures():
            place = (known.root, known.source)
            if known.root in roots and not known.article_id and place not in seen:
                with self._ledger.transaction():
                    self._ledger.remove_source(*place)


def _merged(known: Article, new: Article) -> Article:
    """`known` with the texts of `new` in languages it lacks."""
    have = {text.language for text in known.texts}
    more = tuple(text for text in new.texts if text.language not in have)
    if not more:
        return known
    texts = sorted((*known.texts, *more), key=lambda text: text.role)
    head, other = known.masthead, new.masthead
    return Article(
        replace(
            head,
            title={**other.title, **head.title},
            authors=tuple(dict.fromkeys((*head.authors, *other.authors))),
        ),
        tuple(texts),
    )


def named_sources(known: Sequence[Source], names: Sequence[str]) -> list[Source]:
    """The files that a user means by their name, their path, or a folder or archive above them.

    Raises:
        NotFound: a name means none of them.
    """
    chosen = {}
    for name in names:
        path = name.strip().rstrip("/")
        found = [source for source in known if path and _means(path, source)]
        if not found:
            raise NotFound(f"the archive holds no file “{name}”", "see `jiubao export`")
        chosen.update({(source.root, source.source): source for source in found})
    return list(chosen.values())


def _means(name: str, source: Source) -> bool:
    paths = (source.source, f"{source.root}/{source.source}", source.root)
    return any(path == name or path.startswith(f"{name}/") for path in paths)
