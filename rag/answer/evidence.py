"""Hits -> the sentences that answer, scored; and whether they answer at all.

A sentence is scored by a linear model over seventeen features: its similarity to the question, how
the question's tokens are met in it (six, see `met.py`), the share of the question's words in it,
the score of its passage, whether it holds the kind of thing asked for (a number, a time), whether a
number in it counts what the question asks the number of, its length (a logarithm), the share of the
question's words in its passage up to its end, whether it opens its passage, how much of the
question's spelling it is the first of its passage to hold, what part of the question's words that
the archive has stand neither in its passage nor in the headline, and whether it stands in the first
hit: where close calls were read, more speaks for that one than its score tells.
For each pair of languages two sets of weights are fitted on dev questions. Those of a conditional
logit tell which sentence of a question is the likeliest, so that differences of scores are
log-odds. Those of a logistic regression tell whether the best one answers at all.
Where an article has two texts, each sentence's counterpart has a say in which is the likeliest.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import groupby
from pathlib import Path

import numpy as np

from rag.answer.crowd import crowding
from rag.answer.kind import asked_kind, counted, counts, holds
from rag.answer.met import TOLD, Floats, how_met
from rag.answer.shingles import told_first
from rag.corpus.aligner import counterpart
from rag.corpus.sentences import split_sentences
from rag.index.encoder import Encoded, Encoder
from rag.index.index import Index
from rag.language import by_languages
from rag.retrieve.calibrate import calibration
from rag.retrieve.question import without_period
from rag.retrieve.terms import shares, term_groups, weighted_groups
from rag.retrieve.wordings import weigh_wordings, wordings
from rag.types import Group, Hit, Language, Pair, Question, Span

FILE = Path(__file__).parent / "weights.toml"

READ = 5  # hits whose sentences are weighed
# What the text in the language not asked in counts for in the score, beside the one asked in.
# Chosen on dev questions: docs/retrieval.md.
_OTHER = 0.4
_LIKELIEST = 3  # sentences in whose passages counterparts are read
# Those of the module, in order.
Features = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class EvidenceWeights:
    """Of the features, in order, by pair of languages (`zh-en`: a Chinese question, an
    English sentence): of the score, and of the margin, whose constant comes last. `least` is what a
    typical answer scores at the least, so that scores compare across pairs of languages."""

    scores: Mapping[str, Features]
    least: Mapping[str, float]
    margins: Mapping[str, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of a hit. `score` is in log-odds against the other sentences of the question, and
    `alone` the same without its counterpart; a `margin` of 0 and more counts as an answer (what a
    crowd costs is off it). `held` says for each group of the question's words what part of the
    question it is, or 0 where it does not stand in the sentence; `around` the same of its passage
    and headline."""

    hit: Hit
    span: Span
    text: str
    features: Features
    score: float
    alone: float
    margin: float
    held: tuple[float, ...] = ()
    around: tuple[float, ...] = ()


@cache
def load_evidence_weights() -> EvidenceWeights:
    """The fitted weights."""
    data = tomllib.loads(FILE.read_text("utf-8"))
    scores, margins = (
        {name: tuple(weights) for name, weights in data[kind].items()}
        for kind in ("scores", "margins")
    )
    return EvidenceWeights(scores, data["least"], margins)


def find_evidence(
    question: Question, hits: Sequence[Hit], index: Index, encoder: Encoder
) -> list[Evidence]:
    """Every sentence of the first hits, the best first.

    Args:
        hits: best first; those behind the first tell how near an ordinary passage comes.
    """
    printed = (hit.passage.masthead.published for hit in hits[:READ])
    question = without_period(question, printed)
    crowded = crowding([hit.score for hit in hits], sum(index.sizes.values()))
    read, leading = hits[:READ], hits[0].rank if hits else 1
    found = [
        replace(item, margin=item.margin - crowded)
        for item in _in_all_wordings(question, read, leading, index, encoder)
    ]
    pairs = index.pairs({hit.passage.masthead.article_id for hit in read})
    # Only where one of the likeliest stands: reading all would take as long again.
    likeliest = sorted(found, key=lambda item: -item.score)[:_LIKELIEST]
    across = [
        replace(hit, passage=other)
        for hit in {item.hit.rank: item.hit for item in likeliest}.values()
        if hit.passage.masthead.article_id in pairs and (other := index.across(hit.passage))
    ]
    if across:
        others = _weighed(question, across, leading, index, encoder)
        found = list(_together(found, others, pairs, question.language))
    return sorted(found, key=lambda item: -item.score)


