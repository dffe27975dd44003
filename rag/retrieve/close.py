"""Close calls: hits too near to tell apart are read again, sentence by sentence.

Where one sentence answers, a passage's vector tells little of it. Encoding every sentence of an
archive would double the work of taking it in; encoding those of the first hits costs a search a
multiple of its time. So it is done only where it decides something: among the leading hits whose
scores lie within a fitted distance of the best (an early exit, after Cambazoglu et al. 2010).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from rag.corpus.sentences import split_sentences
from rag.index.encoder import Encoder
from rag.index.index import Index
from rag.retrieve.fusion import Weights, load_weights, with_sentence
from rag.retrieve.similarity import load_means
from rag.retrieve.terms import term_groups
from rag.terms import index_terms
from rag.types import Group, Hit, Language, Question

LEG = "sentence"
# Hits read again, and tokens of their sentences encoded: what fits into a few query encodings.
MOST = 6
READ_TOKENS = 256

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the sentences of hits for one question; `vector` (dimension,) is the question's."""

    question: Question
    vector: Floats
    index: Index
    encoder: Encoder

    def settle(self, hits: Sequence[Hit]) -> tuple[Hit, ...]:
        """The hits, with those in doubt put in the order of fused score and best sentence.

        `score` stays on the search's scale: the hits read again share out the scores they had.
        """
        doubtful = list(hits[: self._in_doubt(hits)])
        if not doubtful:
            return tuple(hits)
        settled = [
            with_sentence(hit.score, sentence, self._weights(hit))
            for hit, sentence in zip(doubtful, self.best_sentences(doubtful), strict=True)
        ]
        order = np.argsort(-np.array(settled), kind="stable").tolist()
        read = [
            replace(doubtful[i], score=there.score, via=(*doubtful[i].via, LEG))
            for i, there in zip(order, doubtful, strict=True)
        ]
        both = [*read, *hits[len(doubtful) :]]
        return tuple(replace(hit, rank=rank) for rank, hit in enumerate(both, 1))

    def best_sentences(self, hits: Sequence[Hit], limit: int = READ_TOKENS) -> list[float]:
        """For each hit, the similarity of its best sentence among those read.

        Args:
            limit: tokens to encode; sentences with more of the question's words go first, but
                every hit has one read.
        """
        texts = [[hit.passage.text[start:end] for start, end in _sentences(hit)] for hit in hits]
        flat = [text for sentences in texts for text in sentences]
        owners = np.repeat(np.arange(len(hits)), [len(sentences) for sentences in texts])
        lengths = self.encoder.count_tokens(flat)
        if sum(lengths) > limit:
            weighted = self.weighted({hit.passage.language for hit in hits})
            shares = [
                coverage(text, weighted[hits[owner].passage.language])
                for text, owner in zip(flat, owners.tolist(), strict=True)
            ]
            kept = affordable(owners.tolist(), shares, lengths, limit)
            flat, owners = [flat[i] for i in kept], owners[kept]
        vectors = self.encoder.encode_passages(flat)
        means = load_means(self.encoder.name)
        best = []
        for number, hit in enumerate(hits):
            found = hit.passage.language
            mine = vectors[owners == number]
            scores = means.similarity(self.vector, mine, self.question.language, found)
            best.append(float(scores.max()))
        return best

    def weighted(self, languages: set[Language]) -> dict[Language, list[tuple[Group, float]]]:
        """The question's groups with their weights, by language of the passages."""
        return {
            language: self.index.weigh(language, term_groups(self.question, language))
            for language in languages
        }

    def _in_doubt(self, hits: Sequence[Hit]) -> int:
        """How many leading hits are too near the best to tell; 0 where the best stands alone."""
        if len(hits) < 2:
            return 0
        least = hits[0].score - self._weights(hits[0]).close
        near = sum(hit.score > least for hit in hits[:MOST])
        return near if near > 1 else 0

    def _weights(self, hit: Hit) -> Weights:
        return load_weights()[self.question.language, hit.passage.language]


def coverage(text: str, weighted: Sequence[tuple[Group, float]]) -> float:
    """Share of the question's words, by inverse document frequency, that stand in a text."""
    total = sum(weight for _, weight in weighted)
    present = set(index_terms(text))
    held = sum(
        weight * max((share for term, share in group.items() if term in present), default=0.0)
        for group, weight in weighted
    )
    return held / total if total else 0.0


def affordable(
    owners: Sequence[int], shares: Sequence[float], lengths: Sequence[int], limit: int
) -> list[int]:
    """Which sentences to read: the best of every hit, then the best of all, while they fit.

    Args:
        owners: the hit each sentence belongs to.
        shares: how much of the question each holds; equal ones go in order.
        lengths: tokens of each.
    """
    order = sorted(range(len(owners)), key=lambda i: -shares[i])
    kept: dict[int, None] = {}
    for owner in dict.fromkeys(owners):
        kept[next(i for i in order if owners[i] == owner)] = None
    used = sum(lengths[i] for i in kept)
    for i in order:
        if i not in kept and used + lengths[i] <= limit:
            kept[i] = None
            used += lengths[i]
    return sorted(kept)


def _sentences(hit: Hit) -> list[tuple[int, int]]:
    passage = hit.passage
    return list(split_sentences(passage.text, passage.language)) or [(0, len(passage.text))]
