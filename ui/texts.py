"""The words of the interface, in both languages: a Chinese question gets Chinese labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rag.types import Language, Role, State, Status, Support

ROLES: Mapping[Role, str] = {"original": "原文 Original", "translation": "译文 Translation"}


@dataclass(frozen=True, slots=True)
class Words:
    """What the interface says in one language. `{}` stands for what is filled in."""

    roles: Mapping[Role, str]
    states: Mapping[State, str]
    support: Mapping[Support, str]
    page: str
    author: str
    source: str
    evidence: str
    found: str
    nothing_found: str


WORDS: Mapping[Language, Words] = {
    "zh": Words(
        roles={"original": "原文", "translation": "译文"},
        states={
            "complete": "",
            "refused": "档案中没有答案。",
            "degraded": "模型未能作答，以下直接引用档案原句。",
            "truncated": "回答未写完：以下只是其中一部分。",
            "failed": "未能作答。",
        },
        support={"supported": "有据", "partial": "部分有据", "unsupported": "无据"},
        page="第{}版",
        author="作者",
        source="文件",
        evidence="出处",
        found="找到 {} 段，正在阅读……",
        nothing_found="没有找到相符的文章。",
    ),
    "en": Words(
        roles={"original": "Original", "translation": "Translation"},
        states={
            "complete": "",
            "refused": "The archive does not say.",
            "degraded": "The model could not answer: here is what the archive itself says.",
            "truncated": "The answer stopped early: this is only a part of it.",
            "failed": "No answer could be given.",
        },
        support={
            "supported": "supported",
            "partial": "partly supported",
            "unsupported": "not supported",
        },
        page="page {}",
        author="Author",
        source="File",
        evidence="Sources",
        found="{} passages found, reading…",
        nothing_found="No article matches.",
    ),
}


@dataclass(frozen=True, slots=True)
class Sample:
    """A question the sample articles answer, and the day and page its article stands on."""

    question: str
    date: str
    page: int


SAMPLES: tuple[Sample, ...] = (
    Sample("天津红桥区四天里提出了多少件技术革新建议？", "1959-11-24", 2),
    Sample("嘉兴市委工业部曾经被叫做什么？", "1957-01-30", 2),
    Sample("天津市增产节约开展好的工厂比例有什么变化？", "1953-10-31", 1),
    Sample(
        "How many technical innovation suggestions were made in Hongqiao District in four days?",
        "1959-11-24",
        2,
    ),
    Sample("Who is Liao Shigang?", "1959-06-05", 2),
    Sample("Why were copper basins donated?", "1958-07-23", 7),
)


def page_of(page: int | None, language: Language) -> str:
    """The page of a newspaper in words, empty where it is not known."""
    return "" if page is None else WORDS[language].page.format(page)


def portrait(status: Status, language: Language = "en") -> str:
    """The archive in one line: how many articles, of which years, in which languages."""
    if not status.articles or status.period is None:
        return "The archive is empty · 档案为空 · jiubao ingest PATH"
    first, last = status.period[0].year, status.period[1].year
    if language == "zh":
        years = f"{first}" if first == last else f"{first} 至 {last}"
        return f"{status.articles:,} 篇文章，{years} 年，{_languages_zh(status)}"
    years = f"{first}" if first == last else f"{first} to {last}"
    noun = "article" if status.articles == 1 else "articles"
    return f"{status.articles:,} {noun}, {years}, {_languages(status)}"


def _languages(status: Status) -> str:
    """`Chinese`, `English`, or how many of the articles have both."""
    chinese, english = status.languages.get("zh", 0), status.languages.get("en", 0)
    if not english:
        return "Chinese"
    if not chinese:
        return "English"
    if chinese == english == status.articles:
        return "Chinese with English"
    return f"{chinese:,} in Chinese, {english:,} in English"


def _languages_zh(status: Status) -> str:
    chinese, english = status.languages.get("zh", 0), status.languages.get("en", 0)
    if not english:
        return "中文"
    if not chinese:
        return "英文"
    if chinese == english == status.articles:
        return "中英对照"
    return f"中文 {chinese:,} 篇，英文 {english:,} 篇"