def _in_all_wordings(
    question: Question, hits: Sequence[Hit], leading: int, index: Index, encoder: Encoder
) -> list[Evidence]:
    """Every sentence of the hits, in reading order, scored by each wording of the question."""
    found = _weighed(question, hits, leading, index, encoder)
    for language in {hit.passage.language for hit in hits}:
        for wording in wordings(question, language)[1:]:
            theirs = [hit for hit in hits if hit.passage.language == language]
            put = _weighed(wording, theirs, leading, index, encoder)
            by_place = {(item.hit.rank, item.span): item for item in put}
            found = [_mixed(item, by_place.get((item.hit.rank, item.span), item)) for item in found]
    return found


def _mixed(asked: Evidence, put: Evidence) -> Evidence:
    return replace(
        asked,
        score=weigh_wordings((asked.score, put.score)),
        alone=weigh_wordings((asked.alone, put.alone)),
        margin=weigh_wordings((asked.margin, put.margin)),
    )


def _together(
    found: Sequence[Evidence],
    others: Sequence[Evidence],
    pairs: Mapping[str, Sequence[Pair]],
    asked: Language,
) -> Iterator[Evidence]:
    """The sentences, those of translated articles scored by what they say in both languages; one
    whose counterpart was not read by the lowest of those that were.

    Args:
        found: sentences of the hits.
        others: those of what some of the hits' articles say in the other language.
        pairs: of the articles that have two texts.
        asked: the question's language.
    """
    lowest = min(other.score for other in others)
    for item in found:
        passage = item.hit.passage
        known = pairs.get(passage.masthead.article_id)
        if known is None:
            yield item
            continue
        span = counterpart(known, passage.language, item.span)
        there = max(
            (
                other.score
                for other in others
                if span and other.hit.rank == item.hit.rank and other.span.overlap(span)
            ),
            default=lowest,
        )
        share = _OTHER if passage.language == asked else 1 - _OTHER
        yield replace(item, score=(1 - share) * item.score + share * there)


def _weighed(
    question: Question, hits: Sequence[Hit], leading: int, index: Index, encoder: Encoder
) -> list[Evidence]:
    """Every sentence of the hits, in reading order, scored by itself.

    Args:
        leading: the rank of the best hit, whether it is among them or not.
    """
    sentences = [
        (hit, Span(hit.passage.start + start, hit.passage.start + end), hit.passage.text[start:end])
        for hit in hits
        for start, end in split_sentences(hit.passage.text, hit.passage.language)
    ]
    headlines = {hit.rank: hit.passage.headline for hit in hits}
    asked = encoder.encode_query_tokens(question.text)
    texts = [text for _, _, text in sentences]
    read = encoder.encode_passage_tokens([*texts, *headlines.values()])
    above = dict(zip(headlines, read[len(texts) :], strict=True))
    measured, weights = calibration(encoder), load_evidence_weights()
    weighted = weighted_groups(question, [hit.passage.language for hit in hits], index)
    kind = asked_kind(question.text)
    around = {
        hit.rank: shares(
            f"{headlines[hit.rank]}\n{hit.passage.text}", weighted[hit.passage.language]
        )
        for hit in hits
    }
    amiss = _amiss(hits, around, weighted, index)
    things = {language: _things(question, language) for language in weighted}
    matching = partial(measured.token_matches, asked.tokens)
    met = _met(question, [hit for hit, _, _ in sentences], matching, read, above)
    first = _told_first(question, sentences)
    found: list[Evidence] = []
    for (hit, span, text), one, told, new in zip(
        sentences, read, met.tolist(), first, strict=False
    ):
        language = hit.passage.language
        pair = question.language, language
        held = shares(text, weighted[language])
        before = [item.held for item in found if item.hit is hit]
        features = (
            float(measured.similarity(asked.vector, one.vector[None], *pair)[0]),
            *told,
            sum(held),
            hit.score,
            float(kind is not None and holds(text, kind, question.text)),
            float(bool(things[language]) and counts(text, language, things[language])),
            math.log(len(text)),
            float(sum(map(max, zip(held, *before, strict=True)))),
            float(not before),
            new,
            amiss[hit.rank],
            float(hit.rank == leading),
        )
        name = by_languages(*pair)
        score = _linear(weights.scores[name], features) - weights.least[name]
        margin = _linear(weights.margins[name], (*features, 1.0))
        found.append(
            Evidence(hit, span, text, features, score, score, margin, held, around[hit.rank])
        )
    return found


