"""Rendering is pure: values in, text out, every value escaped."""

import html
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ui_values import ATTACK, CITATION, HIT, MASTHEAD, PERIOD, QUOTE, answer

from rag.types import Filter, Status, Verdict
from ui import render, render_card, render_frame, render_plot, render_turn
from ui.exchange import Context, Exchange, Timeline
from ui.notebook import Summary

NEWSPAPER = "人民日报"
YEARS = {1953: 1, 1957: 1, 1959: 2}
STATUS = Status(
    "home", 5, 57, 5, 0, {"zh": 5, "en": 5}, (date(1953, 10, 31), date(1959, 11, 24)), YEARS,
    "model", "ready",
)  # fmt: skip


class Shape(HTMLParser):
    """The elements and attributes of some HTML, and whether every element is closed."""

    def __init__(self, written: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(written)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in {"br", "hr", "input"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def show(given, language="en", **changes) -> str:
    exchanges = (Exchange(given.question.text, "en", given, **changes),)
    page = render_turn.conversation("talk-1", exchanges, NEWSPAPER, language, YEARS)
    page += render_card.evidence(exchanges, NEWSPAPER, language)
    assert Shape(page).open == []
    return page


def test_a_mark_leads_to_its_card_and_back():
    page = show(answer())
    assert '<a class="jb-mark" id="m1-1" href="#c1-1">[1]</a>' in page
    assert 'id="c1-1"' in page
    assert 'href="#m1-1"' in page


def test_a_mark_that_stands_for_nothing_stays_text():
    page = render_turn.answer_text("It is so.[7]", (CITATION,), (), 1)
    assert page == "It is so.[7]"


def test_a_repeated_mark_has_one_anchor():
    page = render_turn.answer_text("One.[1] Two.[1]", (CITATION,), (), 3)
    assert page.count('id="m3-1"') == 1
    assert page.count('href="#c3-1"') == 2


def test_the_card_shows_both_languages_and_says_which_is_the_original():
    page = render_card.card(CITATION, NEWSPAPER, 1, "en", Context("Before. ", " After."))
    for part in (
        "人民日报 · 1959-11-24 · 第2版",
        "上下齐动手",
        "Top and Bottom",
        "舒堤 · Shu Ti",
        "译文 Translation",
        "<mark>More than 200,000 were made.</mark>",
        "原文 Original",
        "<mark>提出二十多万件。</mark>",
        "Before. ",
        " After.",
        "seeds/000.txt",
    ):
        assert part in page


def test_a_card_opens_its_article_and_gives_its_citation_in_three_styles():
    page = render_card.card(CITATION, NEWSPAPER, 1, "zh", Context())
    assert 'href="?article=1959-11-24.p2.0123456789&amp;from=4&amp;to=12"' in page
    copied = [html.unescape(text) for text in re.findall(r'data-copy="([^"]*)"', page)]
    assert copied[0] == "舒堤. 上下齐动手[N]. 人民日报, 1959-11-24(2)."
    assert copied[1].startswith("Shu Ti 舒堤, “上下齐动手” [Top and Bottom]")
    assert copied[2].startswith("@article{1959-11-24.p2.0123456789,\n")


def test_a_translation_without_counterpart_is_opened_in_its_own_text():
    alone = replace(CITATION, counterpart=None)
    assert render_card.place_of(alone) == "?article=1959-11-24.p2.0123456789&from=10&to=38&in=en"


def test_a_card_without_counterpart_has_no_rule():
    alone = replace(CITATION, counterpart=None)
    assert "<hr>" not in render_card.card(alone, NEWSPAPER, 1, "en", Context())


def test_nothing_in_an_article_acts_on_the_page():
    hostile = replace(
        CITATION,
        masthead=replace(
            MASTHEAD, title={"zh": ATTACK, "en": ATTACK}, source=f'"{ATTACK}', authors=(ATTACK,)
        ),
        quote=replace(QUOTE, text=ATTACK),
        counterpart=replace(QUOTE, text=ATTACK),
    )
    given = answer(
        text=f"{ATTACK}[1]",
        citations=(hostile,),
        verdicts=(
            Verdict(ATTACK, "partial", f'"{ATTACK}'),
            Verdict(f"{ATTACK}x", "unsupported", ""),
        ),
        model=ATTACK,
        note=ATTACK,
        standalone=ATTACK,
        state="degraded",
    )
    found = Timeline({1959: (hostile.masthead,)})
    page = show(
        replace(given, question=replace(given.question, text=ATTACK, across=ATTACK)),
        timeline=found, kept=1, comment=f"</textarea>{ATTACK}", wanted=Filter(author=ATTACK),
    )  # fmt: skip
    page += render.notice(ATTACK)
    talk = Summary(ATTACK, f'"{ATTACK}', datetime(2026, 1, 1, tzinfo=UTC), 1)
    page += render_frame.conversations([talk], ATTACK, "en", False)
    page += render_frame.filter_chips(Filter(author=ATTACK), ATTACK, ATTACK, "en")
    page += render_frame.first_sight(STATUS, {"zh": [ATTACK], "en": [f'"{ATTACK}']}, "zh")
    shape = Shape(page)
    assert shape.open == []
    assert not shape.tags & {"script", "img", "iframe", "object", "style", "link"}
    assert not {name for name in shape.attributes if name.startswith("on")}
    for active in ("<script", "<img", "${", "{{", "\x1b", "\u202e", "`"):
        assert active not in page
    assert "![x](http://evil.example/x.png)" in page  # shown as it stands, nothing renders it
    assert "␛[2J�" in page


@settings(deadline=None)
@given(st.text(st.characters(codec=None)))
def test_what_is_escaped_is_text_and_nothing_else(text):
    written = render.escape(text)
    assert not set("<>\"'`${}\\") & set(written)
    shape = Shape(f'<p title="{written}">{written}</p>')
    assert (shape.tags, shape.attributes, shape.open) == ({"p"}, {"title"}, [])


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["id", "name", "question"]), st.text()))
def test_what_a_control_tells_is_what_it_was_given(value):
    written = re.fullmatch(r'data-send="ask" data-value="(.*)"', render.sends("ask", **value))
    assert json.loads(html.unescape(written[1])) == value


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("degraded", "could not answer"),
        ("truncated", "stopped early"),
        ("failed", "No answer"),
    ],
)
def test_only_a_complete_answer_looks_complete(state, words):
    assert "jb-banner" not in show(answer())
    page = show(answer(state=state, note="because of the weather"))
    assert f"jb-banner jb-{state}" in page
    assert words in page
    assert "because of the weather" in page


