"""What stands around a conversation: the top, the list of conversations, the first sight. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote

from rag.types import Filter, Language, Status
from ui.notebook import Summary
from ui.page_words import PAGE
from ui.periods import written
from ui.render import LANGUAGE_TAGS, button, escape, sends
from ui.render_plot import year_bars
from ui.texts import page_of, portrait

_FORMATS = (("markdown", "Markdown"), ("json", "JSON"), ("bibtex", "BibTeX"),
            ("gbt7714", "GB/T 7714"), ("chicago", "Chicago"))  # fmt: skip


def masthead(status: Status, language: Language) -> str:
    """The top of the page: the name, the archive in one line, language and light; the tabs of
    a narrow page."""
    words = PAGE[language]
    other: Language = "en" if language == "zh" else "zh"
    tabs = "".join(
        button(label, f'data-view="{view}"', "jb-tab")
        for view, label in (("chat", words.chat), ("cards", words.evidence),
                            ("article", words.article))
    )  # fmt: skip
    drawer = 'data-drawer aria-expanded="false"'
    return (
        f'<header class="jb-top" data-language="{language}">'
        f"{button('☰', drawer, 'jb-drawer', words.conversations)}"
        f'<h1>旧报 <span lang="en">jiubao</span></h1>'
        f"<p>{escape(portrait(status, language))}</p>"
        f'<div class="jb-switches"><button type="button" class="jb-plain" '
        f'lang="{LANGUAGE_TAGS[other]}" {sends("language", language=other)}>'
        f"{escape(words.other_language)}</button>"
        f"{button('◐', 'data-theme', 'jb-plain', words.theme)}</div>"
        f'<nav class="jb-tabs" aria-label="{escape(words.parts)}">{tabs}</nav></header>'
    )


def first_sight(
    status: Status, samples: Mapping[Language, Sequence[str]], language: Language
) -> str:
    """The page before the first question: what the archive holds and what it can answer."""
    words = PAGE[language]
    columns = "".join(
        f'<ul lang="{LANGUAGE_TAGS[each]}">'
        + "".join(f"<li>{button(q, sends('ask', question=q), 'jb-sample')}</li>" for q in questions)
        + "</ul>"
        for each, questions in samples.items()
        if questions
    )
    begin = f"<h3>{escape(words.begin)}</h3><div class='jb-samples'>{columns}</div>"
    return (
        f'<section class="jb-first-sight" data-talk=""><p class="jb-portrait">'
        f"{escape(portrait(status, language))}</p>"
        f'<p class="jb-greeting">{escape(words.greeting)}</p>'
        f"{years_plot(status.years, language)}{begin if columns else ''}"
        f'<p class="jb-quiet jb-keys">{escape(words.keys)}</p></section>'
    )


def years_plot(years: Mapping[int, int], language: Language) -> str:
    """The histogram of the archive; a bar narrows what is searched to its year."""
    tell = {year: sends("years", year=year) for year in years}
    return year_bars(years, language, tell, PAGE[language].years)


def conversations(
    summaries: Iterable[Summary], current: str, language: Language, searched: bool
) -> str:
    """The conversations of this reader, the latest first."""
    words = PAGE[language]
    items = "".join(_conversation(each, each.id == current, language) for each in summaries)
    none = words.none_match if searched else words.none_kept
    new = button(f"＋ {words.new}", sends("talk", id=""), "jb-new")
    listed = f'<ul class="jb-talks">{items}</ul>' if items else ""
    nothing = "" if items else f'<p class="jb-quiet">{escape(none)}</p>'
    return f"<div>{new}{listed}{nothing}</div>"


def filter_chips(wanted: Filter, model: str, read: str, language: Language) -> str:
    """What the next question is filtered by and who answers it; `read` is the period that the
    last question named itself."""
    words = PAGE[language]
    parts = (
        ("period", written(wanted.period)),
        ("page", page_of(wanted.page, language)),
        ("language", words.languages[wanted.language] if wanted.language else ""),
        ("author", wanted.author or ""),
    )
    chosen = "".join(
        f'<span class="jb-chip jb-set"><span>{escape(label)}</span>'
        f"{button('×', sends('years', drop=part), 'jb-drop', words.drop.format(label))}</span>"
        for part, label in parts
        if label
    )
    heard = (
        f'<span class="jb-chip jb-heard">{escape(words.from_question.format(read))}</span>'
        if read and not wanted.period
        else ""
    )
    shown = f"{words.model}: {words.quote_only if model == 'quote' else model}"
    panel, models = (
        f'data-panel="{each}" aria-expanded="false"' for each in ("jb-panel", "jb-models")
    )
    return (
        '<div class="jb-chips">'
        f"{button(words.filters, panel, 'jb-chip jb-more')}"
        f"{chosen}{heard}"
        f"{button(shown, models, 'jb-chip jb-more')}"
        "</div>"
    )


def filter_plot(years: Mapping[int, int], language: Language) -> str:
    """The years to choose from, in the filters."""
    return (
        f"{years_plot(years, language)}<p class='jb-quiet'>{escape(PAGE[language].years_hint)}</p>"
    )


def _conversation(talk: Summary, current: bool, language: Language) -> str:
    words = PAGE[language]
    here = ' aria-current="true"' if current else ""
    answers = (words.one_answer if talk.turns == 1 else words.answers).format(talk.turns)
    exports = "".join(
        f'<a href="{escape(f"export/{quote(talk.id)}/{form}")}" download>{label}</a>'
        for form, label in _FORMATS
    )
    return (
        f"<li{' class=jb-current' if current else ''}>"
        f'<button type="button" class="jb-talk"{here} {sends("talk", id=talk.id)}>'
        f"{escape(talk.name)}<small>{talk.updated:%Y-%m-%d} · {escape(answers)}</small></button>"
        f'<details class="jb-menu" name="jb-menu">'
        f'<summary aria-label="{escape(words.more.format(talk.name))}">⋯</summary>'
        f'<div class="jb-choices"><form {sends("keep", do="rename", id=talk.id)}>'
        f'<label>{escape(words.name)}<input name="name" maxlength="120" '
        f'value="{escape(talk.name)}"></label>'
        f'<button class="jb-plain">{escape(words.rename)}</button></form>'
        f'<p class="jb-exports">{escape(words.export)} {exports}</p>'
        f'<details class="jb-delete"><summary>{escape(words.delete)}</summary>'
        f"{button(words.really_delete, sends('keep', do='delete', id=talk.id), 'jb-primary')}"
        f"</details></div></details></li>"
    )
