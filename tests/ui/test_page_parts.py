"""What the page is made of, without a browser: links, periods, timelines, conversations."""

import re
from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ui_values import ATTACK, HIT, MASTHEAD, answer

from rag.archive import Archive
from rag.config import Settings
from rag.errors import BadQuestion
from rag.retrieve.periods import read_period
from rag.types import Article, Filter, Heading, Masthead, Pair, Period, Span, Text
from ui import render_reader
from ui.conversation import (
    REMEMBERED,
    Request,
    answer_live,
    context_of,
    restored,
    stopped,
    typed_filter,
)  # fmt: skip
from ui.exchange import Exchange
from ui.kept import Kept
from ui.models import health_of, names_of
from ui.page_words import PageWords
from ui.periods import described, since_of, until_of, wider, written
from ui.reader import Opening, Place, open_place, quoted_spans, read_place, rows_of
from ui.timeline import subject_of, timeline
from ui.told import read_request, read_told, years_chosen

ZH = "天津红桥区四天里提出了多少件技术革新建议？"
EN = "Who is Liao Shigang?"
ROOT = Path(__file__).parents[2]


def year(first: int, last: int | None = None) -> Period:
    return Period(date(first, 1, 1), date(last or first, 12, 31))


# -- periods


@pytest.mark.parametrize(
    ("period", "words"),
    [
        (None, ""),
        (Period(), ""),
        (year(1959), "1959"),
        (year(1953, 1959), "1953 – 1959"),
        (Period(date(1959, 6, 1), date(1959, 6, 30)), "1959-06"),
        (Period(date(1959, 6, 4), date(1959, 6, 4)), "1959-06-04"),
        (Period(date(1957, 8, 1), None), "1957-08 –"),
        (Period(None, date(1957, 12, 31)), "– 1957"),
        (Period(date(1957, 8, 3), date(1958, 12, 31)), "1957-08-03 – 1958-12-31"),
    ],
)
def test_a_period_is_written_in_the_fewest_words(period, words):
    assert written(period) == words


@settings(deadline=None)
@given(st.dates(date(1946, 1, 1), date(2003, 12, 31)), st.integers(0, 4000))
def test_what_is_written_of_a_period_is_read_as_the_same(start, days):
    period = Period(start, start + timedelta(days))
    assert typed_filter(since_of(period), until_of(period)).period == period


@pytest.mark.parametrize(
    ("period", "wide"),
    [
        (year(1961), year(1959, 1961)),
        (year(1950), year(1950, 1953)),
        (year(1955), year(1953, 1955)),
        (Period(date(1959, 3, 1), date(1959, 3, 31)), year(1959)),
        (year(1959), year(1957, 1959)),
        (year(1940, 1970), None),
    ],
)
def test_a_period_is_widened_to_where_there_is_something(period, wide):
    assert wider(period, {1953: 1, 1957: 1, 1959: 2}) == wide


def test_a_filter_is_told_in_words():
    assert described(Filter(year(1959), 2, "zh", "舒堤"), "zh") == "1959 · 第2版 · 中文 · 舒堤"
    assert described(Filter(), "en") == "Any time · Chinese and English"


def test_blank_fields_filter_nothing():
    assert typed_filter("", None, " ", "", None) == Filter()
    assert typed_filter("1959", "1959", "2", "zh", "舒堤") == Filter(year(1959), 2, "zh", "舒堤")
    with pytest.raises(BadQuestion, match="is not a page"):
        typed_filter(page="two")


@pytest.mark.parametrize(
    ("question", "words"),
    [("What was built last October?", "last October"), ("上个月有什么新闻？", "上个月"), (EN, "")],
)
def test_a_time_that_is_no_date_is_named(question, words):
    assert read_period(question).unclear == words


# -- what the page tells


@settings(deadline=None)
@given(st.text() | st.just('{"turn": 1e999}') | st.just("[" * 9_000))
def test_whatever_a_browser_tells_is_read_or_left(text):
    assert isinstance(read_told(text), dict)


