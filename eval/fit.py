"""Fits what search and answers are weighed by, on dev questions only: `make fit`.

Writes `rag/retrieve/weights.toml` and `rag/answer/weights.toml` and prints what the fit reaches
on the questions it was fitted on (the questions kept back are never read).
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import logsumexp

from eval.xquad import (
    CELLS,
    XquadQuestion,
    default_folder,
    gold_offset,
    is_relevant,
    load_questions,
)
from rag import Archive
from rag.answer import evidence
from rag.config import load_settings
from rag.errors import JiubaoError
from rag.index.encoder import Encoder, Vectors
from rag.index.index import Candidates
from rag.retrieve import fusion
from rag.retrieve.question import understand
from rag.retrieve.terms import term_groups
from rag.types import LANGUAGES, Language, Passage

# A mean of reciprocal ranks within this of the best is a tie, won by the smaller keyword share.
_TIE = 0.001
_SHARES = np.arange(0, 0.65, 0.05)
# This share of the answerable questions is to be answered.
_COVERAGE = 0.95

Pair = tuple[Language, Language]
Floats = npt.NDArray[np.float64]


class RememberingEncoder(Encoder):
    """Encodes each text once: the questions of a fit meet the same sentences again and again."""

    def __init__(self, encoder: Encoder) -> None:
        self.__dict__.update(encoder.__dict__)
        self._known: dict[str, Vectors] = {}

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Vectors (n, dimension), encoded now or before."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known.update(zip(new, super().encode_passages(new, progress), strict=True))
        return np.stack([self._known[text] for text in texts])


@dataclass(frozen=True, slots=True)
class Trial:
    """A question's candidates in one corpus, and which of them hold the answer."""

    found: Candidates
    relevant: npt.NDArray[np.bool_]


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
            weights = fit_fusion(archives, questions)
            _write_fusion(weights)
            fusion.load_weights.cache_clear()
            fitted = fit_evidence(archives, questions)
            _write_evidence(fitted)
    except JiubaoError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _archive(corpus: Path, home: Path) -> Archive:
    archive = Archive.open(settings=load_settings(home=home))
    archive.ingest([corpus])
    return archive


def fit_fusion(
    archives: Mapping[Language, Archive], questions: Sequence[XquadQuestion]
) -> dict[Pair, fusion.Weights]:
    """Weights by pair of languages.

    The scale of each leg comes from the scores of typical passages; the keyword leg's share is
    the one with the highest mean reciprocal rank.
    """
    result = {}
    for asked, found in CELLS:
        trials = _trials(archives[found], [q for q in questions if q.answerable], asked)
        right = [trial.relevant.argmax() for trial in trials if trial.relevant.any()]
        hits = [trial for trial in trials if trial.relevant.any()]
        cosine = [t.found.cosine[i] for t, i in zip(hits, right, strict=True)]
        keyword = [t.found.keyword[i] for t, i in zip(hits, right, strict=True)]
        weights = fusion.Weights(
            round(float(np.median([np.median(t.found.cosine) for t in trials])), 4),
            round(float(np.mean(cosine)), 4),
            round(float(np.mean(keyword)), 4),
            0.0,
        )
        options = [dataclasses.replace(weights, keyword=round(float(s), 2)) for s in _SHARES]
        ranks = [_mean_reciprocal_rank(trials, option) for option in options]
        best = next(i for i, rank in enumerate(ranks) if rank >= max(ranks) - _TIE)
        result[asked, found] = options[best]
        _say(f"fusion {asked}->{found}: MRR {ranks[0]:.3f} dense, {ranks[best]:.3f} fused")
    return result


def _trials(archive: Archive, questions: Sequence[XquadQuestion], asked: Language) -> list[Trial]:
    index = archive.searcher().index
    (language,) = index.languages
    vectors = archive.encoder.encode_queries([q.question[asked] for q in questions])
    trials = []
    for question, vector in zip(questions, vectors, strict=True):
        found = index.candidates(
            language, vector, term_groups(understand(question.question[asked]), language), 100
        )
        passages = index.passages(found.keys.tolist())
        relevant = [is_relevant(question, passages[key]) for key in found.keys.tolist()]
        trials.append(Trial(found, np.array(relevant)))
    return trials


