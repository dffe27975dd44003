"""Romanised Chinese -> pinyin syllables, by the rules of pinyin and of Wade-Giles. Pure.

Tones and diaereses are dropped before anything is read: ü is u, as in `rag.romanise`.

Sources: the Scheme for the Chinese Phonetic Alphabet (1958) and GB/T 16159 (apostrophes) for the
syllables; Giles, "A Chinese-English Dictionary" (1892, 1912) for Wade-Giles, whose spellings are
derived here from pinyin by rule. Print often leaves out apostrophes and umlauts: then both
readings are given.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache

Reading = tuple[str, ...]

_FINALS = {
    "": "a ai an ang ao e ei en eng er ou",
    "b": "a ai an ang ao ei en eng i ian iao ie in ing o u",
    "p": "a ai an ang ao ei en eng i ian iao ie in ing o ou u",
    "m": "a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u",
    "f": "a an ang ei en eng o ou u",
    "d": "a ai an ang ao e ei en eng i ia ian iao ie ing iu ong ou u uan ui un uo",
    "t": "a ai an ang ao e eng i ian iao ie ing ong ou u uan ui un uo",
    "n": "a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong ou u uan ue uo",
    "l": "a ai an ang ao e ei eng i ia ian iang iao ie in ing iu ong ou u uan ue un uo",
    "g": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "k": "a ai an ang ao e en eng ong ou u ua uai uan uang ui un uo",
    "h": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "j": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "q": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "x": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "zh": "a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo",
    "ch": "a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo",
    "sh": "a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo",
    "r": "an ang ao e en eng i ong ou u uan ui un uo",
    "z": "a ai an ang ao e ei en eng i ong ou u uan ui un uo",
    "c": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "s": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "y": "a an ang ao e i in ing ong ou u uan ue un",
    "w": "a ai an ang ei en eng o u",
}
SYLLABLES = frozenset(
    initial + final for initial, finals in _FINALS.items() for final in finals.split()
)
# Other ways to write ü: as passports and keyboards have it.
_SAME = {"lv": "lu", "nv": "nu", "lve": "lue", "nve": "nue", "lyu": "lu", "nyu": "nu"}
# Syllables that never stand inside a word without an apostrophe: `Change` is no Chang'e.
_NEVER_INSIDE = frozenset(["a", "e", "o", "er", "ei", "eng", "ou", "i"])
_LONGEST = 6
_MOST = 8
_MOST_LETTERS = 24

_INITIALS = {
    "b": "p", "p": "p'", "d": "t", "t": "t'", "g": "k", "k": "k'", "j": "ch", "q": "ch'",
    "x": "hs", "zh": "ch", "ch": "ch'", "z": "ts", "c": "ts'", "r": "j",
}  # fmt: skip
_WHOLE = {
    "zi": ("tzu", "tze"), "ci": ("tz'u", "ts'u", "tz'e"), "si": ("ssu", "szu", "sze"),
    "zhi": ("chih",), "chi": ("ch'ih",), "shi": ("shih",), "ri": ("jih",), "er": ("erh",),
    "ye": ("yeh",), "yan": ("yen",), "yong": ("yung",), "you": ("yu",), "yi": ("i", "yi"),
    "yue": ("yueh",), "gui": ("kuei", "kwei"), "kui": ("k'uei",), "e": ("o", "e"),
    "ge": ("ko", "ke"), "ke": ("k'o", "k'e"), "he": ("ho", "he"), "de": ("te", "teh"),
    "xu": ("hsu", "hsü"), "shuo": ("shuo",), "guo": ("kuo",), "kuo": ("k'uo",), "huo": ("huo",),
    "xue": ("hsueh",), "jue": ("chueh",), "que": ("ch'ueh",), "lue": ("lueh",), "nue": ("nueh",),
}  # fmt: skip
_APOSTROPHES = "'’‘ʻʼ`´＇"
_TO_APOSTROPHE = str.maketrans(dict.fromkeys(_APOSTROPHES, "'"))
HYPHENS = "-‐‑–"
_SPLIT = re.compile(f"[{HYPHENS}]+")
_TONE = re.compile(r"(?<=[a-z])[1-5](?![0-9])")


def plain(token: str) -> str:
    """A romanised word in lower case, without tones, with plain apostrophes: Lǚ’ and Lu4'."""
    token = token.translate(_TO_APOSTROPHE)
    letters = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", token).casefold())
    letters = "".join(c for c in letters if not unicodedata.combining(c))
    return _TONE.sub("", letters)