def test_a_question_asked_again_changes_what_was_changed_and_nothing_else():
    before = (
        Exchange(
            "And in 1957?", "en", answer(standalone="How many in 1957?"), wanted=Filter(page=2)
        ),
        Exchange("By whom?", "en", answer(), wanted=Filter(year(1957), 2, "zh", "舒堤")),
    )

    def again(**told) -> Request:
        return read_request({"turn": 1} | told, before, ("1953", "", "", "", ""), "quote")

    assert again(drop="period").wanted == Filter(Period(), 2)
    assert again(since="1959", until="1959").wanted == Filter(year(1959), 2)
    assert again(since=" ", until="").wanted == Filter(Period(), 2)
    assert again(language="zh").wanted == Filter(None, 2, "zh")
    assert again(language="").wanted == again(drop="language").wanted == Filter(page=2)
    assert again().question == "How many in 1957?"
    assert again(drop="standalone").question == "And in 1957?"
    assert again(question="How many in 1958?").question == "How many in 1958?"
    assert all(each.alone for each in (again(), again(drop="standalone")))
    assert "ends" in str(again(since="1960", until="1959").trouble)
    assert again(question=" ").trouble
    assert again(page="3").wanted == Filter(page=3)
    assert again(page="").wanted == again(drop="page").wanted == Filter()
    assert "page" in str(again(page="three").trouble)
    by = {"turn": 2}
    assert again(**by, drop="author").wanted == Filter(year(1957), 2, "zh")
    assert again(**by, author=" ").wanted == Filter(year(1957), 2, "zh")
    assert again(**by, author="Shu Ti").wanted == Filter(year(1957), 2, "zh", "Shu Ti")
    assert again(**by, question="Where?").wanted == Filter(year(1957), 2, "zh", "舒堤")


def test_a_new_question_takes_the_filters_of_the_page():
    asked = read_request({"question": EN}, (), ("1959", "", "", "", ""), "quote")
    assert (asked.question, asked.wanted, asked.alone) == (
        EN, Filter(Period(date(1959, 1, 1), None)), False,
    )  # fmt: skip
    wrong = read_request({"question": EN}, (), ("x", "", "", "", ""), "quote")
    assert "not a date" in str(wrong.trouble)
    assert read_request({"turn": 7, "question": EN}, (), ("",) * 5, "quote").question == EN


def test_years_are_chosen_one_by_one():
    fields = ["", "", "2", "", ""]
    for pressed, since, until in ((1957, "1957", "1957"), (1953, "1953", "1957"),
                                  (1959, "1959", "1959"), (1959, "", "")):  # fmt: skip
        fields = years_chosen({"year": pressed}, fields)
        assert fields == [since, until, "2", "", ""]
    assert years_chosen({"drop": "page"}, ["1957", "1957", "2", "zh", "x"]) == [
        "1957", "1957", "", "zh", "x",
    ]  # fmt: skip
    assert years_chosen({"drop": "period"}, ["1957", "1957", "2", "", ""]) == [""] * 2 + [
        "2",
        "",
        "",
    ]


# -- the timeline


def test_the_timeline_counts_articles_that_speak_of_it_once():
    def hit(article: str, day: date, score: float, *via: str):
        head = replace(MASTHEAD, article_id=article, published=day)
        return replace(HIT, passage=replace(HIT.passage, masthead=head), score=score, via=via)

    found = timeline([
        hit("a", date(1959, 5, 1), 1.0, "dense", "keyword"),
        hit("a", date(1959, 5, 1), 0.9, "keyword"),
        hit("b", date(1957, 5, 1), 0.5, "keyword"),
        hit("c", date(1953, 5, 1), 0.9, "dense"),
        hit("d", date(1953, 5, 1), 0.1, "keyword"),
    ])  # fmt: skip
    assert {y: [h.article_id for h in heads] for y, heads in found.years.items()} == {
        1957: ["b"], 1959: ["a"],
    }  # fmt: skip
    assert found.first.article_id == "b"
    assert timeline([]).first is None