def test_a_refusal_says_what_was_looked_for_and_offers_more():
    refused = answer(state="refused", text="The archive does not say.", citations=(), verdicts=())
    page = show(refused, wanted=Filter(None, 3, "zh", "舒堤"))
    assert page.count("The archive does not say.") == 1
    # The period is the question's own, of which the filter knows nothing.
    assert "Looked for “How many?” in 1959 – · page 3 · Chinese · 舒堤." in page
    assert "in 1959 – · Chinese and English." in show(refused)
    assert "The nearest articles stand under Evidence" in page
    nothing = show(replace(refused, hits=(), question=replace(refused.question, period=PERIOD)))
    assert "Search 1959 – 1961 instead" in nothing
    assert "Search all years" in nothing
    assert "No article matches." in nothing


def test_a_greeting_was_not_looked_for():
    greeted = replace(answer().question, text="Hello!")
    page = show(answer(question=greeted, state="refused", text="Ask.", citations=(), hits=()))
    assert "Looked for" not in page


def test_sentences_show_how_far_they_are_supported():
    verdicts = (Verdict("One.", "partial", "no 60"), Verdict("Two.", "unsupported", "no name"))
    page = render_turn.answer_text("One. Two. Three.", (), verdicts, 1)
    assert '<span class="jb-partial">One.</span>' in page
    assert '<s class="jb-unsupported">Two.</s>' in page
    for number, reason in ((1, "no 60"), (3, "no name")):
        assert f'tabindex="0" role="group" aria-describedby="w1-{number}"' in page
        assert f'role="tooltip" id="w1-{number}">{reason}</span>' in page
    assert page.endswith(" Three.")


