"""The page, served for real and driven by a real browser, as readers use it."""

import contextlib
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from served_page import CHROMIUM, EN, QUIET

from rag.archive import Archive
from rag.config import Settings
from ui.serve import Serving, served

ZH = "天津红桥区四天里提出了多少件技术革新建议？"
COPPER = "Why were copper basins donated?"
WIDE, MIDDLE, NARROW = (1440, 900), (820, 1100), (390, 844)
SLOW = "slow:model"


class SlowModel:
    """A language model that says one sentence and then nothing, until it is let go."""

    name = SLOW

    def __init__(self) -> None:
        self.let_go = threading.Event()
        self.asked = threading.Event()

    def stream(self, messages):
        self.asked.set()
        yield "Liao Shigang is an expert of technical innovation.[1] "
        self.let_go.wait(60)
        yield "He is."

    def health(self):
        return "ready"


@pytest.fixture(scope="module")
def slow() -> SlowModel:
    return SlowModel()


@pytest.fixture(scope="module")
def address(seeds_home, encoder, tmp_path_factory, slow) -> Iterator[str]:
    home = shutil.copytree(seeds_home, tmp_path_factory.mktemp("page") / "home")
    with Archive(Settings(home=home, models=(SLOW,))) as archive:
        archive.encoder = encoder
        archive._models[SLOW] = slow
        with served(archive, Serving(upload=True)) as url:
            yield url


@pytest.fixture(scope="module")
def chromium():
    if not CHROMIUM.exists():
        pytest.skip(f"no browser at {CHROMIUM}: apt-get install chromium fonts-noto-cjk")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def reading(chromium, address):
    """Opens the page as a reader of its own: size, language and light can be chosen."""
    contexts = []
    strays: list[str] = []

    def opened(size=WIDE, language="en-US", scheme="light", query=""):
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale=language,
            color_scheme=scheme,
            permissions=["clipboard-read", "clipboard-write"],
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("request", lambda request: strays.append(request.url))
        page.goto(address + query)
        page.wait_for_selector(".jb-first-sight, .jb-turn", state="attached")
        page.wait_for_selector("#jb-box .submit-button", state="attached")
        return page

    yield opened
    for context in contexts:
        with contextlib.suppress(Exception):
            context.close()
    assert [url for url in strays if not url.startswith((address, "data:", "blob:"))] == []


def ask(page, question: str, turn: int) -> None:
    page.fill("#jb-box textarea", question)
    page.keyboard.press("Enter")
    answered(page, turn)


def answered(page, turn: int) -> None:
    page.wait_for_selector(f"#t{turn} .jb-foot", state="attached")
    page.wait_for_selector("#jb-box .submit-button", state="attached")


def test_a_reader_asks_in_both_languages_and_checks_the_sentence(reading):
    page = reading()
    assert "5 articles, 1953 to 1959" in page.inner_text(".jb-first-sight")
    assert page.locator(".jb-sample").count() == 6
    ask(page, ZH, 1)
    card = page.inner_text("#c1-1")
    for part in ("1959-11-24", "第2版", "上下齐动手", "原文 Original", "译文 Translation"):
        assert part in card
    assert "二十多万件" in page.inner_text("#c1-1 mark >> nth=0")
    assert "200,000" in page.inner_text("#c1-1 mark >> nth=1")
    page.click("#m1-1")
    assert page.evaluate("document.activeElement.id") == "c1-1"
    page.click("#c1-1 .jb-open")
    marks = page.locator("#jb-article mark")
    marks.first.wait_for()
    assert "二十多万件" in marks.nth(0).inner_text()
    assert "200,000" in marks.nth(1).inner_text()
    assert marks.nth(0).evaluate(
        "e => { const b = e.getBoundingClientRect(); return b.top > 0 && b.bottom < innerHeight }"
    )
    # The sentence under the pointer lights up on both sides.
    marks.nth(0).hover()
    assert page.locator("#jb-article .jb-lit").count() >= 2
    link = page.url
    page.click("#jb-article [data-back]")
    ask(page, EN, 2)
    assert "Liao Shigang" in page.inner_text("#t2 .jb-answer")
    assert page.locator("#c2-1").is_visible()
    assert not page.locator("#c1-1").is_visible()  # the evidence is that of the answer in view
    # The link opens the article at the sentence for anyone else.
    other = reading(query=link[link.index("?") :])
    other.wait_for_selector("#jb-article mark")
    assert "二十多万件" in other.inner_text("#jb-article mark >> nth=0")