# -- the reader


def article(
    zh: str, en: str, *pairs: tuple[tuple[int, int] | None, tuple[int, int] | None]
) -> Article:
    head = Masthead("1959-06-05.p2.0123456789", {"zh": "题"}, (), date(1959, 6, 5), 2, "", "a.txt")
    return Article(
        head,
        (Text("zh", "original", "题", zh, headings=(Heading(5, "小标题"),)),
         Text("en", "translation", "T", en)),
        tuple(Pair(a and Span(*a), b and Span(*b), 0.9) for a, b in pairs),
    )  # fmt: skip


TWO = article(
    "甲。乙。\n丙。\n丁。", "A.\nB. C.\nD.",
    ((0, 2), (0, 2)), ((2, 4), (3, 5)), ((5, 7), (6, 8)), ((8, 10), (9, 11)),
)  # fmt: skip


def test_paragraphs_that_pairs_join_stand_in_one_row():
    rows = rows_of(TWO)
    sides = [
        {lang: [TWO.text(lang).body[slice(*p.span)] for p in ps] for lang, ps in row.sides.items()}
        for row in rows
    ]
    assert sides == [
        {"zh": ["甲。乙。", "丙。"], "en": ["A.", "B. C."]},
        {"zh": ["丁。"], "en": ["D."]},
    ]
    assert rows[0].sides["zh"][1].headings == ("小标题",)


def test_every_paragraph_of_a_real_article_is_shown_once(seeds_archive):
    for article_id in {hit.passage.masthead.article_id for hit in seeds_archive.search(ZH, 60)}:
        real = seeds_archive.article(article_id)
        rows = rows_of(real)
        assert len(rows) > 1
        for text in real.texts:
            shown = [p for row in rows for p in row.sides.get(text.language, ())]
            assert "\n".join(text.body[slice(*p.span)] for p in shown) == text.body


def test_the_quote_is_marked_with_what_says_the_same():
    spans = quoted_spans(TWO, Place("x", None, Span(5, 7)))
    assert spans == {"zh": Span(5, 7), "en": Span(6, 8)}
    page = render_reader.reader(Opening("here", TWO, spans), "人民日报", "en")
    assert '<span class="jb-s" data-pair="2" tabindex="-1"><mark>丙。</mark></span>' in page
    assert '<span class="jb-s" data-pair="2" tabindex="-1"><mark>C.</mark></span>' in page
    assert page.count("<mark>") == 2
    assert "<h3>小标题</h3>" in page
    assert quoted_spans(TWO, Place("x", None, Span(5, 99))) is None
    assert quoted_spans(TWO, Place("x", "en", Span(0, 2))) == {"en": Span(0, 2), "zh": Span(0, 2)}


def test_a_quote_over_two_paragraphs_is_marked_in_both():
    page = render_reader.reader(Opening("here", TWO, {"zh": Span(2, 7)}), "人民日报", "zh")
    assert "<mark>乙。</mark>" in page
    assert "<mark>丙。</mark>" in page


def test_an_article_acts_on_nothing():
    head = replace(
        TWO.masthead, title={"zh": ATTACK}, authors=(ATTACK,), section=ATTACK, source=ATTACK
    )
    text = replace(
        TWO.texts[0], body=ATTACK, subtitle=ATTACK, dateline=ATTACK, credits=(ATTACK,),
        headings=(Heading(0, ATTACK),),
    )  # fmt: skip
    hostile = Article(head, (text,))
    opening = Opening(
        "here", hostile, {"zh": Span(3, 20)}, (head, replace(head, article_id=ATTACK))
    )
    page = render_reader.reader(opening, ATTACK, "en")
    page += render_reader.reader(Opening("gone", issue=(head,)), ATTACK, "en")
    for active in ("<script", "<img", "${", "{{", "\x1b", "\u202e"):
        assert active not in page


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ({}, None),
        ({"article": " "}, None),
        ({"article": 7}, None),
        ({"article": "a"}, Place("a")),
        ({"article": "a", "from": "3", "to": "9"}, Place("a", None, Span(3, 9))),
        ({"article": "a", "from": "3", "to": "9", "in": "en"}, Place("a", "en", Span(3, 9))),
        ({"article": "a", "from": "9", "to": "3"}, Place("a")),
        ({"article": "a", "from": "-1", "to": "٣", "in": "fr"}, Place("a")),
    ],
)
def test_a_link_is_read_or_left(query, place):
    assert read_place(query) == place