def test_a_sentence_that_was_struck_from_the_answer_is_shown_struck():
    gone = Verdict("He was born in 1902.", "unsupported", "no 1902")
    page = render_turn.struck(answer(verdicts=(Verdict(QUOTE.text, "supported", ""), gone)))
    assert '<s class="jb-unsupported">He was born in 1902.</s>' in page
    assert "no 1902" in page
    assert QUOTE.text not in page


def test_the_question_as_understood_can_be_changed_part_by_part():
    given = answer(standalone="How many were made in Hongqiao?")
    page = show(given, wanted=Filter(language="zh"))
    assert 'aria-label="Change: 1959 –"' in page
    for dropped in ("period", "language", "standalone"):
        assert html.escape(f'"drop": "{dropped}"').replace("{", "&#123;") in page
    assert '<input name="since" value="1959" ' in page
    assert '<option value="zh" selected>Chinese</option>' in page
    assert ">How many were made in Hongqiao?</textarea>" in page
    assert 'name="page"' not in page
    assert 'name="author"' not in page
    plain = show(answer(), language="zh", wanted=Filter())
    assert "照原话" in plain
    assert "中文与英文" in plain


def test_every_filter_in_force_is_shown_with_the_question():
    page = show(answer(), wanted=Filter(page=3, author='A "B"'))
    for name, value in (("page", "3"), ("author", "A &quot;B&quot;")):
        assert html.escape(f'"drop": "{name}"').replace("{", "&#123;") in page
        assert f'<input name="{name}" value="{value}" ' in page
    assert 'aria-label="Change: page 3"' in page
    assert 'aria-label="Change: A &quot;B&quot;"' in page


def test_what_a_model_made_of_the_question_is_shown():
    given = answer()
    put = replace(given, question=replace(given.question, across="红桥造了多少？"))
    assert "also looked for as “红桥造了多少？”" in show(put)
    assert "also looked for" not in show(given)


def test_words_that_name_no_date_are_pointed_out():
    unclear = replace(answer().question, text="What was built last October?", period=None)
    assert "“last October” names no date" in show(answer(question=unclear))
    assert "names no date" not in show(answer())


def test_while_the_answer_comes_there_is_a_skeleton_and_then_there_is_not():
    coming = Exchange("q", "en", text="So far", note="Searching…", hits=(HIT,), waiting=True)
    page = render_turn.conversation("talk-1", (coming,), NEWSPAPER, "en", YEARS)
    assert "jb-skeleton" in page
    assert "So far" in page
    assert "jb-found" in render_card.evidence((coming,), NEWSPAPER, "en")
    ended = replace(coming, waiting=False, note="Stopped.")
    page = render_turn.conversation("talk-1", (ended,), NEWSPAPER, "en", YEARS)
    assert "jb-skeleton" not in page
    assert '<p class="jb-banner" role="status">Stopped.</p>' in page


def test_a_thumb_given_can_be_taken_back():
    page = show(answer(), kept=1, thumb="up", comment="good")
    assert 'class="jb-thumb" aria-pressed="true"' in page
    assert html.escape('"thumb": ""') in page
    assert html.escape('"thumb": "down"') in page
    assert '<p class="jb-said">good</p>' in page
    assert "jb-thumb" not in show(answer())  # not kept: nothing to rate