def _amiss(
    hits: Sequence[Hit],
    around: Mapping[int, Sequence[float]],
    weighted: Mapping[Language, Sequence[tuple[Group, float]]],
    index: Index,
) -> dict[int, float]:
    """By rank, what part of the question's words stands elsewhere in the archive, but not around a
    hit: a question that goes on about something else. Words that no passage has say nothing."""
    known: dict[Language, list[float]] = {}
    for language, groups in weighted.items():
        total = sum(weight for _, weight in groups) or 1.0
        has = index.has(language, (group for group, _ in groups))
        known[language] = [
            weight / total * there for (_, weight), there in zip(groups, has, strict=True)
        ]
    found: dict[int, float] = {}
    for hit in hits:
        held = around[hit.rank]
        parts = zip(known[hit.passage.language], held, strict=True)
        missing = sum(part for part, there in parts if not there)
        found[hit.rank] = missing / (missing + sum(held)) if missing else 0.0
    return found


def _met(
    question: Question,
    hits: Sequence[Hit],
    matching: Callable[[Sequence[Floats], Language, Language], Floats],
    read: Sequence[Encoded],
    above: Mapping[int, Encoded],
) -> Floats:
    """How the question's tokens are met in each sentence (n, 6), among those of its language.

    Args:
        hits: that of each sentence; sentences stand in reading order.
        matching: how well the question's tokens are met in texts given by theirs.
        above: the headline of each hit, by its rank.
    """
    met = np.zeros((len(hits), TOLD), np.float32)
    for language in {hit.passage.language for hit in hits}:
        rows = [i for i, hit in enumerate(hits) if hit.passage.language == language]
        ranks = [hits[i].rank for i in rows]
        distinct = list(dict.fromkeys(ranks))
        pair = question.language, language
        matches = matching([read[i].tokens for i in rows], *pair)
        heads = matching([above[rank].tokens for rank in distinct], *pair)
        met[rows] = how_met(matches, ranks, heads[:, [distinct.index(rank) for rank in ranks]])
    return met


def _told_first(question: Question, sentences: Sequence[tuple[Hit, Span, str]]) -> list[float]:
    """What part of the question's spelling each sentence is the first of its passage to hold."""
    shares: list[float] = []
    for hit, members in groupby(sentences, key=lambda item: item[0]):
        texts = [text for _, _, text in members]
        shares += told_first(question.text, texts, hit.passage.language)
    return shares


def _things(question: Question, language: Language) -> frozenset[str]:
    """Index terms of what the question asks the number of; none where it asks for none."""
    run = counted(question.text)
    groups = term_groups(Question(run, question.language), language) if run else ()
    return frozenset(term for group in groups for term in group)


def _linear(weights: Sequence[float], features: Sequence[float]) -> float:
    return sum(w * x for w, x in zip(weights, features, strict=True))
