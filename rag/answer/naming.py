"""The names a question asks about. Pure.

English: runs of capitalised words. Chinese: listed names, words no dictionary has, foreign names
by their characters, and what stands before the last character of an office or a factory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from rag.answer.entities import NO_NAMES, follows, han_names, is_name, with_surname
from rag.answer.proper import proper_names
from rag.answer.spelled import bare, grouped
from rag.language import HAN, cutter_knows, fold, han_words, stem
from rag.retrieve.dictionary import translations
from rag.retrieve.gazetteer import gazetteer, key
from rag.retrieve.question import names_in
from rag.romanise import simplified
from rag.surnames import SURNAMES
from rag.transliteration import han_names as foreign_names
from rag.types import Language

# Parts of China, and how they are called with "China" behind them.
REGIONS = {
    "north": "华北", "south": "华南", "east": "华东", "central": "华中", "northeast": "东北",
    "northwest": "西北", "southwest": "西南", "southeast": "东南", "northern": "北",
    "southern": "南",
}  # fmt: skip
_LATIN = re.compile(rf"[^\W\d_{HAN}]+(?:[-'’‘ʼ][^\W\d_{HAN}]+)*")
_LATIN_NAME = re.compile(r"[A-Z][A-Za-z'’-]+(?: [A-Z][A-Za-z'’-]+)*")
_HAN_RUN = re.compile(f"[{HAN}]+")
_DOTTED = re.compile(rf"[{HAN}]{{1,6}}(?:[·•・][{HAN}]{{1,6}})+")
# What an office, a factory or a place is, in either language: it names none of them.
_KINDS_EN_WORDS = """
    factory factories plant works mill mills company corporation bureau office department
    committee commission party ministry district city county province municipality town village
    region area workshop team group brigade secretary director chairman president premier
    comrade mr mrs ms dr professor university college school hospital bank institute association
    union society council congress conference meeting movement campaign daily news agency people
    article no the of and in at on for to
"""
_KINDS_EN = frozenset(_KINDS_EN_WORDS.split())
_KIND_ZH = re.compile("(?:厂|公司|局|学院|大学|医院|银行)$")
# What is built and named after where it lies, by words that no dictionary has: 雅万高铁.
_BUILT_ZH = re.compile("高铁|铁路|公路|高速|大桥|隧道|水库|水电站|电站|机场|运河|油田|煤矿|铁矿")
_GENERIC_ZH_WORDS = """
    工厂 全厂 厂里 大厂 小厂 厂矿 当局 邮局 结局 布局 出局 全局 格局 大局 电厂 分厂 药厂
"""
_GENERIC_ZH = frozenset(_GENERIC_ZH_WORDS.split())
# Words before a factory that tell it from no other.
_NOT_OWN_ZH = re.compile(
    "[哪这那别的各某该本每几为么何等有所最]|[一二两三四五六七八九十百千万数多首][家个座间]|[他我你她它]们"
    "|许多|不少|多数|全部|整个|其[他它余]|另外|任何|自己|同类|不同|相关|上述|唯一|原来|一[般些]|全[国省市县区]"
    "|当地|附近|重点|先进|模范|大型|小型|国营|私营|地方|兄弟|主要|外国|著名|普通|现代|新建"
    "|[建成设创]立|[开创]办|开设|关闭|参[与加]|[送住走]进|离开|来自|以及|正在|[往入到去于]$"
)
# The country of the newspaper.
HOME = frozenset({"中国", "新中国", "中华人民共和国", "China", "Chinese", "PRC"})
_AT_HOME = HOME | {key(name) for name in HOME} | {"汉族", "汉人", "hanchinese"}
# Whose archive this is: it stands above every article. In Chinese, and keys of its English names.
_PAPER = "人民日报"
_PAPER_KEYS = frozenset({"peopledaily", "peoplesdaily", "renminribao"})
# What is shortened before a name, its full stop ending no sentence.
_TITLES = frozenset({"mr", "mrs", "ms", "dr", "st", "prof", "gen", "col", "gov", "capt", "sen"})
# Words that open a sentence before a name, and no dictionary gives.
_OPENING = frozenset(
    {"according", "after", "along", "both", "besides", "during", "who", "what", "when"}
)
# Words of which a name may consist that the cutter does not know.
_MOST_WORDS = 4
# What the cutter joins to a surname: 小娄 and 多大.
_ASKING = re.compile("(?:多[大少高重久长远]|几岁|何[时地人])$")
# Surnames that in a question more often are something else.
_NOT_ONLY_SURNAMES = frozenset("何高强应常成全原方时和关连管古")


@dataclass(frozen=True, slots=True)
class Named:
    """A name in a question. `parts` are its words that must stand: all of them where `every`,
    else the last or half of them. `near` tells that it must stand near the answer: a person of
    China or a factory; what else is named, a headline or the article's opening may say once."""

    text: str
    parts: tuple[str, ...]
    every: bool
    near: bool = False


