"""Foreign names in characters: Mackinder is 麦金德, Khrushchev 赫鲁晓夫. Pure.

Chinese writes a foreign name by sound, with characters from a small set. What both spellings
share is the row of consonants, as classes of those that a transliteration does not keep apart
(b and p, d and t, l and r): Mackinder and 麦金德 both give MKNT. Vowels, h, an r before a
consonant and like are left out. Where a letter or a syllable may stand for several classes, a word
has several rows. The idea is Soundex's (Russell 1918), across two scripts.
"""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from rag.language import HAN, han_words
from rag.romanise import syllables

# Changing how a row is made changes this name: keyword indexes hold what it gives.
TRANSLITERATION = "rows-1"

# Rows of two consonants are shared by too many words to find anything.
SHORTEST = 3
_MOST_ROWS = 8
_LONGEST = 8  # characters of one name
_MOST_WORDS = 3  # that the cutter may have made of it

# The characters of at least four foreign names in CC-CEDICT whose rows agree with the English
# (523 of 663 entries glossed as a name do), without those that are mostly something else.
_USED = frozenset(
    "斯尔克拉特亚尼德利里罗阿马西布巴卡加达纳格兰维萨多伯洛比林波瓦托吉普迪安顿塔哈莱夫勒科米坦奥基诺"
    "塞伊曼雷鲁索玛贝摩伦苏弗埃兹威那哥福帕法士森姆提蒙杰博图佛恩雅古根乌丹美撒茨赫得都菲霍金内库奇文蒂"
    "喀卢门逊赛沃莫桑南泰丽班爱麦丁列娜凯沙密皮约俄华隆欧杜切朗劳龙史耶艾穆底佩莉拿努希梅本温夏康朱敦因"
    "孜登坎宁台戈佳昂族涅干娅辛盖查潘迈万莎冈浦厄乔墨道富迦费开亨茅瑞什默可赖乐尤柯甘代纽保琳松瑟圭宝"
    "勃湖度土陀昆廷彼扎斐拜宾谢柏韦鄂肯朗休狄儿各匹坡黛荷修妮琼几戴理芬汤汉玻黎英茱晓邱丘海"
)

# What an initial stands for; "" is left out.
_INITIALS = (
    ("zh", "J"), ("ch", "J"), ("sh", "S"), ("b", "P"), ("p", "P"), ("m", "M"), ("f", "F"),
    ("d", "T"), ("t", "T"), ("n", "N"), ("l", "L"), ("g", "K"), ("k", "K"), ("j", "J"),
    ("q", "J"), ("x", "S"), ("r", "L"), ("z", "S"), ("c", "S"), ("s", "S"), ("w", "F"),
)  # fmt: skip
# Syllables that stand for other sounds than their initial says.
_SYLLABLES = {
    "er": ("L", ""), "jia": ("K",), "jie": ("J", "K"), "ji": ("J", "K"), "jin": ("J", "K"),
    "jing": ("J", "K"), "qi": ("J", "K"), "wu": ("",), "hua": ("F", ""), "huai": ("F", ""),
}  # fmt: skip

# Spellings in Latin letters, the longer first, and what each may stand for.
_SPELLINGS = (
    ("tsch|tch|tj|dj|dg(?=[ei])", ("J",)), ("sch", ("S",)), ("ph", ("F",)), ("kh", ("", "K")),
    ("gh(?=[aeiou])", ("K",)), ("gh", ("",)), ("th", ("T", "S")), ("sh", ("S",)),
    ("ch", ("J", "K", "S")), ("ck", ("K",)), ("qu", ("K", "KF")), ("x", ("KS", "S")),
    ("^wr", ("L",)), ("^kn", ("N",)), ("mb$", ("N", "M")), ("h", ("",)), ("c(?=[eiy])", ("S",)),
    ("g(?=[eiy])", ("J", "K")), ("ng$", ("N",)), ("ng(?=[aeiou])", ("NK", "N", "NJ")),
    ("tz|ts|ds", ("S",)), ("[bp]", ("P",)), ("[fv]", ("F",)), ("[dt]$", ("T", "")),
    ("[dt]", ("T",)), ("[kcgq]", ("K",)), ("[sz]", ("S",)), ("j", ("J", "")), ("l", ("L",)),
    ("r(?=[aeiouy])", ("L",)), ("r", ("",)), ("n", ("N",)), ("m(?=[aeiouy])", ("M",)),
    ("m", ("N", "M")), ("w", ("F", "")),
)  # fmt: skip
_SPELLING = re.compile("|".join(f"({spelling})" for spelling, _ in _SPELLINGS))
_HAN_RUN = re.compile(f"[{HAN}]+")
_CAPITALISED = re.compile(r"(?<![^\W\d_])[A-ZÀ-Þ][a-zß-ÿ]+(?![^\W\d_])")


def transliteration_terms(text: str) -> list[str]:
    """Index terms ("^" and a row of consonants) of what may be foreign names in a text: runs of
    the characters used for them, and capitalised words in Latin letters; none twice."""
    found = itertools.chain(
        itertools.chain.from_iterable(han_rows(name) for name in han_names(text)),
        itertools.chain.from_iterable(latin_rows(word) for word in _CAPITALISED.findall(text)),
    )
    return list(dict.fromkeys(f"^{row}" for row in found))


def han_names(text: str) -> list[str]:
    """What may be a foreign name in Chinese text: words of the characters used for them, and
    neighbouring ones together, since the cutter knows few names."""
    names: dict[str, None] = {}
    for run in _HAN_RUN.findall(text):
        for spelled, stretch in itertools.groupby(han_words(run), _USED.issuperset):
            if spelled:
                names.update(dict.fromkeys(_together(list(stretch))))
    return list(names)


@functools.lru_cache(maxsize=50_000)
def han_rows(name: str) -> tuple[str, ...]:
    """The rows of consonants of a name in characters; () where all are too short."""
    readings = syllables(name)
    slots: list[Sequence[str]] = []
    for syllable in readings[0] if readings else ():
        initial = next((to for start, to in _INITIALS if syllable.startswith(start)), "")
        slots.append(_SYLLABLES.get(syllable, (initial,)))
        if syllable != "er" and syllable.endswith(("n", "ng")):
            slots.append("N")
    return _rows(slots)


@functools.lru_cache(maxsize=50_000)
def latin_rows(name: str) -> tuple[str, ...]:
    """The rows of consonants of a name in Latin letters; () where all are too short."""
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFD", name.lower().removesuffix("'s"))
        if "a" <= letter <= "z"
    )
    single = re.sub(r"(.)\1+", r"\1", plain[: 4 * _LONGEST])
    return _rows(
        [_SPELLINGS[(found.lastindex or 1) - 1][1] for found in _SPELLING.finditer(single)]
    )


def _together(words: list[str]) -> Iterator[str]:
    for start, end in itertools.combinations(range(len(words) + 1), 2):
        name = "".join(words[start:end])
        if end - start <= _MOST_WORDS and 2 <= len(name) <= _LONGEST:
            yield name


def _rows(slots: Iterable[Sequence[str]]) -> tuple[str, ...]:
    ways = itertools.islice(itertools.product(*slots), _MOST_ROWS)
    rows = dict.fromkeys(re.sub(r"(.)\1+", r"\1", "".join(way)) for way in ways)
    return tuple(row for row in rows if len(row) >= SHORTEST)
