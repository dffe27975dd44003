"""An article as HTML: masthead, two columns, the quoted sentence marked on both sides. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from rag.types import Article, Language, Masthead, Span, Text
from ui.page_words import PAGE
from ui.reader import Opening, Paragraph, Row, rows_of
from ui.render import LANGUAGE_TAGS, article_link, button, dateline, escape, headlines, notice
from ui.texts import ROLES, WORDS

_ORDER: tuple[Language, ...] = ("zh", "en")


def reader(opening: Opening | None, newspaper: str, language: Language) -> str:
    """The article column: the article that was opened, or that none is.

    Args:
        language: of the page.
    """
    words = PAGE[language]
    back = button(f"← {words.back}", 'id="jb-back" data-back')
    back = f'<p class="jb-back">{back}</p>'
    if opening is None:
        return f'<p class="jb-quiet jb-unopened">{escape(words.no_article)}</p>'
    if opening.article is None:
        return f"{back}{notice(words.gone)}{_issue(opening, newspaper, language)}"
    told = {"moved": words.moved, "elsewhere": words.elsewhere}.get(opening.found, "")
    article = opening.article
    return (
        f'{back}{notice(told) if told else ""}<article class="jb-article">'
        f"{_masthead(article, newspaper, language)}"
        f"{_columns(article, opening, language)}"
        f'<p class="jb-source">{escape(WORDS[language].source)}: '
        f"{escape(article.masthead.source)}</p></article>{_beside(opening, language)}"
    )


def _masthead(article: Article, newspaper: str, language: Language) -> str:
    head = article.masthead
    authors = " · ".join(head.authors)
    by = f'<p class="jb-authors">{escape(authors)}</p>' if authors else ""
    section = f" · {escape(head.section)}" if head.section else ""
    return (
        f'<header class="jb-masthead"><p class="jb-dateline">{dateline(head, newspaper)}{section}'
        f"</p>{headlines(head, 'h2')}{by}</header>"
    )


def _columns(article: Article, opening: Opening, language: Language) -> str:
    words = PAGE[language]
    texts = [text for each in _ORDER if (text := article.text(each))]
    single = " jb-single" if len(texts) == 1 else ""
    heads = "".join(
        f'<div class="jb-side" lang="{LANGUAGE_TAGS[text.language]}">'
        f'<p class="jb-role">{escape(ROLES[text.role])}</p>{_opening_lines(text)}</div>'
        for text in texts
    )
    rows = "".join(_row(row, texts, opening) for row in rows_of(article))
    ends = "".join(_credits(text) for text in texts)
    ends = f'<div class="jb-row jb-credits">{ends}</div>' if any(t.credits for t in texts) else ""
    return (
        f'<div class="jb-columns{single}" role="group" aria-label="{escape(words.columns)}">'
        f'<div class="jb-row jb-heads">{heads}</div>{rows}{ends}</div>'
    )


def _opening_lines(text: Text) -> str:
    lines = [line for line in (text.subtitle, text.dateline) if line]
    return "".join(f'<p class="jb-subtitle">{escape(line)}</p>' for line in lines)


def _credits(text: Text) -> str:
    lines = "".join(f"<p>{escape(line)}</p>" for line in text.credits)
    return f'<div class="jb-side" lang="{LANGUAGE_TAGS[text.language]}">{lines}</div>'


def _row(row: Row, texts: list[Text], opening: Opening) -> str:
    sides = "".join(
        f'<div class="jb-side" lang="{LANGUAGE_TAGS[text.language]}">'
        + "".join(_paragraph(each, text, opening) for each in row.sides.get(text.language, ()))
        + "</div>"
        for text in texts
    )
    return f'<div class="jb-row">{sides}</div>'


def _paragraph(paragraph: Paragraph, text: Text, opening: Opening) -> str:
    headings = "".join(f"<h3>{escape(each)}</h3>" for each in paragraph.headings)
    quoted = (opening.quoted or {}).get(text.language)
    pieces: list[str] = []
    at = paragraph.span.start
    for sentence in paragraph.sentences:
        start, end = max(sentence.span.start, at), min(sentence.span.end, paragraph.span.end)
        if start >= end:
            continue
        pieces.append(_marked(text, Span(at, start), quoted))
        pair = f' data-pair="{sentence.pair}"' if sentence.pair >= 0 else ""
        inner = _marked(text, Span(start, end), quoted)
        pieces.append(f'<span class="jb-s"{pair} tabindex="-1">{inner}</span>')
        at = end
    pieces.append(_marked(text, Span(at, paragraph.span.end), quoted))
    return f"{headings}<p>{''.join(pieces)}</p>"


def _marked(text: Text, span: Span, quoted: Span | None) -> str:
    """The characters of `span`, those of the quotation marked."""
    return "".join(
        f"<mark>{escape(text.body[a:b])}</mark>" if inside else escape(text.body[a:b])
        for a, b, inside in _cut(span, quoted)
    )


def _cut(span: Span, quoted: Span | None) -> Iterator[tuple[int, int, bool]]:
    start = min(max(quoted.start, span.start), span.end) if quoted else span.end
    end = min(max(quoted.end, start), span.end) if quoted else span.end
    for a, b, inside in ((span.start, start, False), (start, end, True), (end, span.end, False)):
        if a < b:
            yield a, b, inside


def _beside(opening: Opening, language: Language) -> str:
    """Links to the previous and next article of the day's paper."""
    words = PAGE[language]
    before, after = opening.beside()
    links = "".join(
        _neighbour(head, label, language)
        for head, label in ((before, words.previous), (after, words.following))
        if head
    )
    return f'<nav class="jb-beside-nav" aria-label="{escape(words.following)}">{links}</nav>'


def _neighbour(head: Masthead, label: str, language: Language) -> str:
    title = head.title.get(language) or next(iter(head.title.values()), "")
    return (
        f'<a href="{escape(article_link(head.article_id))}" data-open>'
        f"<small>{escape(label)}</small>{escape(title)}</a>"
    )


def _issue(opening: Opening, newspaper: str, language: Language) -> str:
    """What else the paper of that day holds, where an article is gone."""
    if not opening.issue:
        return ""
    entries = "".join(
        f'<li><a href="{escape(article_link(head.article_id))}" data-open>'
        f"{dateline(head, newspaper)} {escape(next(iter(head.title.values()), ''))}</a></li>"
        for head in opening.issue
    )
    return f"<p>{escape(PAGE[language].gone_page)}</p><ul class='jb-list'>{entries}</ul>"