@pytest.fixture(scope="module")
def seeds_archive(seeds_home, encoder):
    with Archive(Settings(home=seeds_home)) as opened:
        opened.encoder = encoder
        yield opened


def test_a_link_opens_its_article_wherever_it_stands_now(seeds_archive):
    head = seeds_archive.search(ZH, 1)[0].passage.masthead
    here = open_place(seeds_archive, Place(head.article_id, None, Span(0, 5)))
    assert (here.found, here.article.masthead) == ("here", head)
    assert here.quoted["zh"] == Span(0, 5)
    assert here.issue == (head,)
    assert here.beside() == (None, None)
    corrected = f"1959-11-25.p7.{head.article_id.rpartition('.')[2]}"
    moved = open_place(seeds_archive, Place(corrected))
    assert (moved.found, moved.article.masthead) == ("moved", head)
    off = open_place(seeds_archive, Place(head.article_id, None, Span(10**6, 10**6 + 1)))
    assert (off.found, off.quoted) == ("elsewhere", None)
    gone = open_place(seeds_archive, Place("1959-11-24.p9.ffffffffff"))
    assert (gone.found, gone.article, gone.issue) == ("gone", None, (head,))
    page = render_reader.reader(gone, "人民日报", "en")
    assert "no longer in the archive" in page
    assert head.article_id in page
    for nonsense in ("", ".", "x", "1959-02-30", "\ud800"):
        assert open_place(seeds_archive, Place(nonsense)).found == "gone"


def test_a_day_s_paper_is_read_from_page_to_page():
    first, last = (replace(TWO.masthead, article_id=each, page=page)
                   for each, page in (("a", 1), ("z", 3)))  # fmt: skip
    opening = Opening("here", TWO, None, (first, TWO.masthead, last))
    assert opening.beside() == (first, last)
    page = render_reader.reader(opening, "人民日报", "zh")
    assert 'href="?article=a" data-open><small>上一篇</small>' in page
    assert 'href="?article=z" data-open><small>下一篇</small>' in page


# -- the conversation


def last_of(archive, question, exchanges=(), wanted=None, **more):
    *_, last = answer_live(archive, Request(question, wanted, **more), exchanges, "en")
    return last[-1]


def test_a_question_that_cannot_be_used_is_answered_in_words(seeds_archive):
    assert "empty" in last_of(seeds_archive, " ").note
    wrong = last_of(seeds_archive, EN, trouble=BadQuestion("it ends", "mend it"))
    assert wrong.note == "it ends (mend it)"
    assert (wrong.answer, wrong.waiting) == (None, False)


def test_a_mistake_is_told_in_the_language_of_the_page(seeds_archive):
    for asked in (
        Request(""),
        Request("字" * 2_001),
        read_request({"question": EN}, (), ("昨天", "", "", "", ""), "quote"),
        read_request({"question": EN}, (), ("1960", "1959", "", "", ""), "quote"),
        read_request({"question": EN}, (), ("", "", "两", "", ""), "quote"),
        read_request({"question": EN}, (), ("", "", "0", "", ""), "quote"),
    ):
        *_, ((last),) = answer_live(seeds_archive, asked, (), "zh")
        assert re.fullmatch(r"[^a-z]+（[^a-z]+）", last.note)
        *_, ((last),) = answer_live(seeds_archive, asked, (), "en")
        assert re.fullmatch(r"[^（]+ \([^（]+\)", last.note)


