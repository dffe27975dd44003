"""What an answer says in its own words, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from rag.answer.nearmiss import Missing
from rag.types import Language, Masthead

REFUSED: dict[Language, str] = {
    "zh": "档案中没有查到相关记载。",
    "en": "The archive does not say.",
}
# Said where nothing is asked: a greeting, thanks, "What can you do?"
HOW_TO_ASK: dict[Language, str] = {
    "zh": "请就这个档案里的报纸提问：何人、何时、何地、多少、如何、为何。"
    "每个回答都引用所依据的文章；档案中没有的，会说没有查到。",
    "en": "Ask about what the newspapers in this archive printed: who, when, where, how many, how "
    "or why. Every answer quotes the article it rests on; what the archive does not say, it does "
    "not make up.",
}
# Said above what articles begin with, where all of a time or on somebody are asked for.
AMONG: dict[Language, str] = {
    "zh": "档案中的有关文章，例如：\n",
    "en": "Among the articles on this in the archive:\n",
}
# Said above what papers of another time than that asked about tell of it.
OF_ANOTHER_TIME: dict[Language, str] = {
    "zh": "（所问时间的报纸没有查到，以下见于其他日期的报纸。）",
    "en": "(Papers of that time do not say; one of another day does.)",
}
NOT_IN_YOUR_LANGUAGE: dict[Language, str] = {
    "zh": "（此文没有中文文本，以下引用原文。）",
    "en": "(Not translated in the archive; quoted in the original.)",
}

# A near miss: {title}, {date} and {page} are of the article found instead, {said} is what of the
# question does not stand there, {instead} what does.
NEAREST: dict[Language, str] = {
    "zh": "最接近的是《{title}》（{date}{page}），其中没有{said}{instead}：",
    "en": "The nearest is “{title}” ({date}{page}); {said} does not stand there{instead}:",
}
_INSTEAD: dict[Language, str] = {"zh": "，而有“{}”", "en": ", “{}” does"}
_PAGE: dict[Language, str] = {"zh": "，第{}版", "en": ", p. {}"}
_AND: dict[Language, str] = {"zh": "、", "en": ", "}

# What a question asks for that the sentence found does not hold.
ASKED: dict[Language, dict[str, str]] = {
    "zh": {
        "money": "所问的金额",
        "age": "所问的年龄",
        "weight": "所问的重量",
        "share": "所问的比例",
        "year": "所问的年份",
        "clock": "所问的钟点",
        "when": "所问的时间",
        "count": "所问的数目",
        "duration": "所问的时长",
        "speed": "所问的速度",
        "area": "所问的面积",
        "length": "所问的长度",
        "extent": "所问的数值",
        "person": "所问的人名",
        "place": "所问的地名",
        "street": "所问的街道",
        "school": "所问的学校",
    },
    "en": {
        "money": "the sum asked for",
        "age": "the age asked for",
        "weight": "the weight asked for",
        "share": "the share asked for",
        "year": "the year asked for",
        "clock": "the time of day asked for",
        "when": "the time asked for",
        "count": "the number asked for",
        "duration": "the length of time asked for",
        "speed": "the speed asked for",
        "area": "the area asked for",
        "length": "the length asked for",
        "extent": "the figure asked for",
        "person": "the name asked for",
        "place": "the place asked for",
        "street": "the street asked for",
        "school": "the school asked for",
    },
}

# A comparison of which one side alone is answered; {names} are of the other.
UNTOLD: dict[Language, str] = {
    "zh": "关于{names}，档案中没有查到相关记载。",
    "en": "The archive does not say this of {names}.",
}

Note = Literal["failed", "broke_off", "declined", "unsupported", "empty", "withheld", "struck"]
# Why an answer is in its state. {model} is the model's name, {why} what it said of its failure.
NOTES: dict[Language, dict[Note, str]] = {
    "zh": {
        "failed": "模型 {model} 未能作答，改为直接引用档案。{why}",
        "broke_off": "模型 {model} 的回答中断，以下内容不完整。{why}",
        "declined": "模型 {model} 认为所给句子没有回答问题；以下是档案中最接近的句子。",
        "unsupported": "模型 {model} 的回答没有一句得到引文支持，改为直接引用档案。",
        "empty": "模型 {model} 的回答中没有可用的句子，改为直接引用档案。",
        "withheld": "找到的句子像是对机器的指令，没有交给模型，改为直接引用档案。",
        "struck": "模型 {model} 的回答中有 {count} 句没有得到引文支持，已删去。",
    },
    "en": {
        "failed": "The model {model} did not answer; the archive is quoted instead. {why}",
        "broke_off": "The reply of the model {model} broke off; this is not all of it. {why}",
        "declined": "The model {model} found no answer in the sentences given; "
        "these are the closest in the archive.",
        "unsupported": "No sentence of the model {model} was borne out by what it cited; "
        "the archive is quoted instead.",
        "empty": "The reply of the model {model} held no usable sentence; "
        "the archive is quoted instead.",
        "withheld": "What was found reads like orders to a machine and was not given to the model; "
        "the archive is quoted instead.",
        "struck": "Struck from the reply of the model {model}, not borne out by what was cited: "
        "{count} sentence(s).",
    },
}


def without_lead(text: str, language: Language) -> str:
    """An answer without what is said above its quotations: jiubao's own words, of no article."""
    return text.removeprefix(AMONG[language]).removeprefix(f"{NOT_IN_YOUR_LANGUAGE[language]}\n")


def nearest(masthead: Masthead, language: Language, missing: Sequence[Missing]) -> str:
    """What was found instead of an answer, in a line.

    Args:
        masthead: of the article found.
        missing: what of the question does not stand there.
    """
    title = masthead.title.get(language) or next(iter(masthead.title.values()), "")
    page = _PAGE[language].format(masthead.page) if masthead.page else ""
    said = [ASKED[language].get(slot.kind) or f"“{slot.said}”" for slot in missing]
    instead = _AND[language].join(dict.fromkeys(slot.instead for slot in missing if slot.instead))
    return NEAREST[language].format(
        title=title,
        date=masthead.published.isoformat(),
        page=page,
        said=_AND[language].join(dict.fromkeys(said)),
        instead=_INSTEAD[language].format(instead) if instead else "",
    )


def note(kind: Note, language: Language, model: str, why: str = "", count: int = 0) -> str:
    """One line on an answer's state, in the language of the question."""
    return NOTES[language][kind].format(model=model, why=why, count=count).strip()


def untold(names: Sequence[str], language: Language) -> str:
    """That of one of two things compared the archive does not say what was asked."""
    return UNTOLD[language].format(names=_AND[language].join(names))
