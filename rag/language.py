"""Which language a text is in, and the words it is made of: the one door to jieba."""

from __future__ import annotations

import functools
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rag.config import cache_folder
from rag.types import Language

# Changing how text is cut changes this name, and with it the fingerprint of every keyword index.
TOKENIZER = "jieba-0.42-search-snowball.5"

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_HAN_RUN = re.compile(f"[{HAN}〇]+")
# A number keeps its point, and loses the commas between thousands.
_JOINED = re.compile(f"[{HAN}]{{1,3}}[是说]$")
_WORD = re.compile(f"\\d+(?:[.,]\\d+)+|[{HAN}〇]+|[^\\W_{HAN}〇]+(?:['’][^\\W_{HAN}]+)?")


def detect_language(text: str) -> Language:
    """`zh` where a fifth of the letters are Han characters, else `en`.

    A Chinese character says about as much as an English word of five letters.
    """
    han = sum(len(run) for run in _HAN_RUN.findall(text))
    letters = sum(character.isalpha() for character in text)
    return "zh" if han and han * 5 >= letters else "en"


def by_languages(asked: Language, found: Language) -> str:
    """How a pair of languages is called in tables: `zh-en`, a Chinese question's English text."""
    return f"{asked}-{found}"


def fold(text: str) -> str:
    """`text` for matching: NFKC, case folded. For comparing only, never stored or shown."""
    return unicodedata.normalize("NFKC", text).casefold()


def words(text: str) -> list[str]:
    """The terms of a text in either language, folded, in order, for the keyword index.

    Runs of Han characters are cut by jieba in search mode (long words and the words in them);
    other letters and digits stay together. Words that carry no meaning are left out.
    """
    result: list[str] = []
    for match in _WORD.finditer(fold(text)):
        run = match.group()
        if _HAN_RUN.match(run):
            result.extend(word for word in _search_words(run) if word not in STOP_ZH)
        elif run[0].isdigit():
            result.append(run.replace(",", ""))
        elif run not in STOP_EN:
            result.append(stem(run))
    return result


@functools.lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """An English word in its basic form (built, building → build), cut down to its stem.

    Irregular forms come from a list (simplemma), endings are cut by rule (Porter 2001, Snowball).
    """
    import simplemma

    plain = word.removesuffix("'s").removesuffix("’s")
    # The list knows spellings of figures too (1950s, nineteen-fifties).
    known = simplemma.lemmatize(plain, "en").lower() if plain.isalpha() else plain
    result: str = _stemmer().stemWord(known) if known else word
    return result


@functools.lru_cache(maxsize=4_096)
def han_words(run: str) -> tuple[str, ...]:
    """A run of Han characters cut into words, each once (`words` gives the words in them too).

    What is and what is said is no part of a name before it, as the cutter likes to guess: 李明是.
    """
    known, found = _jieba().FREQ, list[str]()
    for word in _jieba().cut(run):
        guessed = _JOINED.match(word) and not known.get(word)
        found += (word[:-1], word[-1]) if guessed else (word,)
    return tuple(found)


def cutter_knows(word: str) -> bool:
    """Whether the cutter's dictionary has a Chinese word; one that it has not, it has guessed."""
    return bool(_jieba().FREQ.get(word))


def _search_words(run: str) -> Iterator[str]:
    """The words of a run, each behind the shorter words of the dictionary in it."""
    known = _jieba().FREQ
    for word in han_words(run):
        for size in (2, 3):
            if len(word) > size:
                parts = (word[at : at + size] for at in range(len(word) - size + 1))
                yield from (part for part in parts if known.get(part))
        yield word


@functools.cache
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english")


@functools.cache
def _jieba() -> Any:
    import logging

    import jieba

    # jieba loads a marshalled cache from the shared temporary folder by default: anyone on the
    # machine could have put it there. A folder of our own keeps it ours.
    tokenizer = jieba.Tokenizer()
    folder = cache_folder() / "jieba"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        folder = Path(tempfile.mkdtemp(prefix="jiubao-"))
    tokenizer.tmp_dir = str(folder)
    jieba.default_logger.setLevel(logging.WARNING)
    tokenizer.initialize()
    return tokenizer


STOP_EN = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "been",
        "by",
        "did",
        "do",
        "does",
        "for",
        "from",
        "had",
        "has",
        "have",
        "how",
        "i",
        "in",
        "into",
        "is",
        "it",
        "its",
        "of",
        "on",
        "or",
        "s",
        "t",
        "that",
        "the",
        "their",
        "there",
        "these",
        "they",
        "this",
        "to",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "whom",
        "whose",
        "why",
        "will",
        "with",
        "would",
    ]
)
STOP_ZH = frozenset(
    [
        "的",
        "了",
        "在",
        "是",
        "和",
        "与",
        "及",
        "或",
        "也",
        "都",
        "就",
        "又",
        "而",
        "并",
        "等",
        "之",
        "其",
        "这",
        "那",
        "这个",
        "那个",
        "个",
        "把",
        "被",
        "对",
        "从",
        "到",
        "为",
        "以",
        "于",
        "由",
        "向",
        "有",
        "着",
        "过",
        "吗",
        "呢",
        "吧",
        "啊",
        "什么",
        "哪",
        "哪些",
        "哪个",
        "哪里",
        "怎么",
        "怎样",
        "如何",
        "谁",
        "多少",
        "几",
        "何",
        "何时",
        "为什么",
        "为何",
        "么",
        "它",
        "他",
        "她",
        "它们",
        "他们",
        "她们",
        "我们",
        "你",
        "我",
        "个",
        "件",
        "会",
        "中",
        "上",
        "下",
        "里",
        "后",
        "前",
    ]
)