def test_a_citation_is_copied_as_scholars_write_it(reading):
    page = reading()
    ask(page, EN, 1)
    page.click("#c1-1 .jb-menu summary")
    page.click("#c1-1 >> text=GB/T 7714")
    page.wait_for_selector("#c1-1 >> text=Copied")
    assert "[N]. 人民日报, 1959-06-05(2)." in page.evaluate("navigator.clipboard.readText()")
    page.click("#c1-1 [data-copy-link]")
    page.wait_for_function(
        "navigator.clipboard.readText().then(t => t.includes('?article=1959-06-05.p2.'))"
    )


def test_the_question_as_understood_is_changed_and_asked_again(reading):
    page = reading(language="zh-CN")
    ask(page, "1953年10月工业生产有什么成绩？", 1)
    assert "1953" in page.inner_text("#t1 .jb-understood")
    before = page.inner_text("#jb-cards section:not([hidden])")
    page.click("#t1 .jb-understood summary >> nth=0")
    page.fill("#t1 [name=since]", "1959")
    page.fill("#t1 [name=until]", "1959")
    page.click("#t1 .jb-understood form >> nth=0 >> button")
    answered(page, 2)
    assert "1959" in page.inner_text("#t2 .jb-understood")
    after = page.inner_text("#jb-cards section:not([hidden])")
    assert "1959-" in after
    assert after != before
    page.click("#t2 .jb-drop >> nth=0")
    answered(page, 3)
    assert "不限时间" in page.inner_text("#t3 .jb-understood")


def test_a_filter_shows_what_it_does_and_what_it_cannot(reading):
    page = reading()
    page.click("text=Filters")
    page.click("#jb-panel [aria-label='1957: 1 article']")
    page.wait_for_selector(".jb-set >> text=1957")
    page.click("#jb-panel [aria-label='1953: 1 article']")
    page.wait_for_selector(".jb-set >> text=1953 – 1957")
    page.locator("#jb-panel").get_by_label("From (year").fill("1961")
    page.locator("#jb-panel").get_by_label("To (year").fill("1961")
    page.wait_for_selector(".jb-set >> text=1961")
    ask(page, EN, 1)
    assert "in 1961" in page.inner_text("#t1 .jb-nothing")
    page.click("#t1 >> text=Search 1959 – 1961 instead")
    answered(page, 2)
    assert page.locator("#c2-1").count() == 1
    page.locator("#jb-panel").get_by_label("From (year").fill("someday")
    page.wait_for_selector("text='someday' is not a date")


def test_the_timeline_opens_the_articles_of_a_year(reading):
    page = reading()
    ask(page, "steel production in Chongqing", 1)
    page.wait_for_selector("#t1 .jb-timeline")
    assert "Earliest: 人民日报 · 1953-10-31" in page.inner_text("#t1 .jb-first")
    page.click("#t1 .jb-bar[aria-label^='1958']")
    page.click("#y1-1958 a")
    page.wait_for_selector("#jb-article .jb-masthead >> text=1958-07-23")
    page.click("#y1-1958 >> text=Ask of 1958 only")
    answered(page, 2)
    assert "1958" in page.inner_text("#t2 .jb-understood")


def test_a_stream_is_stopped_and_the_page_goes_on(reading, slow):
    page = reading()
    page.click("text=Model: quotes only")
    page.click(f"#jb-models label:has-text('{SLOW}')")
    page.wait_for_selector(f".jb-chips >> text={SLOW}")
    page.fill("#jb-box textarea", EN)
    page.keyboard.press("Enter")
    page.wait_for_selector("#jb-cards .jb-found")  # evidence before text
    page.wait_for_selector("#t1 .jb-skeleton")
    assert slow.asked.wait(30)
    page.keyboard.press("Escape")
    page.wait_for_selector("#t1 >> text=Stopped.")
    page.wait_for_selector("#jb-box .submit-button")
    page.click(f"text=Model: {SLOW}") if not page.locator("#jb-models").is_visible() else None
    page.click("#jb-models label:has-text('quotes only')")
    page.wait_for_selector("text=Model: quotes only")
    ask(page, EN, 2)  # while the model still hangs
    assert not slow.let_go.is_set()
    slow.let_go.set()