@lru_cache(maxsize=4_096)
def segment(letters: str) -> tuple[Reading, ...]:
    """Every way to cut `letters` into pinyin syllables, the likeliest first; () if there is none.

    `xian` is one syllable before it is two: inside a word a syllable that begins with a vowel
    needs an apostrophe, and `xi'an` is two alone. Words over 24 letters are not pinyin.
    """
    if not 0 < len(letters) <= _MOST_LETTERS:
        return ()
    chunks = [_cuts(chunk, SYLLABLES, _SAME) for chunk in letters.split("'")]
    joined = (tuple(itertools.chain(*parts)) for parts in itertools.product(*chunks))
    return tuple(itertools.islice(joined, _MOST))


@lru_cache(maxsize=4_096)
def wade(letters: str, loosely: bool = True) -> tuple[Reading, ...]:
    """Wade-Giles -> pinyin: the readings of one syllable, or of several run together.

    An apostrophe decides (ch'ing is qing, ching is jing); where a syllable has none it may have
    been left out: read `loosely`, the aspirated reading comes second.
    """
    if not 0 < len(letters) <= _MOST_LETTERS:
        return ()
    strict, loose = _wade_table()
    loose = loose if loosely else {}
    if letters in strict or letters in loose:
        found = dict.fromkeys((*strict.get(letters, ()), *loose.get(letters, ())))
        return tuple((syllable,) for syllable in found)
    readings: list[Reading] = []
    for cut in _cuts(letters, frozenset({*strict, *loose}), {})[:2]:
        each = [strict.get(part, ()) + loose.get(part, ()) for part in cut]
        readings += itertools.islice(itertools.product(*each), _MOST)
    return tuple(dict.fromkeys(readings))[:_MOST]


def read_pinyin(token: str) -> tuple[Reading, ...]:
    """The readings of a word written in pinyin, hyphens being only boundaries."""
    return _product([segment(part) for part in _SPLIT.split(plain(token))])


def read_wade(token: str, loosely: bool = True) -> tuple[Reading, ...]:
    """The readings of a word written in Wade-Giles: one syllable between hyphens, or joined."""
    return _product([wade(part, loosely) for part in _SPLIT.split(plain(token))])


def _product(parts: Sequence[tuple[Reading, ...]]) -> tuple[Reading, ...]:
    if len(parts) > _LONGEST:
        return ()
    joined = (tuple(itertools.chain(*each)) for each in itertools.product(*parts))
    return tuple(itertools.islice(joined, _MOST))


def _cuts(letters: str, table: frozenset[str], same: dict[str, str]) -> list[Reading]:
    """At most `_MOST` cuts, those without a bare vowel inside first, then the longest first."""
    if not letters:
        return []
    ways: list[list[Reading]] = [[] for _ in letters] + [[()]]
    for start in range(len(letters) - 1, -1, -1):
        for end in range(min(len(letters), start + 7), start, -1):
            part = same.get(letters[start:end], letters[start:end])
            if part in table and (start == 0 or part not in _NEVER_INSIDE):
                ways[start] += [(part, *rest) for rest in ways[end] if len(rest) < _LONGEST]
        ways[start].sort(key=lambda cut: (_bare(cut[1:]), len(cut)))
        del ways[start][_MOST:]
    return ways[0]


def _bare(cut: Reading) -> int:
    return sum(syllable[0] in "aeo" for syllable in cut)


@cache
def _wade_table() -> tuple[dict[str, Reading], dict[str, Reading]]:
    """Wade-Giles syllable -> pinyin, as printed in full, and with apostrophes left out."""
    strict: dict[str, list[str]] = {}
    loose: dict[str, list[str]] = {}
    for syllable in sorted(SYLLABLES):
        for spelled in _wade_forms(syllable):
            strict.setdefault(spelled, []).append(syllable)
            if "'" in spelled:
                loose.setdefault(spelled.replace("'", ""), []).append(syllable)
    # zh before j and ch before q where ü may have lost its dots: chu is mostly zhu.
    order = {spelled: tuple(sorted(found, key=_rarity)) for spelled, found in strict.items()}
    return order, {spelled: tuple(sorted(found, key=_rarity)) for spelled, found in loose.items()}


def _rarity(syllable: str) -> tuple[bool, str]:
    return syllable[0] in "jq", syllable


def _wade_forms(syllable: str) -> tuple[str, ...]:
    if syllable in _WHOLE:
        return _WHOLE[syllable]
    initial = next(i for i in sorted(_FINALS, key=len, reverse=True) if syllable.startswith(i))
    final = syllable[len(initial) :]
    if final in ("ie", "ue"):
        final += "h"
    elif final == "ian":
        final = "ien"
    elif final == "ong":
        final = "ung"
    elif final == "iong":
        final = "iung"
    elif final == "uo" and initial not in ("sh", "g", "k", "h"):
        final = "o"
    spelled = _INITIALS.get(initial, initial) + final
    old = re.sub("^(k'?|h)u(?=[ae])", r"\1w", spelled)  # Kwang, Hwai: as the post wrote them
    return tuple(dict.fromkeys((spelled, old)))
