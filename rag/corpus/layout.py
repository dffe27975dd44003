"""What stands where on the page: headlines, repeated lines, datelines, headings, credits.

Every function here is conservative. What is not plainly furniture stays in the prose.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from rag.types import Language

_RUN = re.compile(r"\s{2,}|[\t\v\f\x1c-\x1f\x85\u2028\u2029]")
_GAP = re.compile(r"\s{2,}")
_CLOSING = "”’」』》〉）)]】\"'"
_STOPS = "。！？；：，、….!?;:,—~～"
_LEADING_LINES = 6
_LONGEST_HEADING = {"zh": 24, "en": 90}
_LONGEST_CREDIT = {"zh": 60, "en": 160}


def fold(line: str) -> str:
    """A line without indentation, each run of white space one space; no other change."""
    return _RUN.sub(" ", line.strip())


def key(text: str) -> str:
    """Letters and digits alone: how two printings of the same line are compared."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum())


def split_headline(headline: str) -> tuple[str, str]:
    """Title and subtitle of a Chinese headline line: two or more spaces divide them."""
    title, *rest = _GAP.split(headline.strip(), maxsplit=1)
    return fold(title), fold(rest[0]) if rest else ""


_BOUNDARY = re.compile(r"[:;：；]\s*|\s[-–—]+\s")


def split_title(title: str, lines: Sequence[str], has_subtitle: bool) -> tuple[str, str]:
    """Title and subtitle of an English headline.

    Args:
        title: the `Title:` value, white space folded.
        lines: the first lines below it; one that repeats either half shows where it divides.
        has_subtitle: whether the original's headline has a subtitle.
    """
    boundaries = [(title[: b.start()], title[b.end() :]) for b in _BOUNDARY.finditer(title)]
    halves = [(fold(left), fold(right)) for left, right in boundaries if key(left) and key(right)]
    printed = {key(line) for line in lines[:_LEADING_LINES] if len(line) <= len(title)}
    for left, right in halves:
        if key(left) in printed or key(right) in printed:
            return left, right
    plain = list(re.finditer(r"[:;] ", title))
    if has_subtitle and len(plain) == 1:
        return fold(title[: plain[0].start()]), fold(title[plain[0].end() :])
    return title, ""


def drop_repeated(lines: Sequence[str], printed: Iterable[str]) -> list[str]:
    """The lines without those at the top that only repeat the headline or the authors.

    A piece of the headline may run over up to three lines. Each piece is dropped once: a
    paragraph that says the same again is prose.
    """
    # A headline of punctuation alone has no letters to compare: then its characters count.
    pieces = {key(piece) or fold(piece) for piece in printed} - {""}
    longest = max(map(len, pieces), default=0) * 4 + 40
    kept: list[str] = []
    at = 0
    while at < min(len(lines), _LEADING_LINES) and pieces:
        for count in (1, 2, 3):
            together = "".join(lines[at : at + count])
            if len(together) > longest:
                continue
            same = key(together) or fold(together)
            if same in pieces:
                pieces.discard(same)
                at += count
                break
        else:
            kept.append(lines[at])
            at += 1
    return kept + list(lines[at:])


_DAY = r"[\d○〇零一二三四五六七八九十廿卅]{1,3}\s?日"
_WHEN = rf"(?:[\d○〇零一二三四五六七八九]{{4}}年)?(?:[\d一二三四五六七八九十]{{1,3}}月)?(?:{_DAY})"
_AGENCY = r"(?:新华(?:通讯)?社|中新[社网]|本报|[\u4e00-\u9fff]{2,6}?(?:社|报|网|客户端))"
_WIRE = r"(?:专电|急电|电讯|电|讯)"
_ZH_DATELINES = (
    # 【新华社三十日讯】 （新华社北京电）
    re.compile(
        r"(?:【[^【】。！？]{2,40}?(?:电|讯|报道|消息|稿)】|"
        r"[（(](?:据?新华社|本报|中新社)[^（）()。！？，]{0,40}[）)])"
    ),
    # 新华社天津23日电, 据新华社北京7月1日电, 本报重庆4日电
    re.compile(
        rf"(?![\u4e00-\u9fff]{{2,8}}(?:新华社|中新[社网]))据?{_AGENCY}[\u4e00-\u9fff·]{{0,12}}?\s?{_WHEN}{_WIRE}(?=[\s（(：:“《]|记者|本报|$)"
    ),
    # 本报讯, 新京报讯（记者…）
    re.compile(
        r"(?:本报|新华社|[\u4e00-\u9fff]{1,6}(?:社|报|网))"
        r"[\u4e00-\u9fff]{0,6}?(?:(?<![腾资通])讯|专电)(?=[\s（(：:]|$)"
    ),
)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
_EN_DAY = (
    rf"(?:{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}"
    r"|\d{1,2}(?:st|nd|rd|th))(?:,? \d{4})?"
)
_PLACE = r"[A-Z][\w'’.-]*(?: [A-Z][\w'’.-]*){0,3}"
_EN_AGENCY = r"(?:Xinhua(?: News)?(?: Agency)?|(?:Our|This) [Nn]ewspaper|Our [Rr]eporter)"
_EN_DATELINES = (
    # (Our newspaper, Chongqing, July 22nd), [Xinhua News Agency, Northern Shaanxi, 23rd]
    re.compile(
        r"[(\[【（](?i:(?:from |by )?(?:our|this) (?:news)?paper|(?:by )?xinhua)"
        r"[^()\[\]【】（）]{0,90}[)\]】）]"
    ),
    # Xinhua News Agency, Tianjin, 23rd:
    re.compile(
        rf"(?:According to )?{_EN_AGENCY}(?:, {_PLACE}){{0,2}}, {_EN_DAY}"
        r"(?: (?:[Dd]ispatch|[Tt]elegram|[Rr]eport))?(?=\s*[:：.—–-]|\s+[(A-Z“\"]|\s*$)"
    ),
    # Chongqing, June 4 (report from our newspaper)
    re.compile(
        rf"{_PLACE}(?:, {_PLACE})?, {_EN_DAY} \([^()]{{0,20}}(?:newspaper|Xinhua)[^()]{{0,40}}\)"
    ),
)
_AFTER_DATELINE = re.compile(r"\s*[:：]\s*|\s*[.—–-]+\s+|\s+")


