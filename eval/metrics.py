"""What is measured of a ranking, as pure functions over runs and gold.

A run maps a question's id to passage ids and scores, higher is better; gold maps it to the ids of
the passages that hold the answer. A question without hits counts as zero, so means are honest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ir_measures
from ir_measures import RR, Success, nDCG

Run = Mapping[str, Mapping[str, float]]
Gold = Mapping[str, set[str]]

MEASURES = {"MRR@10": RR @ 10, "R@1": Success @ 1, "R@5": Success @ 5}
OF_A_RANKING = {
    "R@1": Success @ 1,
    "R@10": Success @ 10,
    "RR@10": RR @ 10,
    "nDCG@1": nDCG @ 1,
    "nDCG@10": nDCG @ 10,
}


def retrieval(run: Run, gold: Gold) -> dict[str, float]:
    """Means over the questions of `gold`.

    MRR@10 is the mean reciprocal rank of the first relevant passage, 0 below rank 10 (Voorhees
    1999, TREC-8 question answering track). R@k is the share of questions with a relevant passage
    among the first k: nearly always one passage is relevant, and two that overlap count once.
    """
    rows = _calculated(run, gold, MEASURES)
    return {name: sum(row[name] for row in rows.values()) / len(gold) for name in MEASURES}


def by_question(rankings: Mapping[str, Sequence[str]], gold: Gold) -> dict[str, dict[str, float]]:
    """The measures of each question of `gold`, from 0 to 1.

    R@k (1 where a relevant passage is among the first k) and RR@10 as `retrieval` has them. nDCG@k
    is the discounted gain of the first k, a relevant passage at rank r being worth 1/log2(r + 1),
    over that of the best order (Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR
    techniques", TOIS 20(4), 2002).

    Args:
        rankings: passage ids of each question, the best first.
    """
    # The library breaks ties by id: give it scores that have none.
    run = {q: {d: -float(rank) for rank, d in enumerate(ids)} for q, ids in rankings.items()}
    return _calculated(run, gold, OF_A_RANKING)


def _calculated(
    run: Run, gold: Gold, measures: Mapping[str, object]
) -> dict[str, dict[str, float]]:
    qrels = [ir_measures.Qrel(q, d, 1) for q, relevant in gold.items() for d in sorted(relevant)]
    scored = [ir_measures.ScoredDoc(q, d, s) for q, hits in run.items() for d, s in hits.items()]
    names = {measure: name for name, measure in measures.items()}
    rows = {q: dict.fromkeys(measures, 0.0) for q in gold}
    for value in ir_measures.iter_calc(measures.values(), qrels, scored):
        rows[value.query_id][names[value.measure]] = value.value
    return rows
