from dataclasses import replace

import pytest
from ui_values import ATTACK, CITATION, MASTHEAD, QUOTE, answer

from rag.types import Verdict
from ui import render
from ui.render import Context, Exchange


def show(given) -> str:
    exchanges = (Exchange(given.question.text, "en", given),)
    return render.conversation(exchanges, "hello") + render.evidence(exchanges, "人民日报")


def test_a_mark_leads_to_its_card_and_back():
    page = show(answer())
    assert '<a class="jb-mark" id="m1-1" href="#c1-1">[1]</a>' in page
    assert 'id="c1-1"' in page
    assert 'href="#m1-1"' in page


def test_a_mark_that_stands_for_nothing_stays_text():
    page = render.answer_text("It is so.[7]", (CITATION,), (), 1)
    assert page == "It is so.[7]"


def test_a_repeated_mark_has_one_anchor():
    page = render.answer_text("One.[1] Two.[1]", (CITATION,), (), 3)
    assert page.count('id="m3-1"') == 1
    assert page.count('href="#c3-1"') == 2


def test_the_card_shows_both_languages_and_says_which_is_the_original():
    page = render.card(CITATION, "人民日报", 1, "en", Context("Before. ", " After."))
    for part in (
        "人民日报 · 1959-11-24 · 第2版",
        "上下齐动手",
        "Top and Bottom",
        "译文 Translation",
        "<mark>More than 200,000 were made.</mark>",
        "原文 Original",
        "<mark>提出二十多万件。</mark>",
        "Before. ",
        " After.",
        "seeds/000.txt",
    ):
        assert part in page


def test_a_card_without_counterpart_has_no_rule():
    assert "<hr>" not in render.card(
        replace(CITATION, counterpart=None), "人民日报", 1, "en", Context()
    )


def test_nothing_in_an_article_acts_on_the_page():
    hostile = replace(
        CITATION,
        masthead=replace(MASTHEAD, title={"zh": ATTACK, "en": ATTACK}, source=f'"{ATTACK}'),
        quote=replace(QUOTE, text=ATTACK),
        counterpart=replace(QUOTE, text=ATTACK),
    )
    given = answer(
        text=f"{ATTACK}[1]",
        citations=(hostile,),
        verdicts=(Verdict(ATTACK, "partial", f'"{ATTACK}'),),
    )
    page = show(replace(given, question=replace(given.question, text=ATTACK)))
    page += render.notice(ATTACK) + render.masthead(ATTACK)
    for active in ("<script", "<img", "${", "{{", "\x1b", "\u202e"):
        assert active not in page
    assert "![x](http://evil.example/x.png)" in page  # shown as it stands, nothing renders it
    assert "␛[2J�" in page


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("refused", "does not say"),
        ("degraded", "could not answer"),
        ("truncated", "stopped early"),
        ("failed", "No answer"),
    ],
)
def test_only_a_complete_answer_looks_complete(state, words):
    assert "jb-banner" not in show(answer())
    page = show(answer(state=state))
    assert "jb-banner" in page
    assert words in page


def test_a_refusal_is_not_said_twice():
    page = show(answer(state="refused", text="The archive does not say.", citations=()))
    assert page.count("The archive does not say.") == 1


def test_sentences_show_how_far_they_are_supported():
    verdicts = (Verdict("One.", "partial", "no 60"), Verdict("Two.", "unsupported", "no name"))
    page = render.answer_text("One. Two. Three.", (), verdicts, 1)
    assert '<span class="jb-partial" tabindex="0" title="no 60">One.</span>' in page
    assert '<span class="jb-unsupported" tabindex="0" title="no name">Two.</span>' in page
    assert page.endswith(" Three.")


def test_the_newest_answers_sources_are_open_and_the_others_folded():
    exchanges = (Exchange("first", "en", answer()), Exchange("second", "en", answer()))
    page = render.evidence(exchanges, "人民日报")
    assert page.index("second") < page.index("first")
    assert page.count("<details") == 2
    assert page.count(" open>") == 1
