"""Answer -> verdicts, by checks that need no language model. Pure.

The same for every author of an answer: each statement is held against the quotes it cites. It is
`supported` where it quotes them word for word, or where every check passes: its marks resolve, its
quoted words, figures, dates and names stand there, nothing is denied that they affirm, most of its
words are theirs, in whatever language, and its vector is as near to the quote's as those of true
translations are. Nearness alone carries nothing. What only might be right is `partial`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rag.answer.claims import Claim, mark_number, split_claims
from rag.answer.dating import Dated, find_dates, of_newspaper, stands
from rag.answer.entities import check_names
from rag.answer.figures import check_figures, check_first, find_figures, is_page
from rag.answer.held import Held, hold
from rag.answer.order import check_order, row
from rag.answer.polarity import check_negation
from rag.answer.wordmatch import content_words, covered
from rag.corpus.sentences import split_sentences
from rag.language import by_languages, detect_language, fold
from rag.numerals import find_numerals
from rag.types import Citation, Language, Quote, Support, Verdict

FILE = Path(__file__).with_name("similarity.toml")

# Cosines of pairs of texts, one for each pair.
Similarity = Callable[[Sequence[tuple[str, str]]], Sequence[float]]
Problem = tuple[Support, str]

# A statement longer than this (code points) is none anyone could check.
LONGEST = 2_000
# So many statements of an answer are encoded; no honest answer has more.
MOST_COMPARED = 100
# Share of a statement's words that its quotes must have, by whether they speak its language.
LEAST_COVERED = {True: 1.0, False: 0.5}
# A statement with less than this in common with its quotes is about something else.
LEAST_RELATED = 0.25

_QUOTED = re.compile(r"“([^“”]*(?:“[^“”]*”[^“”]*)*)”|「([^「」]*)」|\"([^\"]*)\"")
_HIDDEN = re.compile(r"[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
_ELLIPSIS = re.compile(r"…+|\.{3,}")
_PRESS = re.compile(
    r"\b(?:report\w*|publish\w*|print\w*|articles?|newspapers?|dated|issues?|daily|editorial)\b"
    r"|报道|报导|刊登|刊载|发表|文章|日报|报纸|本报|社论",
    re.IGNORECASE,
)
_RANK: Mapping[Support, int] = {"supported": 0, "partial": 1, "unsupported": 2}


@dataclass(frozen=True, slots=True)
class _Pending:
    """A statement that has passed every check but that of its likeness to a quote."""

    text: str
    language: Language
    quotes: tuple[Quote, ...]
    reason: str


def verify(
    text: str, citations: Sequence[Citation], similarity: Similarity | None = None
) -> tuple[Verdict, ...]:
    """A verdict for each statement of an answer, in order.

    Args:
        text: the answer, with its marks; of any size and form.
        citations: what the marks stand for.
        similarity: cosines of (statement, quote) pairs; without it a paraphrase is at best
            `partial`. Called once at most.
    """
    by_mark = {citation.mark: citation for citation in citations}
    quoted = [quote.text for citation in citations for quote in _quotes(citation)]
    claims = split_claims(text, quoted)
    read: dict[tuple[int, ...], Held] = {}
    results = [_judge(claim, by_mark, read) for claim in claims]
    compared = _compare([r for r in results if isinstance(r, _Pending)], similarity)
    return tuple(
        Verdict(claim.sentence, *(next(compared) if isinstance(result, _Pending) else result))
        for claim, result in zip(claims, results, strict=True)
    )


def _quotes(citation: Citation) -> tuple[Quote, ...]:
    return tuple(filter(None, (citation.quote, citation.counterpart)))


def _judge(
    claim: Claim, by_mark: Mapping[int, Citation], read: dict[tuple[int, ...], Held]
) -> Problem | _Pending:
    """The verdict of one statement, as far as it needs no vectors."""
    if not claim.marks:
        return "unsupported", "cites nothing"
    numbers = [mark_number(mark) for mark in claim.marks]
    for mark, number in zip(claim.marks, numbers, strict=True):
        if number not in by_mark:
            return "unsupported", f"the mark [{mark[:12]}] stands for nothing"
    if not claim.words:
        return "partial", "a mark alone says nothing"
    marks = tuple(dict.fromkeys(number for number in numbers if number is not None))
    cited = [by_mark[mark] for mark in marks]
    if _word_for_word(claim.words, cited):
        return "supported", "quoted word for word"
    if len(claim.words) > LONGEST:
        return "unsupported", f"longer than the {LONGEST:,} characters that can be checked"
    return _best(claim.words, marks, by_mark, read)


def _best(
    words: str, marks: tuple[int, ...], by_mark: Mapping[int, Citation],
    read: dict[tuple[int, ...], Held],
) -> Problem | _Pending:  # fmt: skip
    """One quote that carries all of it; what several carry only together is partial."""

    def judged(some: tuple[int, ...]) -> Problem | _Pending:
        if some not in read:
            read[some] = hold([by_mark[mark] for mark in some])
        return _check(_HIDDEN.sub("", words), read[some], [by_mark[mark] for mark in some])

    together = judged(marks)
    if len(marks) == 1 or (not isinstance(together, _Pending) and together[0] == "unsupported"):
        return together
    alone = (judged((mark,)) for mark in marks)
    carried = next((result for result in alone if isinstance(result, _Pending)), None)
    if carried or not isinstance(together, _Pending):
        return carried or together
    return "partial", "no one of the quotes carries all of it"


def _check(text: str, held: Held, cited: Sequence[Citation]) -> Problem | _Pending:
    language, dates = detect_language(text), _dates(text, held)
    problems = [
        *_check_quoted(text, held),
        *_check_dates(text, dates, held),
        *_check_numbers(text, dates, held),
        *check_order(row(language, text, find_figures(text, dates), dates), held.rows),
        *check_names(text, held.spelled, held.named),
        *check_negation(text, language, held.texts),
    ]
    share, thin = _coverage(text, language, held)
    problems += thin
    if problems:
        return max(problems, key=lambda problem: _RANK[problem[0]])
    quotes = tuple(quote for citation in cited for quote in _quotes(citation))
    reason = f"every check passes; {share:.0%} of its words stand in what is cited"
    return _Pending(text, language, quotes, reason)


def _word_for_word(words: str, cited: Sequence[Citation]) -> bool:
    """Whether a statement is a whole quote, or whole sentences of one; marks of quotation and
    white space aside."""
    bare = words.strip()
    inner = bare[1:-1] if bare[:1] + bare[-1:] in ("“”", "「」", '""', "『』") else bare
    wanted = _flat(inner)
    for quote in (quote for citation in cited for quote in _quotes(citation)):
        whole = _flat(quote.text)
        if wanted and wanted.rstrip("。.") == whole.rstrip("。."):
            return True
        at = whole.find(wanted) if wanted else -1
        if at < 0 or len(wanted) < 4:
            continue
        spans = split_sentences(whole, quote.language)
        if at in {span.start for span in spans} and at + len(wanted) in {s.end for s in spans}:
            return True
    return False


def _flat(text: str) -> str:
    return " ".join(text.split())


def _check_quoted(text: str, held: Held) -> Iterator[Problem]:
    """Whether what stands in quotation marks stands in a quote, in this order."""
    languages = {language for language, _ in held.texts}
    plain = [_compared(quoted) for _, quoted in held.texts]
    for groups in _QUOTED.findall(text):
        words = next(filter(None, groups), "")
        parts = [part for part in map(_compared, _ELLIPSIS.split(words)) if part]
        if not parts or any(_in_order(parts, whole) for whole in plain):
            continue
        shown = words if len(words) <= 60 else words[:60] + "…"
        if detect_language(words) in languages:
            yield "unsupported", f"“{shown}” does not stand in what is cited"
        else:
            yield "partial", f"“{shown}” is a translation, not the words of what is cited"


def _in_order(parts: Sequence[str], whole: str) -> bool:
    """Whether the parts stand in a text one after another, no English word cut."""
    at = 0
    for part in parts:
        found = re.compile(rf"(?<![a-z0-9]){re.escape(part)}(?![a-z0-9])").search(whole, at)
        if not found:
            return False
        at = found.end()
    return True


def _compared(text: str) -> str:
    """`text` without what may differ in a quotation: case, width, spaces, marks at its ends."""
    folded = fold(text).translate({ord(c): None for c in "“”‘’\"'「」『』"})
    return " ".join(folded.split()).strip(" ,.;:!?，。；：！？、")


def _check_dates(text: str, dates: Sequence[Dated], held: Held) -> Iterator[Problem]:
    for wanted in dates:
        if stands(wanted, held.dates):
            continue
        if wanted.weekday is not None:
            yield from _check_weekday(text, wanted, held)
            continue
        if wanted.text.isdigit() and any(f.text == wanted.text for f in held.figures):
            continue
        if not any(of_newspaper(wanted, published) for published in held.published):
            yield "unsupported", f"{wanted.text} does not stand in what is cited"
        elif _PRESS.search(text):
            continue
        elif wanted.day or _other_time(wanted, held):
            yield "partial", f"{wanted.text} is the newspaper's date, perhaps not the event's"


def _other_time(wanted: Dated, held: Held) -> bool:
    """Whether the quotes tell years of their own, or a month of their own where one is told."""
    return any(
        (dated.told and not dated.years & wanted.years)
        or (wanted.month and dated.month not in (None, wanted.month))
        for dated in held.dates
    )


def _dates(text: str, held: Held) -> list[Dated]:
    """The dates of a statement; “the third quarter” is one where the quotes tell of quarters."""
    quarters = any(dated.part[:1] == "q" for dated in held.dates)
    return [d for d in find_dates(text, held.published[0]) if quarters or not d.bare]


def _check_weekday(text: str, wanted: Dated, held: Held) -> Iterator[Problem]:
    """A day of the week that no day of the quotes is: surely another where they tell one, for a
    date may be that of something else."""
    if any(dated.weekday is not None for dated in held.dates):
        yield "unsupported", f"{wanted.text} does not stand in what is cited"
    elif not _PRESS.search(text) or not any(of_newspaper(wanted, day) for day in held.published):
        yield "partial", f"whether it was on {wanted.text} is not certain"


def _check_numbers(text: str, dates: Sequence[Dated], held: Held) -> Iterator[Problem]:
    pages = [n for n in find_numerals(text) if is_page(text, n.start) and n.value in held.pages]
    known = [Dated(n.start, n.end, n.text, frozenset(), told=False) for n in pages]
    yield from check_figures(find_figures(text, [*dates, *known]), held.figures, held.lexis)
    others = [told.key for each in held.rows for told in each.told if told.kind == "place"]
    yield from check_first(text, dates, others, [quoted for _, quoted in held.texts])


def _coverage(text: str, language: Language, held: Held) -> tuple[float, list[Problem]]:
    """The share of a statement's words that its quotes hold, and what is wrong with it."""
    wanted = content_words(text)
    if not wanted:
        empty = not find_numerals(text)
        return 1.0, [("partial", "says nothing that could be checked")] if empty else []
    found = covered(wanted, held.named)
    share = sum(found) / len(found)
    missing = [word for word, there in zip(wanted, found, strict=True) if not there]
    same = any(spoken == language for spoken, _ in held.texts)
    if share < LEAST_RELATED and same:
        return share, [("unsupported", f"only {share:.0%} of its words stand in what is cited")]
    if share < LEAST_COVERED[same]:
        named = ", ".join(missing[:3])
        return share, [("partial", f"not a quotation; not found in what is cited: {named}")]
    return share, []


def _compare(pending: Sequence[_Pending], similarity: Similarity | None) -> Iterator[Problem]:
    """The verdicts of statements that only their likeness to a quote can still refuse."""
    asked = pending[:MOST_COMPARED] if similarity else []
    pairs = [(item.text, quote.text) for item in asked for quote in item.quotes]
    cosines = iter(similarity(pairs) if similarity and pairs else ())
    least = load_least_similarity()
    for item in asked:
        near = [
            (float(next(cosines)), least[item.language, quote.language]) for quote in item.quotes
        ]
        if any(cosine >= bound for cosine, bound in near):
            yield "supported", item.reason
        else:
            yield "partial", "every check passes, but it is not near enough to the quote"
    for _ in pending[len(asked) :]:
        yield "partial", "every check passes, but its likeness to the quote was not measured"


@cache
def load_least_similarity() -> dict[tuple[Language, Language], float]:
    """The least cosine of a true translation or of a sentence's own parts, by the languages of
    statement and quote."""
    data = tomllib.loads(FILE.read_text("utf-8"))
    return {
        (said, held): data["least"][by_languages(said, held)]
        for said in ("zh", "en")
        for held in ("zh", "en")
    }
