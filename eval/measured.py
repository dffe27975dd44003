"""The archive as it is measured: the same search and answers, watched from outside.

Nothing is changed that a reader would notice. Articles can be held out, and what was encoded for
an answer is remembered, so that looking at the answer afterwards does not encode it again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from rag.archive import Archive
from rag.index.encoder import Encoded, Encoder, Vectors
from rag.retrieve.search import Leg, Searcher
from rag.types import Filter, SearchResult


class RecallingEncoder(Encoder):
    """An encoder that writes down what it encodes, and reads it again only while `recalling`."""

    def __init__(self, encoder: Encoder, recalling: bool = False) -> None:
        self.__dict__.update(encoder.__dict__)
        self._encoder = encoder
        self._known: dict[tuple[str, str], Any] = {}
        self.recalling = recalling

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors (n, dimension) of questions."""
        return self._rows(self._remembered("query", texts, self._encoder.encode_queries))

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Vectors (n, dimension) of sentences."""
        return self._rows(self._remembered("passage", texts, self._encoder.encode_passages))

    def encode_query_tokens(self, text: str) -> Encoded:
        """A question with its tokens."""

        def encode(texts: Sequence[str]) -> list[Encoded]:
            return [self._encoder.encode_query_tokens(each) for each in texts]

        found: Encoded = self._remembered("query tokens", [text], encode)[0]
        return found

    def encode_passage_tokens(self, texts: Sequence[str]) -> list[Encoded]:
        """Sentences with their tokens."""
        return self._remembered("passage tokens", texts, self._encoder.encode_passage_tokens)

    def _rows(self, vectors: list[Any]) -> Vectors:
        return np.array(vectors, np.float32).reshape(len(vectors), self.dimension)

    def _remembered(
        self, side: str, texts: Sequence[str], encode: Callable[[Sequence[str]], Iterable[Any]]
    ) -> list[Any]:
        new = [t for t in dict.fromkeys(texts) if not (self.recalling and (side, t) in self._known)]
        if new:
            self._known.update(zip(((side, text) for text in new), encode(new), strict=True))
        return [self._known[side, text] for text in texts]

    @contextmanager
    def recall(self) -> Iterator[None]:
        """What is known is not encoded again; a run then measures no time."""
        self.recalling = True
        try:
            yield
        finally:
            self.recalling = False
            if len(self._known) > _KEPT:
                self._known.clear()


_KEPT = 4_000  # texts; with the vectors of their tokens some 300 MB


@dataclass(frozen=True, slots=True)
class HoldingOut(Searcher):
    """A search that does not see some articles. Their words still count in word frequencies."""

    articles: frozenset[str] = frozenset()
    spare: int = 0

    def search(
        self, text: str, k: int = 10, wanted: Filter | None = None, leg: Leg = "fused"
    ) -> SearchResult:
        """The `k` best passages of the others; raises as `Searcher.search`."""
        result = Searcher.search(self, text, k + self.spare, wanted, leg)
        kept = [h for h in result.hits if h.passage.masthead.article_id not in self.articles][:k]
        ranked = tuple(replace(hit, rank=rank) for rank, hit in enumerate(kept, 1))
        return replace(result, hits=ranked)


class MeasuredArchive(Archive):
    """An archive that can leave articles out, and whose encoder remembers."""

    def __init__(self, archive: Archive) -> None:
        """Opens the same archive beside `archive`, whose encoder and reranker it shares."""
        super().__init__(archive.settings)
        self.memory = RecallingEncoder(archive.encoder)
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
        return HoldingOut(plain.index, plain.encoder, plain.reranker, self._out, self._spare)
