"""Bars by year as inline SVG: each bar is a control with a name. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rag.types import Language, Masthead
from ui.exchange import Timeline
from ui.page_words import PAGE
from ui.render import article_link, button, dateline, escape, sends

HEIGHT, FOOT = 72, 18  # pixels; the foot holds the years
_GAP = 0.25  # of a year's width, between two bars
_WIDEST = 72  # pixels of a year
_LABELS = 10  # years that are written out at most


def year_bars(
    counts: Mapping[int, int],
    language: Language,
    attributes: Mapping[int, str],
    name: str,
    span: Iterable[int] = (),
) -> str:
    """A plot of counts by year; years without any stay empty, so that gaps can be seen.

    Args:
        attributes: what a bar tells the server, by year.
        name: what the whole plot is called.
        span: years that it covers at least.
    """
    if not counts:
        return ""
    covered = [*counts, *span]
    first, last = min(covered), max(covered)
    years = range(first, last + 1)
    step = 100 / len(years)
    most = max(counts.values())
    words = PAGE[language]
    bars = "".join(
        _bar((year - first) * step, step, counts[year] / most, attributes.get(year, ""),
             words.year_of.format(year, articles_in(counts[year], language)))
        for year in years if counts.get(year)
    )  # fmt: skip
    labels = "".join(
        f'<text x="{(year - first + 0.5) * step:.2f}%" y="{HEIGHT + FOOT - 3}">{year}</text>'
        for year in _written(years)
    )
    # Widths in parts of a hundred, so that letters keep their size on a narrow page.
    return (
        f'<svg class="jb-plot" height="{HEIGHT + FOOT}" role="group" '
        f'style="max-width: {_WIDEST * len(years)}px" aria-label="{escape(name)}">'
        f'<line x1="0" x2="100%" y1="{HEIGHT}" y2="{HEIGHT}"></line>{bars}'
        f'<g aria-hidden="true">{labels}</g></svg>'
    )


def timeline(
    found: Timeline, turn: int, newspaper: str, language: Language, span: Iterable[int] = ()
) -> str:
    """The plot of an answer's articles, the earliest by name, and a year's articles to open.

    Args:
        span: the years of the archive, which the plot covers whatever was found.
    """
    earliest = found.first
    if earliest is None:
        return ""
    words = PAGE[language]
    counts = {year: len(heads) for year, heads in found.years.items()}
    shows = {year: f'data-show="y{turn}-{year}" aria-expanded="false"' for year in counts}
    lists = "".join(
        f'<div class="jb-year" id="y{turn}-{year}" hidden>'
        f"<p><b>{year}</b> {button(words.only_year.format(year), _only(turn, year))}</p>"
        f"<ul>{''.join(f'<li>{_opener(head, newspaper)}</li>' for head in heads)}</ul></div>"
        for year, heads in found.years.items()
    )
    total = articles_in(sum(counts.values()), language)
    return (
        f'<section class="jb-timeline" aria-label="{escape(words.timeline)}">'
        f"<h3>{escape(words.timeline)} <small>{escape(total)}</small></h3>"
        f"{year_bars(counts, language, shows, words.timeline, span)}"
        f'<p class="jb-first">{escape(words.first)}{_opener(earliest, newspaper)}</p>'
        f"{lists}</section>"
    )


def articles_in(count: int, language: Language) -> str:
    """How many articles, in words."""
    words = PAGE[language]
    return (words.one_article if count == 1 else words.articles).format(f"{count:,}")


def _only(turn: int, year: int) -> str:
    return sends("ask", turn=turn, since=str(year), until=str(year))


def _opener(head: Masthead, newspaper: str) -> str:
    """A link that opens an article: its dateline and headline."""
    title = head.title.get("zh") or head.title.get("en", "")
    return (
        f'<a href="{escape(article_link(head.article_id))}" data-open>'
        f"{dateline(head, newspaper)}　{escape(title)}</a>"
    )


def _bar(left: float, step: float, share: float, attributes: str, name: str) -> str:
    """One bar, and behind it its whole column, so that a small one can be hit."""
    tall = max(share * (HEIGHT - 6), 3)
    gap = step * _GAP / 2
    return (
        f'<g class="jb-bar" role="button" tabindex="0" aria-label="{escape(name)}" {attributes}>'
        f"<title>{escape(name)}</title>"
        f'<rect class="jb-column" x="{left:.2f}%" y="0" width="{step:.2f}%" '
        f'height="{HEIGHT}"></rect>'
        f'<rect x="{left + gap:.2f}%" y="{HEIGHT - tall:.1f}" width="{step - 2 * gap:.2f}%" '
        f'height="{tall:.1f}"></rect></g>'
    )


def _written(years: Sequence[int]) -> list[int]:
    """The years that are written under the plot: all, or every fifth, tenth …"""
    for every in (1, 2, 5, 10, 20, 50):
        chosen = [year for year in years if year % every == 0]
        if len(chosen) <= _LABELS:
            return chosen or [years[0]]
    return [years[0], years[-1]]