def test_while_an_answer_comes_nothing_is_lost(reading, slow):
    page = reading()
    ask(page, EN, 1)
    page.click("text=Model: quotes only")
    page.click(f"#jb-models label:has-text('{SLOW}')")
    page.wait_for_selector(f".jb-chips >> text={SLOW}")
    slow.asked.clear()
    slow.let_go.clear()
    page.fill("#jb-box textarea", COPPER)
    page.keyboard.press("Enter")
    page.wait_for_selector("#t2 .jb-skeleton")
    assert slow.asked.wait(30)
    page.wait_for_selector("#jb-box .stop-button")
    # What is asked now waits: neither it nor the answer that comes is lost.
    page.fill("#jb-box textarea", "And then?")
    page.keyboard.press("Enter")
    page.click("#t1 .jb-understood summary >> nth=-1")
    page.fill("#t1 [name=question]", "Who else?")
    page.click("#t1 .jb-understood form >> nth=-1 >> button")
    assert page.evaluate("document.activeElement.matches('.stop-button')")
    assert page.input_value("#t1 [name=question]") == "Who else?"
    page.keyboard.press("Escape")  # closes the menu
    page.click("#t1 >> text=Helpful")
    page.wait_for_selector("#t1 .jb-thumb[aria-pressed=true]")
    page.click("text=中文")
    page.wait_for_selector("text=往日对话", state="attached")
    slow.let_go.set()
    page.wait_for_selector("#t2 >> text=有用")
    page.wait_for_selector("#jb-box .submit-button >> text=提问")
    assert page.locator(".jb-skeleton").count() == 0
    assert page.locator("#t1 .jb-thumb[aria-pressed=true]").count() == 1
    assert page.input_value("#jb-box textarea") == "And then?"
    page.focus("#jb-box textarea")
    page.keyboard.press("Enter")
    answered(page, 3)
    assert page.inner_text("#t3 h2") == "And then?"


def test_a_conversation_is_found_again_renamed_rated_and_taken_away(reading):
    page = reading()
    ask(page, EN, 1)
    page.click("#t1 >> text=Helpful")
    page.wait_for_selector("#t1 .jb-thumb[aria-pressed=true]")
    page.click("#t1 >> text=Add a comment")
    page.fill("#t1 [name=comment]", "just what I needed")
    page.click("#t1 .jb-comment button")
    page.wait_for_selector("#t1 .jb-said >> text=just what I needed")
    page.wait_for_function("sessionStorage.getItem('jb-talk')")
    page.wait_for_selector("#t1 .jb-timeline")
    page.reload()
    page.wait_for_selector("#t1 .jb-answer")
    assert page.locator("#t1 .jb-timeline").count() == 1
    assert "Liao Shigang" in page.inner_text("#t1 .jb-answer")
    assert page.locator("#t1 .jb-thumb[aria-pressed=true]").count() == 1
    page.click(".jb-talks .jb-menu > summary")
    with page.expect_download() as taken:
        page.click(".jb-exports >> text=Markdown")
    assert "Liao Shigang" in Path(taken.value.path()).read_text("utf-8")
    page.fill(".jb-talks [name=name]", "An innovator")
    page.click(".jb-talks >> text=Rename")
    page.wait_for_selector(".jb-talk >> text=An innovator")
    page.click(".jb-new")
    page.wait_for_selector(".jb-first-sight")
    page.fill("#jb-search input, #jb-search textarea", "廖世刚 no such thing")
    page.wait_for_selector("text=No conversation matches.")
    page.fill("#jb-search input, #jb-search textarea", "innovator")
    page.click(".jb-talk")
    page.wait_for_selector("#t1 .jb-answer")
    page.click(".jb-talks .jb-menu > summary")
    page.click("text=Delete…")
    page.click("text=Yes, delete it")
    page.wait_for_selector(".jb-first-sight")
    assert page.locator(".jb-talk").count() == 0


def test_the_language_is_the_browsers_and_can_be_changed(reading):
    page = reading(language="zh-CN")
    assert "5 篇文章" in page.inner_text(".jb-first-sight")
    assert page.evaluate("document.documentElement.lang") == "zh-Hans"
    page.wait_for_selector("#jb-upload >> text=添加文章")
    ask(page, ZH, 1)
    page.click("text=English")
    page.wait_for_selector("text=Understood as")
    page.wait_for_selector("#jb-box button >> text=Ask")
    page.wait_for_selector("#jb-upload >> text=Add articles")
    assert page.evaluate("document.documentElement.lang") == "en"
    page.reload()
    page.wait_for_selector("#t1 >> text=Understood as")  # it is remembered


