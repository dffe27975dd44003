"""The words of a statement against those of the quotes it cites, in both languages. Pure.

A word is held where the quotes have it, a form of it (produce, production), one of its
translations in CC-CEDICT, or another word of its own language with the same translation there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.language import HAN, STOP_ZH, han_words, words
from rag.retrieve.dictionary import translations
from rag.romanise import simplified
from rag.types import Language

# A translation that is less than this share of its gloss names something else.
_LEAST_SHARE = 0.5
_HAN = re.compile(f"[{HAN}]")
_HAN_RUN = re.compile(f"[{HAN}〇]+")
_COUNT = re.compile("[〇一二三四五六七八九十百千万亿两多余几]+[名个人件项次位家台套元年月日]?")
# Words that say who tells, not what happened; and words that say nothing that could be false.
_EMPTY_EN_WORDS = """
    january february march april may june july august september october november december page
    early mid late quarter
    article paper newspaper report reported reporting say said saying according state stated
    mention mentioned note noted archive quote quoted people's daily people’s also then while
    than more over about some only just very such so if when during both each he she him her
    his itself themselves them after before because being having but not no can could may
    might must shall should cannot number total among including well up out off all one other
    two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty sixty
    seventy eighty ninety hundred thousand million billion half third quarter fourth fifth
    percent ton kilometre kilometer li mu jin yuan metre meter hectare kilogram year month day
    week hour
"""
_EMPTY_EN = frozenset([*_EMPTY_EN_WORDS.split(), *words(_EMPTY_EN_WORDS)])
_EMPTY_ZH_WORDS = """
    报道 文章 据 报纸 说 称 道 人民日报 本报 日报 档案 提到 该 此 则 已 已经 还 共 共有 一共 总共 地
    得 将 使 让 给 于是 同时 此外 因此 因为 所以 但 但是 而且 并且 不 没 没有 未 无 非 一个 一 是
    也 很 最 更 能 可 可以 要 所 且 时 时候 当时 名 位 项 多 余 左右 达 达到 约 超过 以上 其中
    这些 那些 该厂 当 去 来 人 日 月 年 天 元 吨 亩 公里 里 斤 三个 两个
"""
_EMPTY_ZH = frozenset(_EMPTY_ZH_WORDS.split())
_ENDINGS = re.compile(
    "(?:ization|isation|ations?|ements?|ments?|ingly|edly|ing|ings|ions?|ives?|ity|ness|ers?|ors?"
    "|ed|es|ly|al|e|s|y)$"
)


@dataclass(frozen=True, slots=True)
class Lexis:
    """The words of some quotes: Chinese text as it stands (simplified), what its words end in
    (机床厂 is a 厂), its characters, its words, English words, their roots, and the translations
    of them all."""

    zh_text: str
    tails: frozenset[str]
    characters: frozenset[str]
    zh: frozenset[str]
    en: frozenset[str]
    roots: frozenset[str]
    pivots: frozenset[str]


def lexis(texts: Iterable[tuple[Language, str]]) -> Lexis:
    """The words of texts in either language."""
    han = "\n".join(simplified(text) for language, text in texts if language == "zh")
    latin = " ".join(text for language, text in texts if language == "en")
    zh, en = frozenset(words(han)), frozenset(words(latin))
    pivots = {term for word in (*en, *zh) for term in _across(word)}
    tails = frozenset(word[-1] for word in zh)
    characters = frozenset(han) | STOP_ZH
    return Lexis(han, tails, characters, zh, en, frozenset(map(root, en)), frozenset(pivots))


def content_words(text: str) -> list[str]:
    """The words of a text that say something: no figures, no words of telling."""
    text = simplified(text)
    found = [w for run in _HAN_RUN.findall(text) for w in han_words(run) if w not in STOP_ZH]
    return [
        word
        for word in dict.fromkeys([*found, *words(_HAN_RUN.sub(" ", text))])
        if word not in _EMPTY_EN
        and word not in _EMPTY_ZH
        and not any(character.isdigit() for character in word)
        and not _COUNT.fullmatch(word)
    ]


def covered(wanted: Sequence[str], held: Lexis) -> list[bool]:
    """For each word, whether the quotes hold it."""
    return [holds(word, held) for word in wanted]


def holds(word: str, held: Lexis) -> bool:
    """Whether quotes have a word, in whatever form or language."""
    return _holds_han(word, held) if _HAN.search(word) else _holds_latin(word, held)


def _holds_han(word: str, held: Lexis) -> bool:
    if word in held.zh or (len(word) > 1 and word in held.zh_text):
        return True
    across = _across(word)
    if held.zh and not across and set(word) <= held.characters:
        return True  # no word: what the cutting of the sentence has left
    if any(term in held.en or root(term) in held.roots for term in across):
        return True
    return bool(held.zh) and not held.pivots.isdisjoint(across)


def _holds_latin(word: str, held: Lexis) -> bool:
    # Chinese, too, writes GDP and ChatGPT so.
    if word in held.en or word in held.zh or root(word) in held.roots:
        return True
    across = _across(word)
    if any(
        term in held.zh or (term in held.zh_text if len(term) > 1 else term in held.tails)
        for term in across
    ):
        return True
    return bool(held.en) and not held.pivots.isdisjoint(across)


def shares_word(one: Sequence[str], other: Sequence[str], context: Lexis) -> bool:
    """Whether two short lists of words have one in common, across languages too."""
    roots = {root(word) for word in other} | set(other)
    return any(
        word in roots
        or root(word) in roots
        or any(term in roots or root(term) in roots for term in _across(word))
        or (_HAN.search(word) and any(word in term or term in word for term in other))
        for word in one
    )


@lru_cache(maxsize=50_000)
def root(word: str) -> str:
    """An English word without what it is inflected or derived by, at least four letters."""
    if not word.isascii() or len(word) < 5:
        return word
    short = _ENDINGS.sub("", word)
    return short.rstrip("ei") if len(short) > 4 else short if len(short) > 3 else word


@lru_cache(maxsize=50_000)
def _across(word: str) -> tuple[str, ...]:
    target: Language = "en" if _HAN.search(word) else "zh"
    group = translations([word], target).get(word, {})
    return tuple(term for term, share in group.items() if share >= _LEAST_SHARE)
