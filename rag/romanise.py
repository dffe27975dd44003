"""Han characters in other letters: Traditional in Simplified, and words in pinyin.

The one door to opencc and pypinyin.
"""

from __future__ import annotations

import functools
import itertools
import re
from typing import Any

from rag.language import HAN

# Changing how a word is romanised changes this name: keyword indexes hold what it gives.
ROMANISER = "pypinyin-0.55.1"

MOST_READINGS = 6
_HAN = re.compile(f"[{HAN}]")
_WORD = re.compile(f"[{HAN}]{{2,4}}")

# Characters read otherwise in a surname than in most words.
SURNAME_READINGS = {
    "单": "shan", "仇": "qiu", "解": "xie", "曾": "zeng", "盖": "ge", "查": "zha", "朴": "piao",
    "覃": "qin", "翟": "zhai", "缪": "miao", "乐": "yue", "薄": "bo", "召": "shao", "祭": "zhai",
    "瞿": "qu", "牟": "mu", "柏": "bai", "冼": "xian",
}  # fmt: skip
_DOUBLE_SURNAMES = {
    "尉迟": ("yu", "chi"), "万俟": ("mo", "qi"), "长孙": ("zhang", "sun"), "澹台": ("tan", "tai"),
    "单于": ("chan", "yu"), "令狐": ("ling", "hu"),
}  # fmt: skip
# Characters with two common readings that a name may use either way, without tones.
_OTHER_READINGS = {
    "长": ("chang", "zhang"), "重": ("zhong", "chong"), "行": ("xing", "hang"),
    "乐": ("le", "yue"), "朝": ("chao", "zhao"), "单": ("dan", "shan"), "区": ("qu", "ou"),
    "仇": ("chou", "qiu"), "解": ("jie", "xie"), "曾": ("zeng", "ceng"), "盖": ("gai", "ge"),
    "查": ("cha", "zha"), "朴": ("pu", "piao"), "覃": ("qin", "tan"), "翟": ("zhai", "di"),
    "缪": ("miao", "mou"), "薄": ("bo", "bao"), "种": ("zhong", "chong"), "员": ("yuan", "yun"),
    "召": ("zhao", "shao"), "传": ("chuan", "zhuan"), "都": ("du", "dou"), "石": ("shi", "dan"),
    "藏": ("zang", "cang"), "沈": ("shen", "chen"), "柏": ("bai", "bo"), "盛": ("sheng", "cheng"),
    "茜": ("qian", "xi"), "调": ("diao", "tiao"), "参": ("shen", "can"), "降": ("jiang", "xiang"),
    "厦": ("xia", "sha"), "六": ("liu", "lu"), "大": ("da", "dai"),
    "弹": ("dan", "tan"), "牟": ("mu", "mou"), "还": ("hai", "huan"), "和": ("he", "huo"),
    "贾": ("jia", "gu"), "车": ("che", "ju"), "晟": ("sheng", "cheng"), "落": ("luo", "la"),
}  # fmt: skip


def simplified(text: str) -> str:
    """`text` with Traditional characters turned Simplified; other text as it is.

    Phrases decide where one character has two (乾隆, 乾淨); the length may change. Lone
    surrogates, which are no text, come back as question marks.
    """
    if not _HAN.search(text):
        return text
    text = text.encode("utf-8", "replace").decode("utf-8")
    result: str = _opencc().convert(text)
    # 乾 stands in names in Simplified text as well.
    return text if result == text.replace("乾", "干") else result


def pinyin(word: str) -> str:
    """The likeliest reading of a Han word, lower case, without tones or spaces.

    ü is written u (吕, 鲁 and 路 are all "lu"), as it reaches us as "Lü", "Lu", "Lv" and "Lyu".
    What is not Han is left out.
    """
    readings = pinyins(word)
    return readings[0] if readings else ""


def pinyins(word: str) -> tuple[str, ...]:
    """All plausible readings of a name, the likeliest first, at most six; () without Han."""
    return tuple(dict.fromkeys("".join(reading) for reading in syllables(word)))


@functools.lru_cache(maxsize=200_000)
def syllables(word: str) -> tuple[tuple[str, ...], ...]:
    """The readings of `pinyins`, each as its syllables: 西安 gives ("xi", "an").

    Phrases decide (重庆 is chong, 长安 chang); a surname is read as one where the dictionary of
    phrases does not know the word (单国强 shan, 单位 dan). () where a character has no reading.
    """
    word = "".join(_HAN.findall(simplified(word)))
    if not word:
        return ()
    first = tuple(_plain(syllable) for syllable in _read(word))
    if not "".join(first).isascii():
        return ()  # a character nobody has given a reading
    if len(first) != len(word):
        return (first,)
    slots = [
        tuple(dict.fromkeys((syllable, *_others(character, place))))
        for place, (character, syllable) in enumerate(zip(word, first, strict=True))
    ]
    readings = list(itertools.islice(itertools.product(*slots), MOST_READINGS))
    readings = [first, *readings]
    if 2 <= len(word) <= 4 and not _is_phrase(word):
        known = SURNAME_READINGS.get(word[0]) if len(word) < 4 else None
        if known:
            readings.insert(0, (known, *first[1:]))
    return tuple(dict.fromkeys(readings))[:MOST_READINGS]


def both_readings(run: str) -> list[tuple[str, ...]]:
    """The likeliest reading of a run of Han characters, and where it has characters that are read
    in two ways, it with the other of each: 杨行 is "yang hang" as well."""
    readings = syllables(run)[:1]
    if not readings or len(readings[0]) != len(run):
        return list(readings)
    other = tuple(
        next((one for one in _others(character, place) if one != likeliest), likeliest)
        for place, (character, likeliest) in enumerate(zip(run, readings[0], strict=True))
    )
    return list(dict.fromkeys((*readings, other)))


@functools.lru_cache(maxsize=100_000)
def index_term(word: str) -> str:
    """What the keyword index holds beside a word: "~" and its `pinyin`.

    "" for what is not a word of two to four Han characters: longer ones are phrases, and one
    syllable alone is shared by too many characters to find anything.
    """
    reading = pinyin(word) if _WORD.fullmatch(word) else ""
    return f"~{reading}" if reading else ""


def _read(word: str) -> list[str]:
    from pypinyin import lazy_pinyin

    surname = _DOUBLE_SURNAMES.get(word[:2])
    if surname and len(word) > 2:
        return [*surname, *lazy_pinyin(word[2:])]
    return list(lazy_pinyin(word))


def _others(character: str, place: int) -> tuple[str, ...]:
    """The readings of a character; what it is only in surnames, only at the front."""
    if place and (character in SURNAME_READINGS or character == "区"):
        return ()
    return _OTHER_READINGS.get(character, ())


def _plain(syllable: str) -> str:
    return syllable.replace("v", "u").replace("ü", "u")


def _is_phrase(word: str) -> bool:
    from pypinyin.constants import PHRASES_DICT

    return word in PHRASES_DICT


@functools.cache
def _opencc() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")