def test_the_page_is_read_by_keyboard_alone(reading):
    page = reading()
    page.locator("body").press("/")
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    page.keyboard.type("What did Liao Shigang and Tianjin factories do?")
    page.keyboard.press("Enter")
    answered(page, 1)
    page.focus("#jb-cards section:not([hidden]) .jb-card >> nth=0")
    first = page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("ArrowDown")
    if page.locator("#jb-cards section:not([hidden]) .jb-card").count() > 1:
        assert page.evaluate("document.activeElement.getAttribute('aria-label')") != first
    page.keyboard.press("Enter")
    page.wait_for_selector("#jb-article mark")
    page.wait_for_function("document.activeElement.matches('[data-back]')")
    page.keyboard.press("Tab")  # into the text: one stop, then sentence by sentence
    sentence = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.className").startswith("jb-s")
    assert page.evaluate("document.activeElement.textContent") != sentence
    assert page.locator("#jb-article .jb-lit").count() >= 1
    page.keyboard.press("Escape")
    page.wait_for_selector("#jb-cards .jb-card")
    assert page.evaluate("document.activeElement.classList.contains('jb-card')")


def test_a_narrow_page_has_three_tabs_and_a_mark_leads_from_one_to_the_next(reading):
    page = reading(NARROW, "zh-CN", "dark")
    ask(page, ZH, 1)
    assert not page.locator("#jb-side").is_visible()
    page.click("#m1-1")
    assert page.locator("#c1-1").is_visible()
    assert not page.locator("#jb-chat").is_visible()
    page.click("#c1-1 a.jb-mark")
    assert page.evaluate("document.activeElement.id") == "m1-1"
    page.click(".jb-tab >> text=出处")
    page.click("#c1-1 .jb-open")
    page.wait_for_selector("#jb-article mark")
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW[0]


def test_a_middle_page_keeps_its_conversations_in_a_drawer(reading):
    page = reading(MIDDLE)
    ask(page, EN, 1)
    assert page.locator("#c1-1").is_visible()
    assert not page.locator("#jb-talks").is_visible()
    page.click("[data-drawer]")
    page.wait_for_selector(".jb-talk", state="visible")
    page.keyboard.press("Escape")
    page.wait_for_selector("#jb-talks", state="hidden")
    assert page.evaluate("document.documentElement.scrollWidth") == MIDDLE[0]


def faults(page) -> list[str]:
    """Serious and critical faults that axe finds, each with its first place."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:200]}"
        for each in found
        if each["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en-US", "zh-CN"])
def test_nothing_keeps_anyone_out(reading, language, scheme):
    page = reading(WIDE, language, scheme)
    assert faults(page) == []
    ask(page, ZH if language == "zh-CN" else EN, 1)
    page.click(".jb-more >> nth=0")
    page.click("#t1 .jb-understood summary >> nth=0")
    assert faults(page) == []
    page.click("#c1-1 .jb-open")
    page.wait_for_selector("#jb-article mark")
    page.wait_for_timeout(200)
    assert faults(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en-US", "zh-CN"])
@pytest.mark.parametrize("size", [MIDDLE, NARROW])
def test_nothing_keeps_anyone_out_on_a_smaller_page(reading, size, language, scheme):
    page = reading(size, language, scheme)
    ask(page, ZH if language == "zh-CN" else EN, 1)
    assert faults(page) == []
    page.click("#m1-1")
    assert faults(page) == []
    page.click("#c1-1 .jb-open")
    page.wait_for_selector("#jb-article mark")
    page.wait_for_timeout(200)
    assert faults(page) == []


def test_colours_keep_their_contrast():
    style = (Path(__file__).parents[2] / "ui" / "style.css").read_text("utf-8")
    blocks = re.findall(r"(?::root|\.dark) \{(.*?)\n\}", style, re.DOTALL)
    assert len(blocks) == 2
    for block in blocks:
        colour = dict(re.findall(r"--jb-([\w-]+): (#[0-9a-f]{6})", block))
        for ink in ("ink", "faded", "red"):
            for ground in ("paper", "card"):
                assert contrast(colour[ink], colour[ground]) >= 4.5, (ink, ground)
        for ground in ("wash", "lit"):
            assert contrast(colour["ink"], colour[ground]) >= 4.5
        assert contrast(colour["on-red"], colour["red"]) >= 4.5


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        lin = [
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        ]
        return 0.2126 * lin[0] + 0.7152 * lin[1] + 0.0722 * lin[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
