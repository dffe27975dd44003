"""Short answers against what was said: exact match and F1 by the rules of each language, and chrF.

Of several right answers the best counts, as in both papers.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any

from rag.answer.cite import MARK
from rag.types import Language

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_ASCII_PUNCTUATION = str.maketrans("", "", string.punctuation)
_HAN_OR_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]|[^\s\u3400-\u9fff\uf900-\ufaff]+")
# The comma of 1,200 and the point of 3.5, which part nothing: the rule for English has it so too.
_IN_A_NUMBER = re.compile(r"(?<=\d)(?:[,，](?=\d{3}(?!\d))|[.．](?=\d))")


def plain(text: str) -> str:
    """What an answer says, without its marks and the quotation marks around its quotes."""
    return " ".join(MARK.sub(" ", text).replace("“", " ").replace("”", " ").split())


def exact_match(said: str, answers: Sequence[str], language: Language) -> float:
    """1.0 where `said` is one of the answers, punctuation and case aside, else 0.0.

    English: Rajpurkar et al., "SQuAD" (EMNLP 2016), which leaves out articles too; Chinese: Cui
    et al., "A Span-Extraction Dataset for Chinese Machine Reading Comprehension" (EMNLP 2019).
    """
    normal = _normal_zh if language == "zh" else _normal_en
    return float(any(normal(said) == normal(answer) for answer in answers))


def f1(said: str, answers: Sequence[str], language: Language) -> float:
    """The best harmonic mean of precision and recall over tokens, from 0.0 to 1.0.

    English, as SQuAD (see `exact_match`): words in common, as bags. Chinese, as CMRC 2018 (ibid.):
    the longest run of tokens in common, a Han character being a token and a run of others one.
    """
    if language == "zh":
        return max((_f1_zh(said, answer) for answer in answers), default=0.0)
    return max((_f1_en(said, answer) for answer in answers), default=0.0)


def chrf(said: str, answers: Sequence[str]) -> float:
    """The best chrF2 against one of the answers, from 0.0 to 1.0: sacrebleu's, by its defaults
    (Popović, "chrF: character n-gram F-score", WMT 2015). White space does not count."""
    if not said or not answers:
        return 0.0
    score = _chrf()
    return float(max(score.sentence_score(said, [answer]).score for answer in answers)) / 100


def contains(said: str, answers: Sequence[str], language: Language) -> float:
    """1.0 where the tokens of one of the answers (see `f1`) stand in a row in what was said, else
    0.0: 1200人 does not say 200人, and an answer without a token stands nowhere."""
    tokens = _tokens_zh if language == "zh" else _tokens_en
    held = f" {' '.join(tokens(said))} "
    wanted = (" ".join(tokens(answer)) for answer in answers)
    return float(any(answer and f" {answer} " in held for answer in wanted))


@cache
def _chrf() -> Any:
    from sacrebleu.metrics.chrf import CHRF

    return CHRF()


def _normal_en(text: str) -> str:
    return " ".join(_tokens_en(text))


def _tokens_en(text: str) -> list[str]:
    bare = text.lower().translate(_ASCII_PUNCTUATION)
    return _ARTICLES.sub(" ", bare).split()


def _normal_zh(text: str) -> str:
    return "".join(_tokens_zh(text))


def _tokens_zh(text: str) -> list[str]:
    whole = _IN_A_NUMBER.sub("", text.lower().strip())
    kept = "".join(" " if unicodedata.category(c)[0] in "PS" else c for c in whole)
    return _HAN_OR_RUN.findall(kept)


def _f1_en(said: str, answer: str) -> float:
    one, other = _tokens_en(said), _tokens_en(answer)
    return _harmonic(sum((Counter(one) & Counter(other)).values()), len(one), len(other))


def _f1_zh(said: str, answer: str) -> float:
    one, other = _tokens_zh(said), _tokens_zh(answer)
    return _harmonic(_longest_run(one, other), len(one), len(other))


def _harmonic(common: int, one: int, other: int) -> float:
    """2PR/(P+R) with P = common/one and R = common/other."""
    return 2 * common / (one + other) if common else 0.0


def _longest_run(one: Sequence[str], other: Sequence[str]) -> int:
    """Tokens of the longest run that stands in both."""
    longest = 0
    above = [0] * (len(other) + 1)
    for token in one:
        row = [0]
        for column, there in enumerate(other):
            row.append(above[column] + 1 if token == there else 0)
        longest = max(longest, *row)
        above = row
    return longest
