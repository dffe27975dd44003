"""Fits the fusion of the search: the middle of each language, the scales of the legs, their shares
and when a call is close. On dev questions only."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from eval.xquad import CELLS, XquadQuestion, is_relevant
from rag import Archive
from rag.retrieve import similarity
from rag.retrieve.close import MOST, Reader
from rag.retrieve.fusion import FILE, Weights, fuse, with_sentence
from rag.retrieve.question import understand
from rag.retrieve.terms import term_groups
from rag.types import Hit, Language, Passage

HEAD = "# Fitted on dev questions only, by `make fit`; see docs/retrieval.md.\n"
# A mean of reciprocal ranks within this of the best is a tie, won by what costs less.
_TIE = 0.001
_SHARES = [round(0.05 * step, 2) for step in range(13)]
_CLOSE = [round(0.05 * step, 2) for step in range(1, 8)]

Pair = tuple[Language, Language]
Floats = npt.NDArray[np.float32]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Trial:
    """A question's candidates in one corpus, and which of them hold the answer."""

    reader: Reader
    passages: Sequence[Passage]
    dense: Floats
    keyword: Floats
    relevant: npt.NDArray[np.bool_]


def fit_means(archives: Mapping[Language, Archive]) -> similarity.LanguageMeans:
    """The middle of each language's passages; written beside the code."""
    names = {archive.encoder.name for archive in archives.values()}
    means = {
        language: archive.encoder.encode_passages(
            [passage.text for passage in archive.passages()]
        ).mean(axis=0)
        for language, archive in archives.items()
    }
    fitted = similarity.LanguageMeans(names.pop(), means)
    similarity.write_means(fitted)
    similarity.load_means.cache_clear()
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
        weights = options[_cheapest(ranks)]
        best, again = _fit_close(trials, weights)
        say(
            f"fusion {asked}->{found}: MRR {ranks[0]:.3f} dense, {max(ranks):.3f} fused, "
            f"{again:.3f} with {best.close} close calls read"
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
    means = similarity.load_means(searcher.encoder.name)
    vectors = searcher.encoder.encode_queries([q.question[asked] for q in questions])
    trials = []
    for item, vector in zip(questions, vectors, strict=True):
        question = understand(item.question[asked])
        groups = term_groups(question, language)
        found = searcher.index.candidates(language, vector, groups, 100)
        held = searcher.index.passages(found.keys.tolist())
        passages = [held[key] for key in found.keys.tolist()]
        trials.append(
            Trial(
                Reader(question, vector, searcher.index, searcher.encoder),
                passages,
                means.similarity(vector, found.vectors, asked, language),
                found.keyword,
                np.array([is_relevant(item, passage) for passage in passages]),
            )
        )
    return trials


def _scales(trials: Sequence[Trial]) -> Weights:
    hits = [trial for trial in trials if trial.relevant.any()]
    right = [int(trial.relevant.argmax()) for trial in hits]
    sentences = [
        trial.reader.best_sentences([_hit(trial.passages[i])])[0]
        for trial, i in zip(hits, right, strict=True)
    ]
    others = [trial.reader.best_sentences([_hit(trial.passages[-1])])[0] for trial in trials]
    return Weights(
        _rounded(np.median([np.median(trial.dense) for trial in trials])),
        _rounded(np.mean([t.dense[i] for t, i in zip(hits, right, strict=True)])),
        _rounded(np.mean([t.keyword[i] for t, i in zip(hits, right, strict=True)])),
        0.0,
        _rounded(np.median(others)),
        _rounded(np.mean(sentences)),
        0.0,
        0.0,
    )


def _fit_close(trials: Sequence[Trial], weights: Weights) -> tuple[Weights, float]:
    """The weights with share and distance of close calls, and the mean reciprocal rank reached."""
    plain = [_fused(trial, weights) for trial in trials]
    options = [
        dataclasses.replace(weights, close=close, sentence=share)
        for close, share in product(_CLOSE, _SHARES[2:])
    ]
    ranks = []
    for close in _CLOSE:
        read = [_read(trial, fused, close) for trial, fused in zip(trials, plain, strict=True)]
        for share in _SHARES[2:]:
            option = dataclasses.replace(weights, close=close, sentence=share)
            settled = [
                _settled(fused, doubtful, option)
                for fused, doubtful in zip(plain, read, strict=True)
            ]
            ranks.append(_mean_reciprocal_rank(settled, trials))
    best = _cheapest(ranks)
    return options[best], ranks[best]


def _read(trial: Trial, fused: Floats, close: float) -> dict[int, float]:
    """The best sentence of each candidate in doubt; none where the best stands alone."""
    order = np.argsort(-fused, kind="stable")[:MOST]
    near = [int(i) for i in order if fused[i] > fused[order[0]] - close]
    if len(near) < 2:
        return {}
    found = trial.reader.best_sentences([_hit(trial.passages[i]) for i in near])
    return dict(zip(near, found, strict=True))


def _settled(fused: Floats, read: Mapping[int, float], weights: Weights) -> Floats:
    result = fused.copy()
    for i, sentence in read.items():
        # Above all others, which are further from the best.
        result[i] = 100 + with_sentence(float(fused[i]), sentence, weights)
    return result


def _fused(trial: Trial, weights: Weights) -> Floats:
    return fuse(trial.dense, trial.keyword, weights)


def _mean_reciprocal_rank(scores: Sequence[Floats], trials: Sequence[Trial]) -> float:
    total = 0.0
    for scored, trial in zip(scores, trials, strict=True):
        ranks = np.flatnonzero(trial.relevant[np.argsort(-scored, kind="stable")][:10])
        total += 1 / (ranks[0] + 1) if len(ranks) else 0
    return total / len(trials)


def _cheapest(ranks: Sequence[float]) -> int:
    return next(i for i, rank in enumerate(ranks) if rank >= max(ranks) - _TIE)


def _hit(passage: Passage) -> Hit:
    return Hit(passage, 0.0, 1, ())


def _rounded(value: np.floating) -> float:
    return round(float(value), 4)
