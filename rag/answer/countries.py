"""How a country is called besides by its name: after its people (Japanese, Soviet), and by one
character (日方, 中美, 对华). Pure.

A country is told by its Chinese names. Of the words for a people the regular ones lead to the
country by their ending and CC-CEDICT (Iranian, 伊朗), the others are listed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from rag.answer.proper import proper_names
from rag.language import HAN, fold, han_words, stem
from rag.retrieve.dictionary import translation_together, translations
from rag.retrieve.gazetteer import gazetteer, key
from rag.types import Group

_ENDINGS = [re.compile(f"{end}$") for end in ("(?<=[aeiou])n", "an", "ian", "ese", "ish")]
_SHORTEST = 4  # letters of what is left of a people's name
_HAN_RUN = re.compile(f"[{HAN}]+")
# Names that no ending leads to, and those of several words.
_IRREGULAR = {
    "美国": "us u.s american",
    "英国": "uk u.k british briton english englishman",
    "法国": "french frenchman",
    "德国": "german",
    "俄罗斯 俄国": "russian",
    "苏联": "soviet",
    "韩国 南朝鲜 南韩": "southkorea southkorean",
    "朝鲜": "northkorea northkorean",
    "韩国 朝鲜": "korea korean",
    "中国": "chinese",
    "西班牙": "spanish spaniard",
    "葡萄牙": "portuguese",
    "希腊": "greek",
    "瑞典": "swedish swede",
    "瑞士": "swiss",
    "挪威": "norwegian",
    "丹麦": "danish dane",
    "芬兰": "finnish finn",
    "荷兰": "dutch",
    "爱尔兰": "irish",
    "苏格兰": "scottish scot",
    "威尔士": "welsh",
    "波兰": "polish pole",
    "捷克 捷克斯洛伐克": "czech czechoslovak",
    "南斯拉夫": "yugoslav",
    "土耳其": "turkish turk",
    "阿富汗": "afghan",
    "黎巴嫩": "lebanese",
    "沙特 沙特阿拉伯": "saudi saudiarabia saudiarabian",
    "泰国": "thai",
    "菲律宾": "filipino",
    "新西兰": "newzealand newzealander",
    "刚果": "congolese",
    "秘鲁": "peruvian",
    "阿根廷": "argentine",
}
_PEOPLES = {
    word: frozenset(names.split()) for names, said in _IRREGULAR.items() for word in said.split()
}
# Letters that the dictionary takes for another word.
ABBREVIATED = frozenset({"us", "u.s", "uk", "u.k"})
_SHORT = {
    "中": "中国", "华": "中国", "美": "美国", "日": "日本", "俄": "俄罗斯", "英": "英国",
    "法": "法国", "德": "德国", "韩": "韩国", "印": "印度", "苏": "苏联", "朝": "朝鲜",
    "越": "越南", "乌": "乌克兰", "以": "以色列", "澳": "澳大利亚", "缅": "缅甸",
}  # fmt: skip
_ONE = f"[{''.join(_SHORT)}]"
# Words by themselves as well: 以 is "with"; 会议中官员 and 执法官员 are of no country.
_ALONE = _ONE.replace("以", "")
_APART = re.sub("[中华日法以]", "", _ONE)
_OFFICES = "总统|首相|总理|外长|防长|国防部|外交部|国务卿|政府|军方|官员"
# In words with a stroke between them. Who: a side or an army, an office behind a country, countries
# side by side, but not the middle of a day or a law.
_WHO = re.compile(
    rf"(?<![^/])(?:({_ONE})[方军媒企籍商侨](?![^/])|({_ALONE}|{_APART}/)(?:{_OFFICES})(?![^/])"
    rf"|(?!日/中|法/?中|中以|华中)({_ALONE}(?:/?{_ALONE})+|{_ONE}{{2,}})(?=[/两双]|关系|友好|战争|$))"
)
# What is done to one: 访华, 对日.
_WHOM = re.compile(
    rf"(?<![^/])(?:[对访驻赴援抗侵反亲旅]({_ONE})(?![人为])|[来在](华)"
    rf"|[对访驻赴援抗反]/({_ALONE})(?![^/]))"
)
_DAY = re.compile(r"(?<=\d)日")
_CHINA = re.compile("中国|中共|中华|我国|全国")


def called(zh: str) -> frozenset[str]:
    """The countries of which a Chinese text says by one character that they are or do something."""
    return frozenset(_found(_WHO, zh))


def spoken_of(zh: str, words: Sequence[str]) -> frozenset[str]:
    """The countries of which a Chinese text or words of an English one speak, besides by the names
    that stand in the Chinese. Two words together go before one: South Korea."""
    found = {*_found(_WHO, zh), *_found(_WHOM, zh), *(["中国"] if _CHINA.search(zh) else [])}
    at = 0
    while at < len(words):
        both = countries_of(" ".join(words[at : at + 2])) if at + 1 < len(words) else frozenset()
        found |= both or countries_of(words[at])
        at += 2 if both else 1
    return frozenset(found)


def _found(pattern: re.Pattern[str], zh: str) -> Iterator[str]:
    for run in _HAN_RUN.findall(_DAY.sub(" ", zh)):
        for match in pattern.finditer("/".join(han_words(run))):
            said = "".join(filter(None, match.groups()))
            yield from (_SHORT[one] for one in said if one in _SHORT)


@lru_cache(maxsize=20_000)
def countries_of(name: str) -> frozenset[str]:
    """The Chinese names of the country that an English name is of, or is its people's."""
    if not all(word[:1].isupper() for word in name.split()):
        return frozenset()
    said = key(name)
    if found := _PEOPLES.get(said) or _listed(said):
        return found
    if " " in name:
        return _whole(translation_together([stem(fold(word)) for word in name.split()]))
    starts = _starts(name)
    groups = translations(map(stem, starts), "zh").values()
    return frozenset().union(*map(_listed, starts)) or frozenset().union(*map(_whole, groups))


def _listed(said: str) -> frozenset[str]:
    entries = (gazetteer().entries[line] for line in gazetteer().english.get(said, ()))
    known = (entry.chinese for entry in entries if entry.section == "countries")
    return frozenset(form for forms in known for form in forms)


def _whole(known: Group) -> frozenset[str]:
    """The names among the translations that are worth a whole word."""
    return frozenset(word for word, share in known.items() if share == 1) & proper_names()


def bases(people: str) -> tuple[str, ...]:
    """The index terms of the country that a word like Austrian or Hungarians may come from."""
    return tuple(map(stem, _starts(people)))


def _starts(people: str) -> list[str]:
    said = fold(people)
    bare = said.removesuffix("s")
    ends = [bare[: found.start()] for end in _ENDINGS if (found := end.search(bare))]
    ends += [said.removesuffix("i")] if said.endswith("i") else []  # Israeli, not Francis
    return [s + add for s in ends if len(s) >= _SHORTEST for add in ("", "a", "y", "ia")]