def names_of(question: str, language: Language) -> list[Named]:
    """The names in a question, none twice."""
    found = [*_latin(question, language)]
    if language == "zh":
        found += _han(simplified(question))
    return list(dict.fromkeys(found))


def is_listed(name: str) -> bool:
    """Whether a Chinese name stands in `names.toml`."""
    return any(form == name for form, _ in gazetteer().in_chinese(name))


@cache
def listed_places() -> frozenset[str]:
    """The listed places and countries: Chinese forms, and keys of the English ones."""
    return _listed("places") | _listed("countries")


@cache
def listed_abroad() -> frozenset[str]:
    """The listed countries but China, and their peoples, likewise."""
    return _listed("countries") - _AT_HOME


def _listed(section: str) -> frozenset[str]:
    entries = list(gazetteer().of(section))
    chinese = {form for entry in entries for form in entry.chinese}
    return frozenset(chinese | {key(form) for entry in entries for form in entry.english})


def _latin(question: str, language: Language) -> Iterator[Named]:
    places = listed_places()
    runs = names_in(question) if language == "en" else _LATIN_NAME.findall(question)
    for run in runs:
        words = [bare(w) for w in _LATIN.findall(run)]
        opens = language == "en" and words and _opens_sentence(words[0], question)
        if opens and not is_name(words[0]):
            known = translations([stem(fold(words[0]))], "zh")
            words = words[bool(known) or fold(words[0]) in _OPENING :]  # Besides Meng Tai
        if key("".join(words)) in _PAPER_KEYS:
            continue
        if len(words) > 1 and key("".join(words)) in gazetteer().english:
            yield Named(run, (" ".join(words),), True)
            continue
        parts = [word for word in words if _tells(word)]
        office = len(words) > 1 and not {fold(word) for word in words}.isdisjoint(_KINDS_EN)
        if not ("China" in words or office):
            parts = [word for word in parts if fold(word) not in REGIONS]  # the East, East Germany
        elif any(fold(word) in REGIONS for word in parts):
            parts = [word for word in parts if word != "China"]  # 华北
        if not parts:
            continue
        told = tuple(grouped(parts))
        native = any(" " in part or is_name(part) for part in told)
        directed = any(fold(part) in REGIONS for part in parts)
        place = len(told) == 1 and key(told[0]) in places
        # A factory's name is all of its words, as is one that Chinese leaves in Latin letters; of a
        # foreigner's, the last is enough.
        every = native or directed or office or language == "zh"
        yield Named(run, told, every, (native or office) and not place)


def _opens_sentence(word: str, question: str) -> bool:
    """Whether an English word stands, where it first does, at the start of a sentence."""
    before = question[: question.find(word)].rstrip(' "“')
    if not before.endswith("."):
        return before[-1:] in ("", "!", "?", ":")
    said = _LATIN.findall(before)
    return not said or fold(said[-1]) not in _TITLES


