"""Runs of characters that a question and the sentences of a passage share. Pure.

Words are cut differently in different surroundings (机床厂 once, 机床 and 厂 elsewhere), runs of
characters are not: shingles, after Broder 1997.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.romanise import simplified
from rag.types import Language

# Characters in a run.
_LENGTH: dict[Language, int] = {"zh": 2, "en": 4}
_GAP = re.compile(r"[\W_]+")


def shingles(text: str, language: Language) -> frozenset[str]:
    """Every run of two characters in Chinese, of four in English, without punctuation."""
    size = _LENGTH[language]
    bare = _GAP.sub("" if language == "zh" else " ", simplified(text).casefold())
    return frozenset(bare[at : at + size] for at in range(len(bare) - size + 1))


def told_first(question: str, sentences: Sequence[str], language: Language) -> list[float]:
    """For each sentence of a passage, what share of the question's shingles it is the first to
    hold: what has been said before need not be said again.

    Args:
        sentences: all of one passage, in reading order.
    """
    left = shingles(question, language)
    every = max(1, len(left))
    shares = []
    for sentence in sentences:
        held = left & shingles(sentence, language)
        left -= held
        shares.append(len(held) / every)
    return shares
