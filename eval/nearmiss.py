"""Measures near misses, questions of which one slot stands nowhere: `python -m eval.nearmiss`.

There are those written by hand (`eval/seeds.jsonl`), and a hundred derived here by rule, with a
fixed seed, from questions that are answered: one year, number, place, person or organisation is
swapped for another of its kind that the gold article does not have. The slots of the seeds are
those annotated by hand; those of the benchmark are years, other digits, and names of a list made
by hand for this. Prints how many near misses are refused, by slot and cell, and how many of the
unchanged questions are refused for a slot that does not stand.
"""

from __future__ import annotations

import random
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from eval.cases import SEEDS, Case, Slot, load_cases
from eval.xquad import CELLS, XquadQuestion, default_folder, load_questions
from rag import Archive
from rag.config import load_settings
from rag.errors import JiubaoError
from rag.index.remember import RememberingEncoder
from rag.types import LANGUAGES, Answer, Language

_FOLDER = Path(__file__).resolve().parents[1] / "seeds"
_SEED = 1959
_SEEDS_DRAWN, _XQUAD_DRAWN = 52, 48

# What a slot is swapped for: the same in both languages, in no article of the seeds or the bench.
SWAPS: Mapping[Slot, tuple[tuple[str, str], ...]] = {
    "place": (
        ("锦州", "Jinzhou"), ("柳州", "Liuzhou"), ("汕头", "Swatow"), ("贵阳", "Kweiyang"),
        ("新西兰", "New Zealand"), ("尼泊尔", "Nepal"), ("葫芦岛", "Huludao"),
        ("牡丹江", "Mudanjiang"),
    ),
    "person": (
        ("王大明", "Wang Daming"), ("陈玉芬", "Ch'en Yü-fen"), ("周德福", "Zhou Defu"),
        ("古斯塔夫·林德伯格", "Gustav Lindberg"), ("孙国栋", "Sun Guodong"),
    ),
    "organisation": (
        ("鞍山轴承厂", "Anshan Bearing Factory"), ("沈阳水泥厂", "Shenyang Cement Works"),
        ("武汉肥皂公司", "Wuhan Soap Company"), ("锦州玻璃厂", "Jinzhou Glass Factory"),
    ),
}  # fmt: skip
# Names in questions of the bench that may be swapped.
_NAMED: Mapping[Slot, Mapping[Language, tuple[str, ...]]] = {
    "place": {
        "zh": ("美国", "英国", "法国", "德国", "加利福尼亚", "弗雷斯诺", "华沙", "肯尼亚",
               "维多利亚", "苏格兰", "南加州", "欧洲", "莱茵河", "纽卡斯尔", "巴黎", "日本",
               "俄罗斯", "土耳其"),
        "en": ("France", "Germany", "Fresno", "Warsaw", "Kenya", "Victoria", "Scotland", "Europe",
               "California", "England", "Rhine", "Newcastle", "Paris", "Japan", "Russia", "Turkey"),
    },
    "person": {
        "zh": ("特斯拉", "路德", "成吉思汗", "忽必烈", "牛顿", "亚里士多德", "杜威", "华莱士"),
        "en": ("Tesla", "Luther", "Genghis Khan", "Kublai", "Newton", "Aristotle", "Toghtogha",
               "Celeron", "Wallace", "Priestley", "Dewar"),
    },
}  # fmt: skip
_YEAR = re.compile(r"(?<![\d.,-])(?:1[0-9]|20)\d\d(?![\d-])")
_NUMBER = re.compile(r"(?<![\d.,A-Za-z-])\d{1,3}(?![\d.,A-Za-z-]|世纪|th|st|nd|rd)")


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A question of which one slot was changed; `cell` says in which language it is put to what."""

    question: str
    language: Language
    cell: str
    slot: Slot
    was: str
    now: str


def derive(
    question: str,
    language: Language,
    slots: Mapping[Slot, Sequence[str]],
    article: str,
    draw: random.Random,
) -> Iterator[tuple[Slot, str, str]]:
    """One change for each slot of a question: the slot, what it was and what it becomes.

    Args:
        article: all the text of the gold article, in every language it has; what a slot becomes
            does not stand in it.
    """
    for slot, values in slots.items():
        for was in values:
            choices = [now for now in _others(slot, was, language) if now not in article]
            if choices and was in question:
                yield slot, was, draw.choice(choices)


def _others(slot: Slot, was: str, language: Language) -> list[str]:
    if slot == "year":
        found = _YEAR.search(was)
        year = int(found.group()) if found else 0
        steps = [step for step in range(-9, 10) if step]
        return [was.replace(str(year), str(year + step)) for step in steps] if found else []
    if slot == "number":
        number = _NUMBER.search(was)
        value = int(number.group()) if number else 0
        return [was.replace(str(value), str(value + n), 1) for n in range(4, 40)] if value else []
    here = LANGUAGES.index(language)
    return [pair[here] for pair in SWAPS[slot] if pair[here] != was]


def slots_of(question: str, language: Language, article: str) -> dict[Slot, tuple[str, ...]]:
    """The slots of a question of the benchmark that stand in its article too."""
    found: dict[Slot, tuple[str, ...]] = {
        "year": tuple(_YEAR.findall(question)),
        "number": tuple(n for n in _NUMBER.findall(question) if int(n) > 3),
    }
    for slot, names in _NAMED.items():
        found[slot] = tuple(
            n for n in names[language] if re.search(_whole(n), question) and n in article
        )
    return {
        slot: tuple(value for value in values if value in article)[:1]
        for slot, values in found.items()
        if values
    }


def _whole(name: str) -> str:
    return rf"\b{re.escape(name)}\b(?!-)" if name.isascii() else re.escape(name)


def from_seeds(cases: Sequence[Case], bodies: Mapping[str, str]) -> list[NearMiss]:
    """Near misses of the cases on the seeds, by their annotated slots.

    Args:
        bodies: what stands in each article, by its file's name.
    """
    draw = random.Random(_SEED)  # noqa: S311
    found = []
    for case in cases:
        if not case.answerable:
            continue
        article = "\n".join(bodies[name] for name in case.articles)
        for slot, was, now in derive(case.question, case.language, case.slots, article, draw):
            cell = f"{case.language}->seeds"
            changed = case.question.replace(was, now, 1)
            found.append(NearMiss(changed, case.language, cell, slot, was, now))
    return found


def from_xquad(questions: Sequence[XquadQuestion], bodies: Mapping[str, str]) -> list[NearMiss]:
    """Near misses of the benchmark's answerable questions, in its four cells."""
    draw = random.Random(_SEED)  # noqa: S311
    found = []
    for asked, held in CELLS:
        for question in questions:
            text, article = question.question[asked], bodies[question.article]
            if not question.answerable:
                continue
            slots = slots_of(text, asked, article)
            for slot, was, now in derive(text, asked, slots, article, draw):
                changed = text.replace(was, now, 1)
                found.append(NearMiss(changed, asked, f"{asked}->{held}", slot, was, now))
    return found


