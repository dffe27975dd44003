"""The near miss: what a question names against what stands where its answer was found. Pure.

A question of 1957 is not answered by a sentence of 1959, nor one about Wuhan by one about
Chongqing. Its slots are its times, its numbers, its names (places, people, factories and offices)
and its words for relatives. A slot stands where the passage, its headlines or its masthead's date
say it, in either language and under any other form of the name; a place also where the rest of the
article does. And what the question asks for in so many words, a sum or an age, the sentence itself
has to hold.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from rag.answer.coordination import ASKS_ZH
from rag.answer.dating import Dated, find_dates, of_newspaper, stands
from rag.answer.demand import Demand, demanded, holds_demanded
from rag.answer.evidence import Evidence
from rag.answer.figures import Figure, find_figures
from rag.answer.ground import Ground, Tongue, ground, heads_of, numbered, whole_of
from rag.answer.kin import untold_relations
from rag.answer.naming import HOME, Named, listed_abroad, names_of
from rag.answer.standing import name_stands
from rag.corpus.aligner import counterpart
from rag.romanise import simplified
from rag.types import Article, Language, Question

SlotKind = Literal["time", "number", "name", "relation"]

# Sentences tried where the chosen ones do not stand, and how much less likely they may be
# (log-odds: half as likely); sentences in which two things compared may stand.
TRIED, NEARLY, COMPARED = 8, 0.7, 20
# Kings and popes are numbered, in whatever numerals.
_REIGN = re.compile("[一二三四五六七八九十]+世(?!纪)")
_ROUND = {10: "十", 100: "百", 1000: "千"}
# Characters that are numbers on cheques alone.
_NO_COUNT = frozenset("陆伍捌柒玖肆")
# Two things compared may stand in two articles.
_COMPARED = re.compile(
    r"\b(?:both|each|whose|larger|greater|bigger|smaller|higher|lower|more|fewer|less|than|compared?"
    r"|respectively)\b|\band (?:where|what|how|who|when|why)\b"
    r"|各自|分别|相比|[^，。？]和[^，。？]+(?:都|各|谁|哪)|哪[个家边方].{0,20}[更多大高]|谁.{0,20}[更多大高少]"
    rf"|(?:{ASKS_ZH})[^。？?，；]*[，；][^。？?]*(?:{ASKS_ZH})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Site:
    """Where an answer was found: its passage with what stands beside it, and the whole article."""

    near: Ground
    whole: Ground


@dataclass(frozen=True, slots=True)
class Missing:
    """A slot of a question that does not stand: its words, and what stands there instead (the
    year, the number of the same measure), "" where that is not plain. What the question
    asks for and no sentence holds has no words."""

    kind: SlotKind | Demand
    said: str
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Guarded:
    """What is left of the sentences that answer. Where none is, `nearest` is the best of them, and
    `missing` what of the question does not stand there."""

    chosen: tuple[Evidence, ...]
    nearest: Evidence | None = None
    missing: tuple[Missing, ...] = ()


def guard(
    question: Question,
    chosen: Sequence[Evidence],
    evidence: Sequence[Evidence],
    article: Callable[[str], Article],
) -> Guarded:
    """The chosen sentences of those articles in which every slot of the question stands.

    Args:
        chosen: sentences that answer, best first; where none of them stands, or holds what is
            demanded, sentences nearly as likely are tried in their place.
        evidence: every sentence weighed, best first.
        article: gives an article by its id.
    """
    if not chosen:
        return _nearly(question, evidence[:1], article)
    compared = compares(question.text)
    together = compared and not _missing_slots(question, chosen, article)
    lost = _missing_demand(question, chosen)
    if together and not lost:
        return Guarded(tuple(chosen))
    tried = [*chosen, *(item for item in _nearly_as_likely(evidence) if item not in chosen)]
    missing = [_missing(question, [item], article) for item in tried]
    standing = [item for item, lacks in zip(tried, missing, strict=True) if not lacks]
    articles = {item.hit.passage.masthead.article_id for item in standing}
    kept = [item for item in chosen if item.hit.passage.masthead.article_id in articles]
    if kept and not _missing_demand(question, kept):
        return Guarded(tuple(kept))
    if standing:
        return Guarded(tuple(standing[:1]))
    if together or (compared and not _missing(question, evidence[:COMPARED], article)):
        return Guarded((), chosen[0], lost) if lost else Guarded(tuple(chosen))
    fewest = min(range(len(tried)), key=lambda at: len(missing[at]))
    return Guarded((), tried[fewest], missing[fewest])


def _nearly_as_likely(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The sentences that answer and are nearly as likely as the best, that among them."""
    least = evidence[0].score - NEARLY
    return [item for item in evidence[:TRIED] if item.score >= least and item.margin >= 0]


def _nearly(
    question: Question, best: Sequence[Evidence], article: Callable[[str], Article]
) -> Guarded:
    """Nothing, with the best sentence beside it where that nearly answers and lacks a slot."""
    near = [item for item in best if item.margin > -NEARLY]
    lost = _missing(question, near, article) if near else ()
    return Guarded((), near[0], lost) if lost else Guarded(())


def _missing(
    question: Question, items: Sequence[Evidence], article: Callable[[str], Article]
) -> tuple[Missing, ...]:
    return (*_missing_slots(question, items, article), *_missing_demand(question, items))


def _missing_slots(
    question: Question, items: Sequence[Evidence], article: Callable[[str], Article]
) -> tuple[Missing, ...]:
    read = [site(item, article(item.hit.passage.masthead.article_id)) for item in items]
    return missing_slots(question.text, question.language, list(dict.fromkeys(read)))