def test_no_word_of_the_page_is_written_for_nobody():
    read = "".join(path.read_text("utf-8") for path in (ROOT / "ui").glob("*.py"))
    names = [each.name for each in fields(PageWords)]
    assert [
        name for name in names if not re.search(rf"\b(words|PAGE\[.*?\])\.{name}\b", read)
    ] == []


def test_a_mistake_of_ours_leaves_the_page_alive(seeds_archive, monkeypatch):
    monkeypatch.setattr(Archive, "stream", lambda *_: 1 / 0)
    assert last_of(seeds_archive, EN).note == "No answer could be given."


def test_an_answer_stands_where_its_timeline_cannot_be_drawn(seeds_archive, monkeypatch):
    monkeypatch.setattr("ui.conversation._timeline", lambda *_: 1 / 0)
    exchange = last_of(seeds_archive, EN)
    assert exchange.answer.citations
    assert (exchange.note, exchange.waiting) == ("", False)


def test_a_long_conversation_is_cut_at_its_beginning(seeds_archive):
    *_, last = answer_live(seeds_archive, Request(" "), (Exchange("old", "en"),) * REMEMBERED, "en")
    assert len(last) == REMEMBERED


def test_evidence_comes_before_text_and_the_timeline_last(seeds_archive):
    steps = [step[-1] for step in answer_live(seeds_archive, Request(EN), (), "en")]
    assert steps[0].waiting
    assert (steps[1].hits[0].rank, steps[1].text) == (1, "")
    assert steps[-2].timeline is None
    assert list(steps[-1].timeline.years) == [1959]


def test_the_context_of_a_quote_is_its_neighbours_in_the_article(seeds_archive):
    exchange = last_of(seeds_archive, ZH)
    for citation, context in zip(exchange.answer.citations, exchange.contexts, strict=True):
        whole = seeds_archive.article(citation.masthead.article_id)
        body = whole.text(citation.quote.language).body
        assert context == context_of(citation, whole)
        assert f"{context.before}{citation.quote.text}{context.after}" in body
        assert "\n" not in context.before + context.after


def test_what_was_stopped_says_so():
    coming = Exchange("q", "en", text="So far", waiting=True)
    (ended,) = stopped((coming,), "en")
    assert (ended.text, ended.waiting) == ("So far", False)
    assert "Stopped" in ended.note
    assert stopped((ended,), "en") == (ended,)


def test_a_kept_conversation_comes_back_even_where_its_article_is_gone(seeds_archive):
    given = last_of(seeds_archive, ZH).answer
    lost = replace(
        given, citations=tuple(
            replace(c, masthead=replace(c.masthead, article_id="gone")) for c in given.citations
        ),
    )  # fmt: skip
    first, second = restored(seeds_archive, [Kept(given, "up", "yes"), Kept(lost, None, "")])
    assert (first.kept, first.thumb, first.comment) == (1, "up", "yes")
    assert first.contexts[0].before
    assert second.contexts[0].before == ""


def test_the_models_to_choose_from_are_those_of_the_settings(tmp_path):
    settings = Settings(home=tmp_path, model="openai:a", models=("gguf:none.gguf", "openai:a"))
    assert names_of(settings) == ["quote", "openai:a", "gguf:none.gguf"]
    assert health_of("quote", settings).startswith("ready")
    assert "none.gguf" in health_of("gguf:none.gguf", settings)
    assert "not the name of a model" in health_of(f"x{ATTACK}".replace(":", ""), settings)


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("What articles are there about Chongqing?", "Chongqing"),
        ("1958年重庆有哪些新闻？", "重庆"),
        ("What happened in 1959?", ""),
        ("1959年11月24日发生了什么？", ""),
        ("Who is Liao Shigang?", "Who is Liao Shigang?"),
    ],
)
def test_the_timeline_is_of_what_articles_are_asked_about(question: str, subject: str) -> None:
    assert subject_of(question) == subject