def sample(found: Sequence[NearMiss], many: int) -> list[NearMiss]:
    """So many of them, in turn from each cell and slot, in an order drawn with the fixed seed."""
    draw = random.Random(_SEED)  # noqa: S311
    piles: defaultdict[tuple[str, Slot], list[NearMiss]] = defaultdict(list)
    for each in draw.sample(list(found), len(found)):
        piles[each.cell, each.slot].append(each)
    taken: list[NearMiss] = []
    while len(taken) < min(many, len(found)):
        for pile in [piles[name] for name in sorted(piles)]:
            if pile and len(taken) < many:
                taken.append(pile.pop())
    return taken


def is_refused_for_a_slot(answer: Answer) -> bool:
    """Whether an answer is refused, and says what was found instead."""
    return answer.state == "refused" and bool(answer.citations)


def main() -> int:
    """Measures and prints; 1 where the benchmark is not there."""
    try:
        folder = default_folder()
        questions = [question for question in load_questions(folder) if question.answerable]
        with TemporaryDirectory() as temporary:
            _measure(Path(temporary), folder, questions)
    except JiubaoError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _measure(homes: Path, folder: Path, questions: Sequence[XquadQuestion]) -> None:
    seeds = _archive(_FOLDER, homes / "seeds", None)
    archives = {
        language: _archive(folder / language, homes / language, seeds) for language in LANGUAGES
    }
    cases = load_cases(SEEDS)
    derived = sample(from_seeds(cases, _bodies([seeds])), _SEEDS_DRAWN)
    derived += sample(from_xquad(questions, _bodies(archives.values())), _XQUAD_DRAWN)

    def at(cell: str) -> Archive:
        held = cell.partition("->")[2]
        return seeds if held == "seeds" else archives[held]  # type: ignore[index]

    rows: defaultdict[str, list[bool]] = defaultdict(list)
    for miss in derived:
        refused = at(miss.cell).ask(miss.question).state == "refused"
        for name in ("derived, all", f"derived, {miss.cell}", f"derived, {miss.slot}"):
            rows[name].append(refused)
        if not refused:
            _say(f"answered: {miss.cell} {miss.question} ({miss.was} -> {miss.now})")
    for case in cases:
        if case.change:
            refused = seeds.ask(case.question).state == "refused"
            for name in (
                "by hand, all",
                f"by hand, {case.change.slot}",
                f"by hand, {case.language}",
            ):
                rows[name].append(refused)
    _show("near misses refused", rows)
    _show("unchanged questions refused for a slot", _unchanged(cases, questions, at))


def _unchanged(
    cases: Sequence[Case], questions: Sequence[XquadQuestion], at: Callable[[str], Archive]
) -> dict[str, list[bool]]:
    rows: defaultdict[str, list[bool]] = defaultdict(list)
    asked = [(f"{c.language}->seeds", c.question) for c in cases if c.answerable]
    asked += [(f"{one}->{two}", q.question[one]) for one, two in CELLS for q in questions]
    for cell, question in asked:
        rows[cell].append(is_refused_for_a_slot(at(cell).ask(question)))
    return dict(rows)


def _archive(corpus: Path, home: Path, beside: Archive | None) -> Archive:
    archive = Archive.open(settings=load_settings(home=home))
    archive.encoder = beside.encoder if beside else RememberingEncoder(archive.encoder)
    archive.ingest([corpus])
    return archive


def _bodies(archives: Iterable[Archive]) -> dict[str, str]:
    """What stands in each article, in all archives, by its file's name with and without suffix."""
    found: defaultdict[str, str] = defaultdict(str)
    for archive in archives:
        for head in {p.masthead.article_id: p.masthead for p in archive.passages()}.values():
            texts = archive.article(head.article_id).texts
            whole = "\n".join((*head.title.values(), *(text.body for text in texts)))
            for name in {Path(head.source).name, Path(head.source).stem}:
                found[name] += "\n" + whole
    return dict(found)


def _show(title: str, rows: Mapping[str, Sequence[bool]]) -> None:
    _say(title)
    for name in sorted(rows):
        said = rows[name]
        _say(f"  {name}: {sum(said)} of {len(said)} ({sum(said) / len(said):.1%})")


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