def _tells(word: str) -> bool:
    """Whether an English word tells one name from another: no kind, month or lone initials."""
    if fold(word) in _KINDS_EN or fold(word) in NO_NAMES:
        return False
    return len(word) > 2 or (len(word) == 2 and not word.isupper())


def _han(question: str) -> Iterator[Named]:
    taken = f"{_PAPER}|"
    for match in _DOTTED.finditer(question):
        first, *middle, last = re.split("[·•・]", match.group())
        parts = (_foreign(first, front=False), *middle, _foreign(last, front=True))
        taken += match.group() + "|"
        yield Named("·".join(parts), parts, False)
    for name in sorted(foreign_names(question), key=len, reverse=True):
        if len(name) > 2 and name not in taken and not translations([name], "en"):
            words = han_words(name)
            if len(words) == 1 or not all(len(w) > 1 and translations([w], "en") for w in words):
                taken += name + "|"
                yield Named(name, (name,), True)
    cut = [han_words(run) for run in _HAN_RUN.findall(question)]
    before = follows(question)
    for word, sure in han_names(question, True):
        name = _ASKING.sub("", word)
        new = sure and len(name) > 1 and name not in taken
        if new and not _is_word(name) and not _is_tail(name, before):
            taken += name + "|"
            surnames = SURNAMES - _NOT_ONLY_SURNAMES
            yield _person(with_surname(name, before.get(word, ""), surnames))
    for name in _cut_apart(cut):
        if name not in taken:
            taken += name + "|"
            yield Named(name, (name,), True)
    yield from _offices(cut, taken)


def _cut_apart(cut: Sequence[Sequence[str]]) -> Iterator[str]:
    """Names that the dictionary has, of words that the cutter has not joined: 超级碗.

    Args:
        cut: the words of each run of characters.
    """
    for words in cut:
        for start in range(len(words)):
            for end in range(min(len(words), start + _MOST_WORDS), start + 1, -1):
                name = "".join(words[start:end])
                if len(name) > 2 and name in proper_names():
                    yield name
                    break


def _person(name: str) -> Named:
    """A name that may be a person's."""
    native = name[0] in SURNAMES and len(name) == 3 and name not in proper_names()
    return Named(name, (name,), True, native)


def _is_tail(name: str, follows: Mapping[str, str]) -> bool:
    """Whether a word is what the cutter has left of a foreign name: 威腾 and 博格."""
    before = follows.get(name, "")
    guessed = len(before) > 1 and not cutter_knows(before) and not translations([before], "en")
    return guessed and not is_listed(name) and name in foreign_names(name)


def _foreign(part: str, front: bool) -> str:
    """The name at the front or the end of a stretch of characters."""
    names = foreign_names(part)
    fits = [n for n in names if (part.startswith(n) if front else part.endswith(n))]
    return max(fits, key=len) if fits else part[:2] if front else part[-2:]


def _is_word(name: str) -> bool:
    """Whether what looks like a name may be ordinary words: 何时, 关系, 高水平, 原以为."""
    if name in proper_names() or is_listed(name) or name in REGIONS.values():
        return False
    if name[0] in _NOT_ONLY_SURNAMES and (len(name) == 2 or translations([name[1:]], "en")):
        return True
    return bool(translations([name], "en"))


def _offices(cut: Sequence[Sequence[str]], taken: str) -> Iterator[Named]:
    """What is told of a factory, an office or a railway besides its being one.

    Args:
        cut: the words of each run of characters.
    """
    for words in cut:
        for at, word in enumerate(words):
            before = words[at - 1] * (at > 0)
            kind = _KIND_ZH.search(word)
            if kind and word not in _GENERIC_ZH:
                own, said = word[: kind.start()] or before, kind.group()
            elif _BUILT_ZH.fullmatch(word) and not cutter_knows(before):
                own, said = before, word
            else:
                continue
            if len(own) > 1 and own not in taken and not _NOT_OWN_ZH.search(own):
                yield Named(own + said, (own,), True, True)