def _mean_reciprocal_rank(trials: Sequence[Trial], weights: fusion.Weights) -> float:
    total = 0.0
    for trial in trials:
        scores = fusion.fuse(trial.found.cosine, trial.found.keyword, weights)
        ranks = np.flatnonzero(trial.relevant[np.argsort(-scores, kind="stable")][:10])
        total += 1 / (ranks[0] + 1) if len(ranks) else 0
    return total / len(trials)


def fit_evidence(
    archives: Mapping[Language, Archive], questions: Sequence[XquadQuestion]
) -> evidence.EvidenceWeights:
    """Feature weights (one conditional logit over same-language questions) and, by pair of
    languages, the score that 95 % of the answerable questions' best sentences reach."""
    tables = {cell: _tables(archives[cell[1]], questions, cell[0]) for cell in CELLS}
    groups = [
        (features, gold)
        for (asked, found), rows in tables.items()
        if asked == found
        for features, gold in rows
        if gold.any()
    ]
    weights = _conditional_logit(groups)
    least = {}
    for cell, rows in tables.items():
        best = np.array([(features @ weights).max() for features, _ in rows])
        answerable = np.array([question.answerable for question in questions])
        name = evidence.by_languages(*cell)
        least[name] = round(float(np.quantile(best[answerable], 1 - _COVERAGE)), 3)
        refused = float((best[~answerable] < least[name]).mean())
        top = [gold[np.argmax(features @ weights)] for features, gold in rows]
        right = float(np.mean(np.array(top)[answerable]))
        _say(
            f"evidence {name}: right sentence first {right:.3f}, unanswerable refused {refused:.3f}"
        )
    similarity, coverage, passage, kind = (round(float(w), 3) for w in weights)
    return evidence.EvidenceWeights((similarity, coverage, passage, kind), least)


def _tables(
    archive: Archive, questions: Sequence[XquadQuestion], asked: Language
) -> list[tuple[Floats, npt.NDArray[np.bool_]]]:
    """For each question, its sentences' features (n, 4) and which of them is the gold one."""
    searcher = archive.searcher()
    encoder = RememberingEncoder(archive.encoder)
    rows = []
    for question in questions:
        result = searcher.search(question.question[asked], evidence.READ)
        found = evidence.find_evidence(result.question, result.hits, searcher.index, encoder)
        offsets = {hit.passage.passage_id: _gold(question, hit.passage) for hit in result.hits}
        gold = [
            (at := offsets[item.hit.passage.passage_id]) is not None
            and item.span.start <= at < item.span.end
            for item in found
        ]
        rows.append((np.array([item.features for item in found]), np.array(gold)))
    return rows


def _gold(question: XquadQuestion, passage: Passage) -> int | None:
    """Where in the body the answer starts, None where the passage does not hold it."""
    if not question.answerable or not is_relevant(question, passage):
        return None
    return passage.start + gold_offset(question, passage)


def _conditional_logit(groups: Sequence[tuple[Floats, npt.NDArray[np.bool_]]]) -> Floats:
    """Weights that make the gold sentence the likeliest of its question (McFadden 1974)."""

    def loss(weights: Floats) -> float:
        total = 0.0
        for features, gold in groups:
            scores = features @ weights
            total += float(logsumexp(scores) - logsumexp(scores[gold]))
        return total / len(groups) + 1e-4 * float(weights @ weights)

    fitted: Floats = minimize(loss, np.zeros(groups[0][0].shape[1]), method="L-BFGS-B").x
    return fitted


HEAD = "# Fitted on dev questions only, by `make fit`; see docs/retrieval.md.\n"


def _write_fusion(weights: Mapping[Pair, fusion.Weights]) -> None:
    tables = (
        f"\n[{asked}.{found}]\n"
        + "".join(f"{name} = {value}\n" for name, value in dataclasses.asdict(fitted).items())
        for (asked, found), fitted in weights.items()
    )
    fusion.FILE.write_text(HEAD + "".join(tables), "utf-8")


def _write_evidence(weights: evidence.EvidenceWeights) -> None:
    least = "".join(f"{name} = {value}\n" for name, value in weights.least.items())
    text = f"{HEAD}features = {list(weights.features)}\n\n[least]\n{least}"
    evidence.FILE.write_text(text, "utf-8")


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
