"""The sentences weighed -> those that are quoted, if any answers. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rag.answer.evidence import Evidence

TRIED = 12  # sentences that may be quoted beside the best
# Log-odds within which another sentence is as likely, or nearly so, as the best; and the part of
# the question that the latter has to add. Chosen on dev questions: docs/retrieval.md.
AS_LIKELY, NEARLY = 0.1, 2.0
ADDS = 0.3


def surest(evidence: Sequence[Evidence]) -> float:
    """How surely a question is answered: the margin of the sentence that is the likeliest by
    itself, for which margins were fitted; 0 and more counts as an answer."""
    return max(evidence, key=lambda item: item.alone).margin if evidence else -math.inf


def choose(evidence: Sequence[Evidence], most: int = 3) -> list[Evidence]:
    """The sentences to quote: the best; others as likely; and others nearly as likely that hold a
    good part of the question which stands nowhere around those before them. None if there is no
    answer, and none twice: newspapers print what agencies send them.

    Args:
        evidence: best first.
        most: at most so many.
    """
    if surest(evidence) < 0:
        return []
    best = evidence[0]
    chosen = [best]
    for item in evidence[1:TRIED]:
        if len(chosen) == most or item.score < best.score - NEARLY:
            break
        as_likely = item.score >= best.score - AS_LIKELY
        said = any(item.text == one.text for one in chosen)
        if not said and item.margin >= 0 and (as_likely or _adds(item, chosen) >= ADDS):
            chosen.append(item)
    return chosen


def _adds(item: Evidence, chosen: Sequence[Evidence]) -> float:
    """How much of the question stands in a sentence and around none of those chosen."""
    language = item.hit.passage.language
    others = [one.around for one in chosen if one.hit.passage.language == language]
    if len(others) < len(chosen):
        return 0.0  # the groups of two languages are not the same
    return float(
        sum(max(0.0, part - max(known)) for part, *known in zip(item.held, *others, strict=True))
    )
