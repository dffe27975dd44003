"""Fits the fusion of the search: the middle of each language, the scales of the legs, their shares
and when a call is close. On dev questions only."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np
import numpy.typing as npt

from eval.xquad import CELLS, XquadQuestion, is_relevant
from rag import Archive
from rag.corpus.sentences import split_sentences
from rag.retrieve import calibrate
from rag.retrieve.calibrate import Texts, calibration, measure
from rag.retrieve.close import MOST, Reader, in_doubt
from rag.retrieve.fusion import FILE, Reading, Weights, fuse, with_reading
from rag.retrieve.question import understand
from rag.retrieve.similarity import Calibration, write_calibration
from rag.retrieve.terms import by_name, groups_in
from rag.types import Hit, Language, Passage

HEAD = "# Fitted on dev questions only, by `make fit`; see docs/retrieval.md.\n"
# A mean of reciprocal ranks within this of the best is a tie, won by what costs less.
_TIE = 0.001
# Shares of the keyword leg that reach less than this below the best may do better once close calls
# are read.
_NEAR = 0.005
_SHARES = [round(0.05 * step, 2) for step in range(13)]
_READ_SHARES = [round(0.15 * step, 2) for step in range(6)]
_CLOSE = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4)
_MOST = (2, 3, 4, MOST)
_BUDGETS = (256, 320, 400, 1024)
# Tokens that 95 of 100 questions may cost: what takes about eight times encoding a question.
_TOKENS = 450

Pair = tuple[Language, Language]
Floats = npt.NDArray[np.float32]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Trial:
    """A question's candidates in one corpus, and which of them hold the answer; `lengths` are the
    tokens of each text and each headline, `known` is what reading some of them with some budget
    showed."""

    reader: Reader
    passages: Sequence[Passage]
    dense: Floats
    keyword: Floats
    named: float
    relevant: npt.NDArray[np.bool_]
    lengths: Sequence[tuple[int, int]]
    known: dict[tuple[int, ...], list[Reading]] = field(default_factory=dict)

    def read(self, candidates: Sequence[int], budget: int) -> list[Reading]:
        """What reading the candidates shows."""
        key = (budget, *candidates)
        if key not in self.known:
            hits = [_hit(self.passages[i]) for i in candidates]
            self.known[key] = self.reader.read(hits, budget)
        return self.known[key]

    def cost(self, candidates: Collection[int], budget: int) -> int:
        """Tokens that reading the candidates encodes, about."""
        sentences = sum(self.lengths[i][0] for i in candidates)
        return min(sentences, budget) + sum(self.lengths[i][1] for i in candidates)


def fit_means(
    archives: Mapping[Language, Archive], questions: Sequence[XquadQuestion]
) -> Calibration:
    """The middle of each language's passages, and of the tokens of questions and of sentences;
    written beside the code."""
    texts: dict[Language, Texts] = {}
    for language, archive in archives.items():
        passages = [passage.text for passage in archive.passages()]
        cuts = [(text, split_sentences(text, language)) for text in passages]
        sentences = [text[start:end] for text, spans in cuts for start, end in spans]
        texts[language] = Texts([q.question[language] for q in questions], sentences, passages)
    fitted = measure(next(iter(archives.values())).encoder, texts)
    write_calibration(fitted, calibrate.FILE)
    calibrate.load_fitted.cache_clear()
    return fitted


def fit_fusion(
    archives: Mapping[Language, Archive], questions: Sequence[XquadQuestion], say: Say
) -> dict[Pair, Weights]:
    """Weights by pair of languages.

    The scale of each leg comes from the scores of typical passages; the shares, and the distance
    within which a call is close, are those with the highest mean reciprocal rank.
    """
    answerable = [question for question in questions if question.answerable]
    result = {}
    for asked, found in CELLS:
        trials = _trials(archives[found], answerable, asked)
        weights = _scales(trials)
        options = [dataclasses.replace(weights, keyword=share) for share in _SHARES]
        ranks = [_mean_reciprocal_rank([_fused(t, o) for t in trials], trials) for o in options]
        fitted = [
            _fit_close(trials, option)
            for option, rank in zip(options, ranks, strict=True)
            if rank >= max(ranks) - _NEAR
        ]
        again = max(rank for _, rank in fitted)
        best = next(weights for weights, rank in fitted if rank >= again - _TIE)
        say(
            f"fusion {asked}->{found}: MRR {ranks[0]:.3f} dense, {max(ranks):.3f} fused, "
            f"{again:.3f} with close calls read"
        )
        result[asked, found] = best
    return result


def write_fusion(weights: Mapping[Pair, Weights]) -> None:
    """Writes the weights beside the code."""
    tables = (
        f"\n[{asked}.{found}]\n"
        + "".join(f"{name} = {value}\n" for name, value in dataclasses.asdict(fitted).items())
        for (asked, found), fitted in weights.items()
    )
    FILE.write_text(HEAD + "".join(tables), "utf-8")


def _trials(archive: Archive, questions: Sequence[XquadQuestion], asked: Language) -> list[Trial]:
    searcher = archive.searcher()
    (language,) = searcher.index.languages
    measured = calibration(searcher.encoder)
    count = searcher.encoder.count_tokens
    trials = []
    for item in questions:
        question = understand(item.question[asked])
        encoded = searcher.encoder.encode_query_tokens(question.text)
        groups = groups_in(question, language, searcher.index)
        near = measured.moved(encoded.vector, asked, language)
        found = searcher.index.candidates(language, near, groups, 100)
        held = searcher.index.passages(found.keys.tolist())
        passages = [held[key] for key in found.keys.tolist()]
        texts, headlines = [p.text for p in passages], [p.headline for p in passages]
        lengths = list(zip(count(texts), count(headlines), strict=True))
        trials.append(
            Trial(
                Reader(question, {question.text: encoded}, searcher.index, searcher.encoder),
                passages,
                measured.similarity(encoded.vector, found.vectors, asked, language),
                found.keyword,
                by_name(question, language, groups, searcher.index),
                np.array([is_relevant(item, passage) for passage in passages]),
                lengths,
            )
        )
    return trials


def _scales(trials: Sequence[Trial]) -> Weights:
    hits = [trial for trial in trials if trial.relevant.any()]
    right = [int(trial.relevant.argmax()) for trial in hits]
    answers = [
        trial.reader.read([_hit(trial.passages[i])], _BUDGETS[-1])[0]
        for trial, i in zip(hits, right, strict=True)
    ]
    others = [t.reader.read([_hit(t.passages[-1])], _BUDGETS[-1])[0] for t in trials]
    return Weights(
        dense_low=_rounded(np.median([np.median(trial.dense) for trial in trials])),
        dense_high=_rounded(np.mean([t.dense[i] for t, i in zip(hits, right, strict=True)])),
        keyword_high=_rounded(np.mean([t.keyword[i] for t, i in zip(hits, right, strict=True)])),
        keyword=0.0,
        sentence_low=_rounded(np.median([reading.sentence for reading in others])),
        sentence_high=_rounded(np.mean([reading.sentence for reading in answers])),
        sentence=0.0,
        tokens_low=_rounded(np.median([reading.tokens for reading in others])),
        tokens_high=_rounded(np.mean([reading.tokens for reading in answers])),
        tokens=0.0,
        close=0.0,
        most=2,
        budget=_BUDGETS[0],
    )


def _fit_close(trials: Sequence[Trial], weights: Weights) -> tuple[Weights, float]:
    """The weights with what is read of close calls and its shares, and the mean reciprocal rank.

    Only what may be read within `_TOKENS` at the 95th percentile is tried: a search has to stay a
    small multiple of encoding its question.
    """
    plain = [_fused(trial, weights) for trial in trials]
    affordable: list[tuple[float, Weights]] = []
    for budget, close, most in product(_BUDGETS, _CLOSE, _MOST):
        option = dataclasses.replace(weights, close=close, most=most, budget=budget)
        near = [_doubtful(fused, option) for fused in plain]
        costs = [trial.cost(each, budget) for trial, each in zip(trials, near, strict=True)]
        if np.quantile(costs, 0.95) <= _TOKENS:
            affordable.append((float(np.mean(costs)), option))
    best, reached = weights, 0.0
    # The cheapest first: what costs more has to be better by more than a tie.
    for _, option in sorted(affordable, key=lambda each: each[0]):
        read = [_read(trial, fused, option) for trial, fused in zip(trials, plain, strict=True)]
        for sentence, tokens in product(_READ_SHARES, _READ_SHARES):
            if sentence + tokens >= 1:
                continue
            shared = dataclasses.replace(option, sentence=sentence, tokens=tokens)
            settled = [_settled(f, r, shared) for f, r in zip(plain, read, strict=True)]
            rank = _mean_reciprocal_rank(settled, trials)
            if rank > reached + _TIE:
                best, reached = shared, rank
    return best, reached


def _doubtful(fused: Floats, weights: Weights) -> list[int]:
    """The candidates that a search would read again, best first."""
    order = np.argsort(-fused, kind="stable")
    leading: list[int] = order[: in_doubt(fused[order].tolist(), weights)].tolist()
    return leading


def _read(trial: Trial, fused: Floats, weights: Weights) -> dict[int, Reading]:
    """What reading each candidate in doubt shows."""
    near = _doubtful(fused, weights)
    return dict(zip(near, trial.read(near, weights.budget), strict=True)) if near else {}


def _settled(fused: Floats, read: Mapping[int, Reading], weights: Weights) -> Floats:
    result = fused.copy()
    for i, reading in read.items():
        # Above all others, which are further from the best.
        result[i] = 100 + with_reading(float(fused[i]), reading, weights)
    return result


def _fused(trial: Trial, weights: Weights) -> Floats:
    return fuse(trial.dense, trial.keyword, weights, trial.named)


def _mean_reciprocal_rank(scores: Sequence[Floats], trials: Sequence[Trial]) -> float:
    total = 0.0
    for scored, trial in zip(scores, trials, strict=True):
        ranks = np.flatnonzero(trial.relevant[np.argsort(-scored, kind="stable")][:10])
        total += 1 / (ranks[0] + 1) if len(ranks) else 0
    return total / len(trials)


def _hit(passage: Passage) -> Hit:
    return Hit(passage, 0.0, 1, ())


def _rounded(value: np.floating) -> float:
    return round(float(value), 4)
