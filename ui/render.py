"""The gate to the page: every value that becomes HTML passes `escape`. Pure.

Nothing passes through Markdown: an article that contains `![](http://…)` shows exactly that. The
parts of the page are rendered by `render_frame`, `render_turn`, `render_card`, `render_reader` and
`render_plot`, all from what is here.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from urllib.parse import urlencode

from rag.types import Language, Masthead, Span
from ui.safe import escape_json, harmless
from ui.texts import page_of

# Gradio's HTML component is a template: `${…}` and `{{…}}` must not survive as such.
_TEMPLATE_SIGNS = {ord(sign): f"&#{ord(sign)};" for sign in "${}`\\"}
LANGUAGE_TAGS: Mapping[Language, str] = {"zh": "zh-Hans", "en": "en"}


def escape(text: str) -> str:
    """Text that stays text inside an element or a quoted attribute, and in Gradio's templates."""
    return html.escape(harmless(text), quote=True).translate(_TEMPLATE_SIGNS)


def notice(message: str) -> str:
    """A message to the reader that is no answer."""
    return f'<p class="jb-banner" role="status">{escape(message)}</p>'


def sends(channel: str, **value: object) -> str:
    """Attributes of an element that tells the server something when it is used.

    Args:
        channel: the hidden field of the page that it goes to; a name of ours.
        value: what is told, with the fields of a form where it is one.
    """
    told = escape(escape_json(json.dumps(value, ensure_ascii=False)))
    return f'data-send="{channel}" data-value="{told}"'


def button(label: str, attributes: str, kind: str = "jb-plain", name: str = "") -> str:
    """A button; `name` is what it is called where its label does not say enough."""
    named = f' aria-label="{escape(name)}" title="{escape(name)}"' if name else ""
    return f'<button type="button" class="{kind}"{named} {attributes}>{escape(label)}</button>'


def headlines(masthead: Masthead, tag: str = "p") -> str:
    """An article's headline in Chinese and under it in English."""
    return "".join(
        f'<{tag} class="jb-headline" lang="{LANGUAGE_TAGS[each]}">'
        f"{escape(masthead.title[each])}</{tag}>"
        for each in ("zh", "en")
        if masthead.title.get(each)
    )


def dateline(masthead: Masthead, newspaper: str) -> str:
    """Newspaper, day and page, as a Chinese newspaper prints them."""
    parts = (newspaper, masthead.published.isoformat(), page_of(masthead.page, "zh"))
    return escape(" · ".join(part for part in parts if part))


def article_link(
    article_id: str, language: Language | None = None, span: Span | None = None
) -> str:
    """The query that opens an article at a place; offsets count in its original text, or in
    the text in `language`."""
    place = {"from": span.start, "to": span.end} if span else {}
    side = {"in": language} if language and span else {}
    return "?" + urlencode({"article": article_id, **place, **side})
