"""Hits -> the sentences that answer, scored; and whether they answer at all.

A sentence is scored by a linear model over four features: its similarity to the question, the
share of the question's words in it, the score of its passage, and whether it holds the kind of
thing asked for (a number, a time). The weights are those of a conditional logit fitted on dev
questions, so that score differences within one question are log-odds; the least score that counts
as an answer is fitted for each pair of languages.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rag.answer.kind import asked_kind, holds
from rag.corpus.sentences import split_sentences
from rag.index.encoder import Encoder
from rag.index.index import Index
from rag.retrieve.terms import term_groups
from rag.terms import index_terms
from rag.types import Group, Hit, Language, Question, Span

FILE = Path(__file__).parent / "weights.toml"

READ = 5  # hits whose sentences are weighed
Features = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class EvidenceWeights:
    """Of the four features, in order, and the least score of an answer by pair of languages
    (`zh-en`: a Chinese question, an English sentence)."""

    features: Features
    least: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of a hit. `features` are similarity, coverage, passage's score and kind;
    `margin` is how far the score lies above the least that counts as an answer."""

    hit: Hit
    span: Span
    text: str
    features: Features
    margin: float


@cache
def load_evidence_weights() -> EvidenceWeights:
    """The fitted weights."""
    data = tomllib.loads(FILE.read_text("utf-8"))
    similarity, coverage, passage, kind = data["features"]
    return EvidenceWeights((similarity, coverage, passage, kind), data["least"])


def find_evidence(
    question: Question, hits: Sequence[Hit], index: Index, encoder: Encoder
) -> list[Evidence]:
    """Every sentence of the hits, the best first."""
    sentences = [
        (hit, Span(hit.passage.start + start, hit.passage.start + end), hit.passage.text[start:end])
        for hit in hits
        for start, end in split_sentences(hit.passage.text, hit.passage.language)
    ]
    asked = encoder.encode_queries([question.text])[0]
    similarities = encoder.encode_passages([text for _, _, text in sentences]) @ asked
    weights = load_evidence_weights()
    weighted = {
        language: index.weigh(language, term_groups(question, language))
        for language in {hit.passage.language for hit in hits}
    }
    kind = asked_kind(question.text)
    found = []
    for (hit, span, text), similarity in zip(sentences, similarities, strict=True):
        language = hit.passage.language
        features = (
            float(similarity),
            coverage(text, weighted[language]),
            hit.score,
            float(kind is not None and holds(text, kind)),
        )
        margin = score(features, weights) - weights.least[by_languages(question.language, language)]
        found.append(Evidence(hit, span, text, features, margin))
    return sorted(found, key=lambda item: -item.margin)


def score(features: Features, weights: EvidenceWeights) -> float:
    """The linear model."""
    return sum(w * x for w, x in zip(weights.features, features, strict=True))


def coverage(text: str, weighted: Sequence[tuple[Group, float]]) -> float:
    """Share of the question's words, by inverse document frequency, that stand in a text."""
    total = sum(weight for _, weight in weighted)
    present = set(index_terms(text))
    held = sum(
        weight * max((share for term, share in group.items() if term in present), default=0.0)
        for group, weight in weighted
    )
    return held / total if total else 0.0


def choose(evidence: Sequence[Evidence], most: int = 3) -> list[Evidence]:
    """The sentences to quote: the best, and others two thirds as likely; none if none answers.

    Args:
        evidence: best first; margins are log-odds against each other.
        most: at most so many.
    """
    if not evidence or evidence[0].margin < 0:
        return []
    least = max(evidence[0].margin - math.log(1.5), 0.0)
    return [item for item in evidence[:most] if item.margin >= least]


def by_languages(asked: Language, found: Language) -> str:
    """How a pair of languages is called in the weights."""
    return f"{asked}-{found}"