def _missing_demand(question: Question, items: Sequence[Evidence]) -> tuple[Missing, ...]:
    demand = demanded(question.text)
    if demand and not any(holds_demanded(demand, item.text, question.text) for item in items):
        return (Missing(demand, ""),)
    return ()


def site(item: Evidence, article: Article) -> Site:
    """What stands around a sentence: its passage in both languages, headlines, and the article."""
    passage = item.hit.passage
    near: list[Tongue] = [(passage.language, passage.text)]
    across = counterpart(article.pairs, passage.language, passage.span)
    other = next((text for text in article.texts if text.language != passage.language), None)
    if across and other:
        near.append((other.language, other.body[across.start : across.end]))
    day = article.masthead.published
    return Site(ground((*near, *heads_of(article)), day), whole_of(article))


def missing_slots(question: str, language: Language, sites: Sequence[Site]) -> tuple[Missing, ...]:
    """The slots of a question that stand at none of the sites.

    Args:
        sites: read together, as one; () leaves every slot missing.
    """
    found = [*_missing_times(question, sites), *_missing_numbers(question, sites)]
    told = "\n".join(f"{each.near.lexis.zh_text} {' '.join(each.near.lexis.en)}" for each in sites)
    found += [Missing("relation", said) for said in untold_relations(simplified(question), told)]
    found += [
        Missing("name", name.text)
        for name in names_of(question, language)
        if not any(_name_stands(name, site) for site in sites)
    ]
    return tuple(dict.fromkeys(found))


def compares(question: str) -> bool:
    """Whether a question may set two things side by side that stand in two articles."""
    return bool(_COMPARED.search(question))


def _name_stands(name: Named, site: Site) -> bool:
    grounds = (site.near,) if name.near else (site.near, site.whole)
    if any(name_stands(name, each) for each in grounds):
        return True
    # Of what happens at home the newspaper does not say that it is in China.
    return HOME.issuperset(name.parts) and not _abroad(site.near)


def _abroad(held: Ground) -> bool:
    """Whether a text speaks of another country."""
    listed = listed_abroad()
    return not listed.isdisjoint(held.spelled.keys) or any(
        name in held.lexis.zh_text for name in listed if not name.isascii()
    )


def _missing_times(question: str, sites: Sequence[Site]) -> Iterator[Missing]:
    for wanted in find_dates(question, sites[0].near.published if sites else date.max):
        if not wanted.told or any(_time_stands(wanted, site) for site in sites):
            continue
        yield Missing("time", wanted.text, _year_instead(sites))


def _time_stands(wanted: Dated, site: Site) -> bool:
    held = site.near
    if wanted.part in ("early", "mid", "late"):
        wanted = replace(wanted, part="")  # 10月底: 10月28日
    if stands(wanted, held.dates) or of_newspaper(wanted, held.published):
        return True
    year = next(iter(wanted.years), None)
    if wanted.month is None and not wanted.part:
        if any(year in other.years for other in held.dates if other.told):
            return True
        return any(f.value == year and f.measure in ("", "year") for f in held.figures)
    return False


def _year_instead(sites: Sequence[Site]) -> str:
    years = {year for site in sites for d in site.near.dates if d.told for year in d.years}
    years |= {site.near.published.year for site in sites} if not years else set()
    return str(next(iter(years))) if len(years) == 1 else ""


def _missing_numbers(question: str, sites: Sequence[Site]) -> Iterator[Missing]:
    day = sites[0].near.published if sites else date.max
    held = [figure for site in sites for figure in site.near.figures]
    places = {place for site in sites for place in (*site.near.places, *site.whole.places)}
    for said, place in numbered(question):
        if place not in places:
            yield Missing("number", said)
    years = {y for site in sites for d in site.near.dates for y in d.years}
    years |= {int(f.value) for f in held if 1 < f.value < 2100}
    dates = [dated for dated in find_dates(question, day) if not dated.bare]
    for wanted in find_figures(_REIGN.sub("", question), dates):
        if any(_counted_off(wanted, site) for site in sites):
            continue
        if _is_century(wanted, question) and any(y // 100 + 1 == wanted.value for y in years):
            continue
        if not _must_stand(wanted) or any(_same(wanted, other) for other in held):
            continue
        others = {
            other.text
            for other in held
            if other.measure == wanted.measure != "" and other.ordinal == wanted.ordinal
        }
        yield Missing("number", wanted.text, others.pop() if len(others) == 1 else "")


def _counted_off(figure: Figure, site: Site) -> bool:
    """Whether a list of so many the best stands there: 百强, the top hundred."""
    sign = _ROUND.get(int(figure.value))
    return bool(sign) and bool(re.search(f"{sign}[强佳大优]", site.near.lexis.zh_text))


def _is_century(figure: Figure, question: str) -> bool:
    return bool(re.search(rf"{re.escape(figure.text)}\s?(?:世纪|centur)", question))


def _must_stand(figure: Figure) -> bool:
    """Whether a number would be written: one is not, and of two or three the names may be given."""
    if figure.value == 1:
        return False
    if figure.text in _NO_COUNT:
        return False
    return figure.value not in (2, 3) or figure.ordinal or figure.measure not in ("", "person")


def _same(wanted: Figure, held: Figure) -> bool:
    if wanted.value != held.value:
        return False
    return not (wanted.measure and held.measure) or wanted.measure == held.measure