def split_dateline(paragraph: str, language: Language) -> tuple[str, str]:
    """The dateline a first paragraph opens with ("" for none) and the rest of it."""
    opening = paragraph[:160]
    for pattern in _ZH_DATELINES if language == "zh" else _EN_DATELINES:
        found = pattern.match(opening)
        if found:
            rest = paragraph[found.end() :]
            gap = _AFTER_DATELINE.match(rest)
            return found.group(), rest[gap.end() :] if gap else rest
    return "", paragraph


_NAME = {
    "zh": r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,6}(?:·[\u4e00-\u9fff]{1,6}){1,3}",
    "en": r"(?:By )?[A-Z][\w'’-]+(?: [A-Z][\w'’.-]*){1,3}",
}
_NAMES = {
    "zh": re.compile(rf"(?:{_NAME['zh']})(?:[\s、，]+(?:{_NAME['zh']})){{0,4}}"),
    "en": re.compile(rf"(?:{_NAME['en']})(?:(?:, | and |, and )(?:{_NAME['en']})){{0,4}}"),
}
_CREDIT_WORDS = {
    "zh": re.compile(
        r"^(?:原载|转载|摘自|摘译|原文载|节译|译自|选自|据?新华社|本报|记者|通讯员|作者|编辑|编译|责任编辑|责编|来源|转自"
        r"|附图|附[^。]{0,6}[图表照]|完$|未完|待续|续完|图为|文图)"
    ),
    "en": re.compile(
        r"^(?:originally|reprinted|reproduced|excerpt|translated|from |source|xinhua|our |this "
        r"|photo|picture|illustration|attached|reporter|to be continued|the end|end|by |edit)",
        re.I,
    ),
}
_IN_BRACKETS = re.compile(r"[（(【\[]([^（）()【】\[\]]+)[）)】\]]")
_EDITOR = re.compile(r"(?:责任编辑|编辑|责编|来源)\s?[：:/ ]\s?[^。！？，；]{1,24}")


def is_credit(line: str, language: Language) -> bool:
    """Whether a closing line names who wrote, printed or edited the article."""
    if len(line) > _LONGEST_CREDIT[language]:
        return False
    if language == "zh" and _EDITOR.fullmatch(line):
        return True
    inside = _IN_BRACKETS.fullmatch(line)
    if not inside:
        return False
    said = inside.group(1).strip()
    return bool(_NAMES[language].fullmatch(said) or _CREDIT_WORDS[language].match(said))


def is_heading(line: str, before: str, after: str, language: Language) -> bool:
    """Whether a line is a heading: short, without a closing stop, between two paragraphs.

    Short lines that follow each other are a list, a table or a poem, and stay prose; so does
    what a colon announces.
    """
    if len(line) > _LONGEST_HEADING[language] or not _is_open(line):
        return False
    if "。" in line or (language == "en" and not re.match(r"[\"“‘'(]*[A-Z0-9]", line)):
        return False
    announced = before.rstrip(_CLOSING).endswith(("：", ":", "，", ","))
    return not announced and _is_prose(before) and _is_prose(after)


def _is_prose(line: str) -> bool:
    return len(line) >= 20 and not _is_open(line)


def _is_open(line: str) -> bool:
    """Whether a line has words and no stop at its end."""
    bare = line.rstrip(_CLOSING + " \u3000")
    return bool(key(bare)) and bare[-1] not in _STOPS