def test_a_bar_is_as_tall_as_its_year_and_says_so():
    plot = render_plot.year_bars({1953: 1, 1959: 2}, "en", {1953: 'data-x="1"'}, "By year")
    assert 'role="button" tabindex="0" aria-label="1953: 1 article" data-x="1"' in plot
    assert 'aria-label="1959: 2 articles"' in plot
    heights = [float(each) for each in re.findall(r'width="[\d.]+%" height="([\d.]+)"', plot)]
    assert heights == [72, 33, 72, 66]  # a column behind each bar
    assert Shape(plot).open == []


def test_a_plot_of_many_years_writes_some_of_them():
    plot = render_plot.year_bars(dict.fromkeys(range(1946, 2004), 3), "en", {}, "By year")
    assert re.findall(r">(\d{4})</text>", plot) == ["1950", "1960", "1970", "1980", "1990", "2000"]


def test_the_timeline_names_the_first_and_lists_each_year():
    later = replace(MASTHEAD, article_id="b", published=date(1960, 1, 2))
    found = Timeline({1959: (MASTHEAD,), 1960: (later,)})
    page = render_plot.timeline(found, 2, NEWSPAPER, "en", (1953,))
    assert 'data-show="y2-1959"' in page
    assert 'id="y2-1960" hidden' in page
    assert "Earliest: <a" in page
    assert page.index("1959-11-24 · 第2版") < page.index("1960-01-02")
    assert ">1953</text>" in page
    assert render_plot.timeline(Timeline(), 1, NEWSPAPER, "en") == ""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_control_has_a_name(language):
    exchanges = (Exchange("q", "en", answer(), kept=1, timeline=Timeline({1959: (MASTHEAD,)})),)
    talk = Summary("id", "A name", datetime(2026, 1, 1, tzinfo=UTC), 1)
    page = (
        render_turn.conversation("talk-1", exchanges, NEWSPAPER, language, YEARS)
        + render_card.evidence(exchanges, NEWSPAPER, language)
        + render_frame.masthead(STATUS, language)
        + render_frame.conversations([talk], "id", language, False)
        + render_frame.filter_chips(Filter(page=2), "quote", "1959", language)
    )
    controls = re.findall(r"<(button|summary)\b([^>]*)>(.*?)</\1>", page, re.DOTALL)
    assert len(controls) > 20
    for _, attributes, inner in controls:
        label = re.search(r'aria-label="([^"]+)"', attributes)
        assert label or len(re.sub(r"<[^>]*>", "", inner).strip()) > 1
    labelled = re.findall(r"<label>[^<]+<(?:input|select|textarea)\b", page)
    fields = re.findall(r"<(?:input|select|textarea)\b[^>]*>", page)
    assert len(fields) == len(labelled) + sum("aria-label=" in field for field in fields)


@pytest.mark.parametrize(("language", "words"), [("zh", "5 篇文章，1953 至 1959 年，中英对照"),
                                                 ("en", "5 articles, 1953 to 1959")])  # fmt: skip
def test_the_first_sight_is_the_archives_portrait(language, words):
    samples = {"zh": ["谁？"], "en": ["Who?"]}
    page = render_frame.first_sight(STATUS, samples, language)
    assert words in page
    assert 'lang="zh-Hans"><li><button' in page
    assert "Who?" in page
    assert "jb-plot" in page
    assert Shape(page).open == []


def test_a_conversation_can_be_renamed_deleted_and_taken_away():
    talk = Summary("a_b-c", "Steel", datetime(2026, 11, 21, tzinfo=UTC), 2)
    page = render_frame.conversations([talk], "a_b-c", "en", False)
    assert 'aria-current="true"' in page
    assert "2026-11-21 · 2 answers" in page
    assert 'href="export/a_b-c/markdown" download' in page
    assert 'href="export/a_b-c/bibtex" download' in page
    assert 'data-send="keep"' in page
    assert "No conversation matches." in render_frame.conversations([], "", "en", True)
