"""What is measured, as pure functions over runs and gold.

A run maps a question's id to passage ids and scores, higher is better; gold maps it to the ids of
the passages that hold the answer. A question without hits counts as zero, so means are honest.
"""

from __future__ import annotations

from collections.abc import Mapping

import ir_measures
from ir_measures import RR, Success

Run = Mapping[str, Mapping[str, float]]
Gold = Mapping[str, set[str]]

MEASURES = {"MRR@10": RR @ 10, "R@1": Success @ 1, "R@5": Success @ 5}


def retrieval(run: Run, gold: Gold) -> dict[str, float]:
    """Means over the questions of `gold`.

    MRR@10 is the mean reciprocal rank of the first relevant passage, 0 below rank 10 (Voorhees
    1999, TREC-8 question answering track). R@k is the share of questions with a relevant passage
    among the first k: nearly always one passage is relevant, and two that overlap count once.
    """
    qrels = [ir_measures.Qrel(q, d, 1) for q, relevant in gold.items() for d in sorted(relevant)]
    scored = [ir_measures.ScoredDoc(q, d, s) for q, hits in run.items() for d, s in hits.items()]
    found = dict.fromkeys(MEASURES.values(), 0.0)
    for value in ir_measures.iter_calc(MEASURES.values(), qrels, scored):
        found[value.measure] += value.value
    return {name: found[measure] / len(gold) for name, measure in MEASURES.items()}
