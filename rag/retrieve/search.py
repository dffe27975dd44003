"""Question -> hits: one candidate list for each language of the archive, fused and ranked."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field, replace
from typing import Literal, Self, TypeAlias

import numpy as np
import numpy.typing as npt

from rag.errors import BadQuestion, ModelError
from rag.index.encoder import Encoded, Encoder
from rag.index.index import Candidates, Index
from rag.index.remember import RememberingEncoder
from rag.retrieve.close import MOST, Reader
from rag.retrieve.fusion import fuse, load_weights
from rag.retrieve.question import understand
from rag.retrieve.rerank import KeepOrder, Reranker
from rag.retrieve.similarity import load_means
from rag.retrieve.terms import term_groups
from rag.types import Filter, Hit, Language, Question, SearchResult

log = logging.getLogger("jiubao")

Vectors = npt.NDArray[np.float32]
# A candidate: its score, its passage's key, the legs that proposed it.
Scored: TypeAlias = tuple[float, int, tuple[str, ...]]
Leg = Literal["dense", "keyword", "fused"]
# Passages asked of each leg and language: enough that the fused top ten is not cut short.
CANDIDATES = 50


@dataclass(frozen=True, slots=True)
class Searcher:
    """Searches one archive."""

    index: Index
    encoder: Encoder
    reranker: Reranker = field(default_factory=KeepOrder)

    def search(
        self, text: str, k: int = 10, wanted: Filter | None = None, leg: Leg = "fused"
    ) -> SearchResult:
        """The `k` best passages, each article's two texts counted once.

        Args:
            text: the question, in Chinese or English.
            wanted: only passages that satisfy it; what nothing satisfies finds nothing.
            leg: rank by one leg alone, for measuring; such hits are not read again.

        Raises:
            BadQuestion: the question is empty or too long, or `k` is less than 1.
        """
        if k < 1:
            raise BadQuestion(f"k is {k}", "ask for at least one hit")
        wanted = wanted or Filter()
        start = time.perf_counter()
        question = understand(text, wanted, self.index.first_day)
        wanted = replace(wanted, period=question.period)
        asked = self._encode(question)
        vector = asked.vector if asked else None
        encoded = time.perf_counter()
        # Never fewer than are read again, so that `k` does not change their order.
        enough = max(k, MOST, self.reranker.depth)
        scored, down = self._scored(question, vector, wanted, enough, leg)
        hits = self._hits(scored, enough, wanted.language or question.language)
        if leg == "fused":
            if asked:
                hits = Reader(question, asked, self.index, self.encoder).settle(hits)
            hits = self.reranker.rerank(question, hits)
        done = time.perf_counter()
        timings = {"encode": (encoded - start) * 1e3, "search": (done - encoded) * 1e3}
        return SearchResult(question, hits[:k], timings, down)

    def remembering(self) -> Self:
        """The same search for one question, of which its encoder then reads nothing twice."""
        return replace(self, encoder=RememberingEncoder(self.encoder))

    def _encode(self, question: Question) -> Encoded | None:
        try:
            return self.encoder.encode_query_tokens(question.text)
        except ModelError as error:
            log.warning("searching without the dense leg: %s", error)
            return None

    def _scored(
        self, question: Question, vector: Vectors | None, wanted: Filter, k: int, leg: Leg
    ) -> tuple[list[Scored], tuple[str, ...]]:
        """Every candidate with its score, the best first, and the legs that were down."""
        scored: list[Scored] = []
        down: set[str] = set()
        for language in self.index.languages:
            if wanted.language in (None, language):
                groups = term_groups(question, language)
                found = self.index.candidates(language, vector, groups, max(k, CANDIDATES), wanted)
                scores = self._scores(found, vector, question.language, language, leg)
                scored += zip(scores.tolist(), found.keys.tolist(), found.proposed_by, strict=True)
                down.update(found.down)
        # Equal scores in the order of the archive, so that the same question ranks the same.
        scored.sort(key=lambda item: (-item[0], item[1]))
        return scored, tuple(sorted(down))

    def _scores(
        self,
        found: Candidates,
        vector: Vectors | None,
        asked: Language,
        language: Language,
        leg: Leg,
    ) -> Vectors:
        if leg == "keyword":
            return found.keyword
        dense = None
        if vector is not None:
            means = load_means(self.encoder.name)
            dense = means.similarity(vector, found.vectors, asked, language)
        if leg == "dense":
            return np.zeros(len(found.keys), np.float32) if dense is None else dense
        return fuse(dense, found.keyword, load_weights()[asked, language])

    def _hits(self, scored: list[Scored], k: int, asked: Language) -> tuple[Hit, ...]:
        """The best `k`; what an article says in the language asked in stands for both its texts."""
        best = scored[: 2 * (k + CANDIDATES)]
        passages = self.index.passages([key for _, key, _ in best])
        both = self.index.articles_in(
            asked, {p.masthead.article_id for p in passages.values() if p.language != asked}
        )
        hits: list[Hit] = []
        for score, key, via in best:
            passage = passages.get(key)
            if passage is None or (
                passage.language != asked and passage.masthead.article_id in both
            ):
                continue
            hits.append(Hit(passage, round(score, 6), len(hits) + 1, via))
            if len(hits) == k:
                break
        return tuple(hits)
