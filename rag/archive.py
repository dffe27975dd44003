"""The archive: the one place that wires the rooms together.

with Archive.open("~/papers") as archive:
    archive.ingest([Path("seeds")])
    print(archive.ask("Who is Liao Shigang?").text)
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeAlias

from rag.config import Settings, load_settings
from rag.errors import NotFound
from rag.index.ingest import Ingest, Tally, named_sources
from rag.index.issue import articles_of, same_text
from rag.index.keeper import Keeper
from rag.index.ledger import Ledger
from rag.index.lock import writing
from rag.index.prepare import fingerprint
from rag.index.proof import find_problems
from rag.index.rebuild import rebuild_passages
from rag.index.service import Service
from rag.index.transfer import Import, export_articles
from rag.retrieve.search import Leg, Searcher
from rag.types import (
    Answer,
    Article,
    Done,
    Event,
    Filter,
    Hit,
    IngestReport,
    Masthead,
    Passage,
    Progress,
    ReadFailure,
    SearchResult,
    Status,
    Turn,
)

if TYPE_CHECKING:
    from rag.answer.chat import Answerer
    from rag.answer.langchain import AnsweringChain, ArchiveRetriever
    from rag.answer.model import ChatModel
    from rag.index.encoder import Encoder
    from rag.retrieve.rerank import Reranker

ProgressHook = Callable[[Progress], None]
Model: TypeAlias = "str | ChatModel | None"


class Archive:
    """An archive in a folder of its own. May be used from several threads."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._ledger = Ledger(settings.home)
        self._keeper = Keeper(settings.home, self._ledger, Service.of(settings))
        self._models: dict[str, ChatModel | None] = {}

    @classmethod
    def open(cls, home: Path | str | None = None, settings: Settings | None = None) -> Self:
        """Opens the archive in `home`, made where there is none.

        Args:
            home: its folder; JIUBAO_HOME or the platform's data folder by default.
            settings: instead of those that flags, environment and `jiubao.toml` give.

        Raises:
            ConfigError: a setting is unknown or out of bounds.
            LedgerError: the archive cannot be opened.
        """
        return cls(settings or load_settings(home=Path(home).expanduser() if home else None))

    def close(self) -> None:
        """Lets go of all files."""
        self._keeper.close()
        self._ledger.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # -- asking

    def search(
        self, question: str, k: int = 10, filter: Filter | None = None, leg: Leg = "fused"
    ) -> list[Hit]:
        """The `k` best passages for a question. Raises what `find` does."""
        return list(self.find(question, k, filter, leg).hits)

    def find(
        self, question: str, k: int = 10, filter: Filter | None = None, leg: Leg = "fused"
    ) -> SearchResult:
        """The question as understood, with its `k` best passages.

        Args:
            filter: only passages that satisfy it; one that nothing satisfies finds nothing.
            leg: rank by one leg alone, for measuring.

        Raises:
            BadQuestion: the question is empty or too long, or `k` is less than 1.
            NotFound: the archive is empty.
            IndexMismatch: the archive was indexed with other settings.
        """
        return self.searcher().search(question, k, filter, leg)

    def ask(
        self,
        question: str,
        turns: Sequence[Turn] = (),
        filter: Filter | None = None,
        model: Model = None,
    ) -> Answer:
        """A cited answer, or the statement that the archive does not say. Raises as `stream`."""
        *_, last = self.stream(question, turns, filter, model)
        if not isinstance(last, Done):
            raise TypeError("a stream of events ends with Done")
        return last.answer

    def stream(
        self,
        question: str,
        turns: Sequence[Turn] = (),
        filter: Filter | None = None,
        model: Model = None,
    ) -> Iterator[Event]:
        """The same as events, as they come: hits, text, citations, verdicts, done.

        Args:
            turns: of the conversation so far, oldest first; they complete a follow-up.
            model: its name (`quote` for none), or one that is loaded; that of the settings if None.

        Raises:
            ModelError: there is no such model; else as `find`.
        """
        return self._answerer(model).stream(question, turns, filter)

    def article(self, article_id: str) -> Article:
        """A whole article.

        Raises:
            NotFound: there is none of that id.
        """
        article = self._ledger.article(article_id)
        if article is None:
            raise NotFound(f"there is no article {article_id}", "`jiubao search` shows ids")
        return article

    def issue(self, day: date) -> list[Masthead]:
        """The articles of one day's paper, in the order of its pages."""
        return articles_of(self._ledger, day)

    def moved_to(self, article_id: str) -> str | None:
        """The id under which the text of `article_id` stands now, None where nowhere."""
        return same_text(self._ledger, article_id)

    def passages(self) -> list[Passage]:
        """Every passage, in the order they came in."""
        return self._ledger.all_passages()

    def as_retriever(self, k: int = 10, filter: Filter | None = None) -> ArchiveRetriever:
        """The search as a LangChain retriever: documents with the masthead as metadata."""
        from rag.answer.langchain import ArchiveRetriever

        return ArchiveRetriever(find=self.find, k=k, filter=filter)

    def as_runnable(self, model: Model = None) -> AnsweringChain:
        """The answering as a LangChain Runnable from a question and turns to an `Answer`."""
        from rag.answer.langchain import AnsweringChain

        return AnsweringChain(partial(self.stream, model=model))

    # -- keeping

    def ingest(
        self, paths: Sequence[Path], prune: bool = False, progress: ProgressHook | None = None
    ) -> IngestReport:
        """Takes in files, folders and archives (.zip, .tar.*, .7z); only what changed.

        Args:
            prune: forget files under `paths` that are no longer there.

        Raises:
            NotFound: a path is not there.
            ArchiveBusy: another process is writing.
            IndexMismatch: the archive was made with another encoder or passage length.
            LedgerError: the disk is full or broken; what was finished stays.
        """
        start = time.monotonic()
        with writing(self.settings.home, "ingest"):
            if progress and "encoder" not in self.__dict__:
                progress(Progress("encoder", 0, 1, 0, 0.0))
            run = Ingest(self._ledger, self.encoder, self.settings.passage_tokens, progress)
            self._ledger.set_meta("encoder", self.encoder.name)
            try:
                tally = run.run([Path(path) for path in paths], prune)
            finally:
                self._keeper.publish(self._fingerprint(), progress)
        return self._report(tally, start)

    def import_articles(self, path: Path, progress: ProgressHook | None = None) -> IngestReport:
        """Takes in the articles of an export; their passages are encoded again.

        Articles that are there already stay; a bad line is reported by its number.

        Raises:
            NotFound: the file cannot be read; else as `ingest`.
        """
        start = time.monotonic()
        with writing(self.settings.home, "import"):
            run = Import(self._ledger, self.encoder, self.settings.passage_tokens, progress)
            self._ledger.set_meta("encoder", self.encoder.name)
            try:
                tally = run.run(Path(path))
            finally:
                self._keeper.publish(self._fingerprint(), progress)
        return self._report(tally, start)

    def _report(self, tally: Tally, start: float) -> IngestReport:
        counts = self._ledger.counts()
        return IngestReport(
            tally.added,
            tally.updated,
            tally.unchanged,
            tally.removed,
            tuple(tally.failed),
            counts["articles"],
            counts["passages"],
            round(time.monotonic() - start, 3),
        )

    def remove(self, sources: Sequence[str]) -> int:
        """Forgets files by name, or all below a folder or in an archive; how many.

        Raises:
            NotFound: the archive holds no such file; nothing is removed then.
            ArchiveBusy: another process is writing.
        """
        with writing(self.settings.home, "remove"):
            chosen = named_sources(self._ledger.sources(), sources)
            with self._ledger.transaction():
                for each in chosen:
                    self._ledger.remove_source(each.root, each.source)
            self._keeper.publish(self._fingerprint())
        return len(chosen)

    def rebuild(self, progress: ProgressHook | None = None) -> Status:
        """Makes the index anew from the ledger.

        Nothing is encoded again, unless the encoder, the passage length or the cutting changed.

        Raises:
            ArchiveBusy: another process is writing.
        """
        with writing(self.settings.home, "rebuild"):
            self._ledger.set_meta("encoder", self.encoder.name)
            self._ledger.seal_missing()
            rebuild_passages(self._ledger, self.encoder, self.settings.passage_tokens, progress)
            self._keeper.publish(self._fingerprint(), progress, fresh=True)
        return self.status()

    def verify(self) -> list[str]:
        """What is wrong with the archive, each with what to run; empty when it is whole.

        Checks the ledger's file, the checksums of its articles and of the index's files, that
        passages, files and articles fit together, and the index against the ledger.
        """
        return find_problems(self._ledger, self._keeper)

    def status(self) -> Status:
        """What the archive holds."""
        counts = self._ledger.counts()
        behind = self._keeper.is_behind()
        return Status(
            str(self.settings.home),
            counts["articles"],
            counts["passages"],
            counts["sources"],
            counts["failed"],
            self._ledger.languages(),
            self._ledger.period(),
            self._ledger.years(),
            self._ledger.meta("encoder") or self.settings.encoder,
            "behind" if behind else "ready" if counts["passages"] else "empty",
        )

    def failures(self) -> list[ReadFailure]:
        """Files that could not be read when last seen."""
        return [ReadFailure(s.source, s.error) for s in self._ledger.failures()]

    def export(self, path: Path) -> int:
        """Writes every article as one line of JSON, which `import_articles` takes; how many.

        Raises:
            JiubaoError: the file cannot be written.
            PartlyExported: some articles cannot be read; the others have been written.
        """
        return export_articles(self._ledger, path)

    # -- wiring

    @cached_property
    def encoder(self) -> Encoder:
        """The encoder, loaded when first needed."""
        from rag.index.encoder import Encoder

        chosen = self.settings
        return Encoder.load(chosen.encoder, chosen.device, chosen.precision, chosen.cache)

    @cached_property
    def reranker(self) -> Reranker:
        """The reranker of the settings, loaded when first needed."""
        from rag.retrieve.rerank import load_reranker

        chosen = self.settings
        return load_reranker(chosen.reranker, chosen.device, chosen.rerank_depth)

    def _fingerprint(self) -> str:
        return fingerprint(self.encoder, self.settings.passage_tokens)

    def searcher(self) -> Searcher:
        """The search over the index as it stands now, for measuring its parts. Raises as `find`."""
        return Searcher(self._keeper.current(self._fingerprint()), self.encoder, self.reranker)

    def _answerer(self, model: Model) -> Answerer:
        from rag.answer.chat import Answerer
        from rag.answer.model import load_model

        if model is None or isinstance(model, str):
            name = model or self.settings.model
            if name not in self._models:
                self._models[name] = load_model(name, self.settings)
            model = self._models[name]
        searcher = self.searcher().remembering()
        return Answerer(searcher, self.article, model, self.settings.translate)
