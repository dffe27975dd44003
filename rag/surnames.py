"""Chinese surnames, their sounds, and names of people that the cutter has taken apart. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from rag.language import HAN, STOP_ZH, cutter_knows, han_words
from rag.romanise import pinyin

# Some 350 common surnames, compiled by hand; a given name is only looked for behind one of them.
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏"
    "魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵"
    "万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝"
    "包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾"
    "尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬"
    "师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚"
    "鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋"
)
DOUBLE_SURNAMES = frozenset(
    {"欧阳", "司马", "诸葛", "上官", "司徒", "尉迟", "端木", "皇甫", "夏侯"}
)
# A surname and the other common reading of its character, which the index may have: 单, 解.
_SOUNDS = (
    ("shan", "dan"), ("qiu", "chou"), ("xie", "jie"), ("zeng", "ceng"), ("ge", "gai"),
    ("zha", "cha"), ("piao", "pu"), ("qin", "tan"), ("zhai", "di"), ("miao", "mou"),
    ("yue", "le"), ("bo", "bao"), ("shao", "zhao"), ("ou", "qu"), ("mu", "mou"),
)  # fmt: skip

_HAN_RUN = re.compile(f"[{HAN}]+")


def split_names(text: str) -> list[str]:
    """What may be names of people in neighbouring words of a Chinese text, none twice: 黄 and 荣昌,
    赵家 and 钰. Names that are one word to the cutter are left out."""
    found: dict[str, None] = {}
    for run in _HAN_RUN.findall(text):
        words = [*han_words(run), "", ""]
        for first, second, third in zip(words, words[1:], words[2:], strict=False):
            found.update(dict.fromkeys(_names(first, second, third)))
    return list(found)


def people_in(text: str) -> list[str]:
    """What may be names of people in a Chinese text that no dictionary has, none twice: those that
    the cutter has taken apart, and words of three characters that it has guessed."""
    words = (word for run in _HAN_RUN.findall(text) for word in han_words(run))
    whole = (w for w in words if len(w) == 3 and w[0] in SURNAMES and not cutter_knows(w))
    return list(dict.fromkeys((*whole, *split_names(text))))


def _names(first: str, second: str, third: str) -> Iterator[str]:
    """The names that begin with the first of three neighbouring words."""
    if not second or second in STOP_ZH or first in STOP_ZH:
        return
    single = len(second) == 1
    if first in SURNAMES or first in DOUBLE_SURNAMES:
        if len(second) <= 2:
            yield first + second
        if single and len(third) == 1 and third not in STOP_ZH:
            yield first + second + third
    elif len(first) == 2 and first[0] in SURNAMES and single:
        yield first + second


@cache
def surname_readings() -> frozenset[str]:
    """The sounds of the surnames."""
    return frozenset(map(pinyin, SURNAMES)) | {surname for surname, _ in _SOUNDS}


@cache
def double_surname_readings() -> frozenset[str]:
    """The sounds of the surnames of two characters."""
    return frozenset(map(pinyin, DOUBLE_SURNAMES))


def as_surname(syllable: str) -> tuple[str, ...]:
    """A syllable, and how else the index may read a surname of that sound: shan, dan."""
    return (
        syllable,
        *(other for surname, other in _SOUNDS if surname == syllable),
        *(surname for surname, other in _SOUNDS if other == syllable),
    )
