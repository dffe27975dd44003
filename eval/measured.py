"""The archive as it is measured: the same search and answers, watched from outside.

Nothing is changed that a reader would notice. Articles can be held out, and what was encoded for
an answer is remembered, so that looking at the answer afterwards does not encode it again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Self

from rag.archive import Archive
from rag.index.remember import RememberingEncoder
from rag.retrieve.search import Leg, Searcher
from rag.types import Filter, SearchResult


@dataclass(frozen=True, slots=True)
class HoldingOut(Searcher):
    """A search that does not see some articles. Their words still count in word frequencies."""

    articles: frozenset[str] = frozenset()
    spare: int = 0

    @classmethod
    def of(cls, plain: Searcher, articles: frozenset[str], spare: int) -> Self:
        """The same search without some articles.

        Args:
            articles: their ids.
            spare: passages that they have.
        """
        return cls(plain.index, plain.encoder, plain.reranker, articles, spare)

    def search(
        self,
        text: str,
        k: int = 10,
        wanted: Filter | None = None,
        leg: Leg = "fused",
        across: str = "",
    ) -> SearchResult:
        """The `k` best passages of the others; raises as `Searcher.search`."""
        result = Searcher.search(self, text, k + self.spare, wanted, leg, across)
        kept = [h for h in result.hits if h.passage.masthead.article_id not in self.articles][:k]
        ranked = tuple(replace(hit, rank=rank) for rank, hit in enumerate(kept, 1))
        return replace(result, hits=ranked)


class MeasuredArchive(Archive):
    """An archive that can leave articles out, and whose encoder remembers."""

    def __init__(self, archive: Archive) -> None:
        """Opens the same archive beside `archive`, whose encoder and reranker it shares."""
        super().__init__(archive.settings)
        self.memory = RememberingEncoder(archive.encoder)
        self.encoder = self.memory
        self.reranker = archive.reranker
        self._out: frozenset[str] = frozenset()
        self._spare = 0

    @contextmanager
    def without(self, articles: frozenset[str]) -> Iterator[None]:
        """While it lasts, the articles of these ids are not found."""
        self._out = articles
        ids = [p.masthead.article_id for p in self.passages()] if articles else []
        self._spare = sum(each in articles for each in ids)
        try:
            yield
        finally:
            self._out, self._spare = frozenset(), 0

    def searcher(self) -> Searcher:
        """The search over what is not held out."""
        plain = super().searcher()
        if not self._out:
            return plain
        return HoldingOut.of(plain, self._out, self._spare)
