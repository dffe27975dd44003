"""Close calls: hits too near to tell apart are read again, sentence by sentence, token by token.

Where one sentence answers, a passage's vector tells little of it. Encoding every sentence of an
archive would double the work of taking it in; encoding those of the first hits costs a search a
multiple of its time. So it is done only where it decides something: among the leading hits whose
scores lie within a fitted distance of the best (an early exit, after Cambazoglu et al. 2010).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from rag.corpus.sentences import split_sentences
from rag.index.encoder import Encoded, Encoder
from rag.index.index import Index
from rag.retrieve.calibrate import calibration
from rag.retrieve.fusion import Reading, Weights, load_weights, with_reading
from rag.retrieve.ranking import rerank
from rag.retrieve.terms import coverage, weighted_groups
from rag.retrieve.wordings import weigh_wordings, wordings
from rag.types import Hit, Question

Matches = npt.NDArray[np.float32]

LEG = "sentence"
MOST = 6  # hits read again at the most, for any pair of languages
# Where even the best hit scores less, none answers, and their order is not worth reading: behind a
# filter that leaves the answer out all are equally far off. 1 is what a typical answer scores. The
# best of many that do not answer scores more than the best of few: `_RISE` for ten times as many.
WORTH = 0.35
_FEW = 200
_RISE = 0.06
# A second hit further off than this has never come past the first, in any pair of languages (dev):
# nothing is read then. Which hits are read once anything is, is fitted for each pair (`close`).
DOUBT = 0.2


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the sentences of hits for one question; `asked` is each of its wordings, encoded, by
    its text."""

    question: Question
    asked: Mapping[str, Encoded]
    index: Index
    encoder: Encoder

    def settle(self, hits: Sequence[Hit]) -> tuple[Hit, ...]:
        """The hits, with those in doubt put in the order of fused score and what was read."""
        if not hits:
            return ()
        least = worth(self.index.sizes[hits[0].passage.language])
        scores = [hit.score for hit in hits]
        doubtful = hits[: in_doubt(scores, _weights(self.question, hits[0]), least)]
        if not doubtful:
            return tuple(hits)
        heard = [self._heard(hit) for hit in doubtful]
        judged: list[list[float]] = [[] for _ in heard]
        put = {hit.passage.language: wordings(self.question, hit.passage.language) for hit in heard}
        for wording in dict.fromkeys(each for ways in put.values() for each in ways):
            mine = [i for i, hit in enumerate(heard) if wording in put[hit.passage.language]]
            budget = _weights(wording, heard[mine[0]]).budget
            for i, reading in zip(
                mine, self.read([heard[i] for i in mine], budget, wording), strict=True
            ):
                weights = _weights(wording, heard[i])
                judged[i].append(with_reading(heard[i].score, reading, weights))
        return rerank(hits, [weigh_wordings(each) for each in judged], LEG)

    def read(
        self, hits: Sequence[Hit], budget: int, wording: Question | None = None
    ) -> list[Reading]:
        """What the sentences of each hit show.

        Args:
            budget: tokens of sentences to encode, headlines apart; sentences with more of the
                question's words go first, but every hit has one read.
            wording: that of the question by which they are read; as it was asked by default.
        """
        wording = wording or self.question
        texts, owners = self._chosen(wording, hits, budget)
        headlines = [hit.passage.headline for hit in hits]
        encoded = self.encoder.encode_passage_tokens([*texts, *headlines])
        sentences, above = encoded[: len(texts)], encoded[len(texts) :]
        measured = calibration(self.encoder)
        asked = self.asked[wording.text]
        readings = []
        for number, (hit, headline) in enumerate(zip(hits, above, strict=True)):
            mine = [one for one, owner in zip(sentences, owners, strict=True) if owner == number]
            pair = wording.language, hit.passage.language
            vectors = np.array([one.vector for one in mine])
            similarity = measured.similarity(asked.vector, vectors, *pair)
            tokens = [one.tokens for one in (*mine, headline)]
            matches = measured.token_matches(asked.tokens, tokens, *pair)
            readings.append(Reading(float(similarity.max()), _met(matches)))
        return readings

    def _chosen(
        self, wording: Question, hits: Sequence[Hit], budget: int
    ) -> tuple[list[str], list[int]]:
        """The sentences to read, and which hit each belongs to."""
        sentences = [
            (hit.passage.text[start:end], number)
            for number, hit in enumerate(hits)
            for start, end in _sentences(hit)
        ]
        texts, owners = [text for text, _ in sentences], [number for _, number in sentences]
        lengths = self.encoder.count_tokens(texts)
        if sum(lengths) <= budget:
            return texts, owners
        languages = [hit.passage.language for hit in hits]
        weighted = weighted_groups(wording, languages, self.index)
        shares = [coverage(text, weighted[languages[owner]]) for text, owner in sentences]
        kept = affordable(owners, shares, lengths, budget)
        return [texts[i] for i in kept], [owners[i] for i in kept]

    def _heard(self, hit: Hit) -> Hit:
        """The hit in the question's language, where its article has it: there it is read best."""
        asked = self.question.language
        if hit.passage.language == asked or asked not in self.index.languages:
            return hit
        across = self.index.across(hit.passage)
        return replace(hit, passage=across) if across else hit


def _weights(question: Question, hit: Hit) -> Weights:
    return load_weights()[question.language, hit.passage.language]


def worth(passages: int) -> float:
    """The score that the best hit among so many passages must have to be worth reading."""
    return WORTH + _RISE * math.log10(max(passages, _FEW) / _FEW)


def in_doubt(scores: Sequence[float], weights: Weights, least: float = WORTH) -> int:
    """How many leading hits are read again: none where the best is too far off to answer, or the
    second too far off to come before it.

    Args:
        scores: fused, best first.
        least: what the best must have.
    """
    if len(scores) < 2 or scores[0] < least or scores[0] - scores[1] > DOUBT:
        return 0
    near = sum(score > scores[0] - weights.close for score in scores[: weights.most])
    return near if near > 1 else 0


def _met(matches: Matches) -> float:
    """How well the question's tokens are met in what was read: the root of the mean square of the
    best cosine of each, so that a token well met tells more than several half met.

    Args:
        matches: cosines (question tokens, texts).
    """
    if not len(matches):
        return 0.0
    best = np.maximum(matches.max(axis=1), 0.0)
    return float(np.sqrt(np.mean(best**2)))


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
