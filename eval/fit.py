"""Fits what search and answers are weighed by, on dev questions only: `make fit`.

With `evidence` as its argument it leaves those of the search as they are.
Writes `rag/retrieve/weights.toml` and `rag/answer/weights.toml` and prints what the fit reaches
on the questions it was fitted on (the questions kept back are never read).
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from eval.fit_fusion import HEAD, fit_fusion, fit_means, write_fusion
from eval.measured import HoldingOut
from eval.xquad import (
    CELLS,
    XquadQuestion,
    article_of,
    default_folder,
    gold_offset,
    is_relevant,
    load_questions,
)
from rag import Archive
from rag.answer import evidence
from rag.config import load_settings
from rag.errors import JiubaoError
from rag.index.remember import RememberingEncoder
from rag.language import by_languages
from rag.retrieve import fusion
from rag.retrieve.search import Searcher
from rag.types import LANGUAGES, Language, Masthead, Passage

# This share of the answerable questions is to be answered: within a language, where others are
# told from them easily, and across.
_COVERAGE = {True: 0.98, False: 0.973}
# What large weights of the margin cost; chosen by cross-validation (docs/retrieval.md).
_PENALTY = 3e-3
_LEFT_OUT = 0.5  # what a question counts whose article is left out; likewise
_SMALL = 1e-3  # what large weights of the score cost

Pair = tuple[Language, Language]
Floats = npt.NDArray[np.float64]


def main() -> int:
    """Fits and writes; 1 where the benchmark is not there."""
    try:
        folder = default_folder()
        questions = load_questions(folder)
        with TemporaryDirectory() as temporary:
            archives: dict[Language, Archive] = {
                language: _archive(folder / language, Path(temporary) / language)
                for language in LANGUAGES
            }
            if "evidence" not in sys.argv[1:]:
                fit_means(archives, questions)
                write_fusion(fit_fusion(archives, questions, _say))
                fusion.load_weights.cache_clear()
            fitted = fit_evidence(archives, questions)
            _write_evidence(fitted)
    except JiubaoError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _archive(corpus: Path, home: Path) -> Archive:
    archive = Archive.open(settings=load_settings(home=home))
    # The questions of a fit meet the same sentences again and again.
    archive.encoder = RememberingEncoder(archive.encoder)
    archive.ingest([corpus])
    return archive


def fit_evidence(
    archives: Mapping[Language, Archive], questions: Sequence[XquadQuestion]
) -> evidence.EvidenceWeights:
    """By pair of languages, the weights of the score (a conditional logit), the score that most
    answerable questions' best sentences reach, and the weights of the margin.

    An answerable question whose article is left out has no answer either: it is asked so as well.
    """
    answerable = np.array([question.answerable for question in questions])
    scores, least, margins = {}, {}, {}
    for cell in CELLS:
        name = by_languages(*cell)
        archive = archives[cell[1]]
        searcher, heads = archive.searcher(), [p.masthead for p in archive.passages()]
        rows = [_table(searcher, question, cell[0]) for question in questions]
        weights = _conditional_logit([each for each in rows if each[1].any()])
        scores[name] = tuple(round(float(w), 3) for w in weights)
        best = _best(rows, weights)
        left_out = [
            _table(_without(searcher, heads, question), question, cell[0])
            for question in questions
            if question.answerable
        ]
        within = cell[0] == cell[1]
        refusing = 1 - _COVERAGE[within]
        least[name] = round(float(np.quantile((best @ weights)[answerable], refusing)), 3)
        fitted = _logistic(best[answerable], best[~answerable], _best(left_out, weights), refusing)
        margins[name] = tuple(round(float(w), 3) for w in fitted)
        refused = float((best[~answerable] @ fitted[:-1] + fitted[-1] < 0).mean())
        first, third = (_hit_at(k, rows, weights, answerable) for k in (1, 3))
        _say(
            f"evidence {name}: right sentence first {first:.3f}, among three {third:.3f}, "
            f"unanswerable refused {refused:.3f}"
        )
    return evidence.EvidenceWeights(scores, least, margins)


def _logistic(present: Floats, absent: Floats, left_out: Floats, refusing: float) -> Floats:
    """Weights, and a constant, of a logistic regression that tells the best sentences (n, 17) of
    questions with an answer from those of others; all but a share of the former come out above 0.

    Args:
        absent: of questions without an answer.
        left_out: of questions whose article was left out; each counts for a part of one.
    """
    features = np.concatenate([present, absent, left_out])
    sizes = (len(present), len(absent), len(left_out))
    middle, spread = features.mean(axis=0), features.std(axis=0) + 1e-9
    rows = np.c_[(features - middle) / spread, np.ones(len(features))]
    signs, counts = np.repeat((1.0, -1.0, -1.0), sizes), np.repeat((1.0, 1.0, _LEFT_OUT), sizes)

    def loss(weights: Floats) -> float:
        wrong = np.average(np.logaddexp(0, -signs * (rows @ weights)), weights=counts)
        return float(wrong + _PENALTY * weights[:-1] @ weights[:-1])

    fitted = minimize(loss, np.zeros(rows.shape[1]), method="L-BFGS-B").x
    slopes: Floats = fitted[:-1] / spread
    return np.append(slopes, -np.quantile(present @ slopes, refusing))


def _table(
    searcher: Searcher, question: XquadQuestion, asked: Language
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """A question's sentences' features (n, 17) and which of them is the gold one."""
    result = searcher.search(question.question[asked], evidence.READ)
    found = evidence.find_evidence(result.question, result.hits, searcher.index, searcher.encoder)
    offsets = {hit.passage.passage_id: _gold(question, hit.passage) for hit in result.hits}
    gold = [
        (at := offsets[item.hit.passage.passage_id]) is not None
        and item.span.start <= at < item.span.end
        for item in found
    ]
    return np.array([item.features for item in found]), np.array(gold)


def _without(searcher: Searcher, heads: Sequence[Masthead], question: XquadQuestion) -> Searcher:
    """A search that does not see a question's article.

    Args:
        heads: of every passage of the archive.
    """
    own = [head.article_id for head in heads if article_of(head) == question.article]
    return HoldingOut.of(searcher, frozenset(own), len(own))


def _best(rows: Sequence[tuple[Floats, npt.NDArray[np.bool_]]], weights: Floats) -> Floats:
    """Of each question, the features of the likeliest sentence (questions, 17)."""
    return np.array([features[np.argmax(features @ weights)] for features, _ in rows])


def _hit_at(
    k: int,
    rows: Sequence[tuple[Floats, npt.NDArray[np.bool_]]],
    weights: Floats,
    answerable: npt.NDArray[np.bool_],
) -> float:
    """Share of the answerable questions with the gold sentence among the first `k`."""
    found = [gold[np.argsort(-(features @ weights))[:k]].any() for features, gold in rows]
    return float(np.mean(np.array(found)[answerable]))


def _gold(question: XquadQuestion, passage: Passage) -> int | None:
    """Where in the body the answer starts, None where the passage does not hold it."""
    if not question.answerable or not is_relevant(question, passage):
        return None
    return passage.start + gold_offset(question, passage)


def _conditional_logit(groups: Sequence[tuple[Floats, npt.NDArray[np.bool_]]]) -> Floats:
    """Weights that make the gold sentence the likeliest of its question (McFadden 1974)."""
    features = np.concatenate([features for features, _ in groups])
    gold = np.concatenate([gold for _, gold in groups])
    sizes = np.array([len(gold) for _, gold in groups])
    spread = features.std(axis=0) + 1e-9
    start = np.zeros(len(spread))
    fitted = minimize(logit_loss, start, (features / spread, gold, sizes), "L-BFGS-B", jac=True)
    weights: Floats = fitted.x / spread
    return weights


def logit_loss(
    weights: Floats, features: Floats, gold: npt.NDArray[np.bool_], sizes: npt.NDArray[np.int64]
) -> tuple[float, Floats]:
    """How unlikely the gold sentences are: the mean of their negative log-likelihoods, with a
    little for large weights; and its gradient (17,).

    Args:
        features: of all questions' sentences (n, 17), one question behind the other.
        gold: which of them answer (n,); one at least of each question.
        sizes: sentences of each question.
    """
    starts = np.cumsum(sizes) - sizes
    scores = features @ weights
    raised = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), sizes))
    every, right = (np.add.reduceat(each, starts) for each in (raised, raised * gold))
    loss = np.log(every / right).mean() + _SMALL * weights @ weights
    excess = raised / np.repeat(every, sizes) - raised * gold / np.repeat(right, sizes)
    return float(loss), excess @ features / len(sizes) + 2 * _SMALL * weights


def _write_evidence(weights: evidence.EvidenceWeights) -> None:
    kinds: dict[str, Mapping[str, float | Sequence[float]]] = {
        "scores": weights.scores,
        "least": weights.least,
        "margins": weights.margins,
    }
    tables = (
        f"[{kind}]\n" + "".join(f"{name} = {_written(each)}\n" for name, each in by_pair.items())
        for kind, by_pair in kinds.items()
    )
    evidence.FILE.write_text(HEAD + "\n".join(tables), "utf-8")


def _written(value: float | Sequence[float]) -> str:
    return str(value if isinstance(value, float) else list(value))


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
