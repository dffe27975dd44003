"""A hundred and fifty payloads in what others write, shown by a real browser: they stay text."""

import itertools
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from served_page import browser, users
from ui_values import ATTACK

from rag.archive import Archive
from rag.config import Settings
from rag.types import Answer, Verdict
from ui.conversation import REMEMBERED
from ui.notebook import Notebook
from ui.serve import Serving, served

EVIL = "http://evil.example"
# Each would open a dialog, set a flag or ask another machine. `{n}` is the payload's number.
VECTORS = [
    json.loads(line) for line in Path(__file__).with_name("payloads.jsonl").read_text().splitlines()
]
FORMS = ("", "<<")
PAYLOADS = [
    form + vector.replace("{n}", str(number)).replace("{e}", EVIL)
    for number, (form, vector) in enumerate(itertools.product(FORMS, VECTORS))
][:150]
SIGN = "P{}Q"  # what shows that a payload was on the page


class Parrot:
    """A language model that says a payload to whatever it is asked, with every mark there is."""

    name = ATTACK

    def stream(self, messages):
        shown = "\n".join(message.text for message in messages)
        marks = "".join(re.findall(r"^\[\d+\]", shown, re.MULTILINE)[:3])
        for payload in PAYLOADS[::10]:
            yield f"{payload} {marks}.\n"
        yield f"廖世刚 Liao Shigang {PAYLOADS[0]} {marks}"

    def health(self):
        return ATTACK


@pytest.fixture(scope="module")
def home(tmp_path_factory, encoder) -> Path:
    """An archive of articles whose titles, texts, authors and file names are payloads."""
    folder = tmp_path_factory.mktemp("hostile")
    for number, payload in enumerate(PAYLOADS[:12]):
        name = re.sub(r"[/\0]", "∕", f"{number}{payload}")[:60]
        line = " ".join(payload.split())
        (folder / f"{name}.txt").write_text(
            f"### 钢铁厂增产{line}\n{line}\n1959-0{number % 9 + 1}-03\n第2版()\n专栏：{line}\n\n"
            f"    鞍山{number}号钢铁厂{line}今年生产了{number + 1_000}吨钢。{line}工人们很高兴。\n",
            encoding="utf-8",
        )
    home = tmp_path_factory.mktemp("home")
    with Archive(Settings(home=home)) as archive:
        archive.encoder = encoder
        assert archive.ingest([folder]).added == 12
    return home


def poisoned(answer: Answer, number: int, payload: str) -> Answer:
    """An answer in which every text that others write is the payload."""
    sign = f"{SIGN.format(number)}{payload}"
    (citation, *_) = answer.citations
    masthead = replace(
        citation.masthead,
        title={"zh": sign, "en": sign},
        authors=(sign, sign),
        section=sign,
        source=f"{sign}.txt",
    )
    bad = replace(citation, mark=1, masthead=masthead, quote=replace(citation.quote, text=sign))
    question = replace(answer.question, text=sign, names=(sign,), numbers=(sign,))
    states = ("complete", "degraded", "truncated", "refused", "failed")
    return replace(
        answer,
        question=question,
        state=states[number % 5],
        text=f"{sign}[1]\n{sign}[1]",
        citations=(bad, replace(bad, mark=2, counterpart=bad.quote)),
        verdicts=(Verdict(f"{sign}[1]", "partial", sign), Verdict(sign, "unsupported", sign)),
        model=sign,
        standalone=sign,
        note=sign,
    )


@pytest.fixture(scope="module")
def shown(home, tmp_path_factory, encoder):
    """The page's address, and the conversations of the user `wang` that hold the payloads."""
    with Archive(Settings(home=home)) as archive:
        archive.encoder = encoder
        answer = archive.ask("鞍山3号钢铁厂今年生产了多少吨钢？")
        assert answer.citations
        book = Notebook(home)
        talks = []
        for start in range(0, len(PAYLOADS), REMEMBERED):
            talks.append(book.begin("wang"))
            for number in range(start, min(start + REMEMBERED, len(PAYLOADS))):
                book.append("wang", talks[-1], poisoned(answer, number, PAYLOADS[number]))
            book.rate("wang", talks[-1], 1, "down", PAYLOADS[start])
        book.close()
        archive._models["quote"] = Parrot()
        file = users(tmp_path_factory.mktemp("users"))
        how = Serving(auth=file, upload=True)
        with served(archive, how) as address:
            yield address, talks, [hit.passage.masthead.article_id for hit in answer.hits]


@pytest.fixture
def page(shown):
    """A signed-in page, watched: it must open no dialog, ask nobody else and run no payload."""
    from served_page import PASSWORDS

    address, *_ = shown
    with browser() as opened:
        page = opened.new_context().new_page()
        faults: list[str] = []
        page.on("dialog", lambda dialog: (faults.append(dialog.message), dialog.dismiss()))
        page.on(
            "request",
            lambda request: (
                request.url.startswith((address, "data:", "blob:")) or faults.append(request.url)
            ),
        )
        page.on("popup", lambda popup: faults.append(popup.url))
        page.on(
            "console",
            lambda said: "Content Security Policy" in said.text and faults.append(said.text),
        )
        page.goto(address)
        page.fill("#username", "wang")
        page.fill("#password", PASSWORDS["wang"])
        page.keyboard.press("Enter")
        page.wait_for_selector("#jb-box textarea")
        page.wait_for_function("sessionStorage.getItem('jb-talk') !== null")  # it has arrived
        yield page
        page.wait_for_timeout(500)
        assert page.url.startswith(address)
        assert faults == []


FOREIGN = (
    "script, iframe, object, embed, img, video, audio, base, meta, link, style, math, template, "
    "marquee, svg image, svg use, svg script, svg animate, foreignObject, [onerror], [onload], "
    "[onclick], [onfocus], [onmouseover], [href^='javascript:'], [href^='data:'], [src], [srcdoc]"
)


def strangers(page, region: str) -> list[str]:
    """Elements of a region that its own rendering never makes."""
    return page.eval_on_selector_all(
        ", ".join(f"{region} {each.strip()}" for each in FOREIGN.split(",")),
        "all => all.map(each => each.outerHTML.slice(0, 200))",
    )


def test_there_are_a_hundred_and_fifty_and_no_two_are_the_same():
    assert len(set(PAYLOADS)) == 150


def test_payloads_in_kept_answers_stay_text(page, shown):
    _, talks, _ = shown
    seen = set()
    for talk in talks:
        page.evaluate(f"sessionStorage.setItem('jb-talk', '{talk}')")
        page.reload()
        page.wait_for_selector("#jb-log .jb-turn")
        log = page.text_content("#jb-log") + page.text_content("#jb-cards")
        seen |= {n for n in range(len(PAYLOADS)) if SIGN.format(n) in log}
        for region in ("#jb-log", "#jb-cards", "#jb-talks"):
            assert strangers(page, region) == []
        page.locator("#jb-log .jb-why").first.evaluate("node => node.parentElement.focus()")
        for mark in page.locator("#jb-log a.jb-mark, #jb-log button.jb-mark").all()[:3]:
            mark.click()
    assert seen == set(range(len(PAYLOADS)))


def test_payloads_in_questions_replies_articles_and_file_names_stay_text(page, shown):
    address, _, articles = shown
    for question in (f"鞍山3号钢铁厂今年生产了多少吨钢？{PAYLOADS[4]}", PAYLOADS[0]):
        turns = page.locator("#jb-log .jb-turn").count()
        page.fill("#jb-box textarea", question)
        page.keyboard.press("Enter")
        page.wait_for_function(
            "before => document.querySelectorAll('#jb-log .jb-turn').length > before", arg=turns
        )
        page.wait_for_timeout(2_000)
        for region in ("#jb-log", "#jb-cards", "#jb-talks"):
            assert strangers(page, region) == []
        assert question[:12] in page.text_content("#jb-log")
    for article in articles[:3]:
        page.goto(f"{address}?article={article}&from=0&to=5")
        page.wait_for_function(
            "() => document.querySelector('#jb-article')?.textContent.includes('鞍山')"
        )
        assert strangers(page, "#jb-article") == []
    page.goto(f"{address}?article={PAYLOADS[3]}&from={PAYLOADS[5]}&to=x")
    page.wait_for_selector("#jb-box textarea")
    assert strangers(page, "#jb-article") == []


def test_payloads_in_names_of_uploaded_files_stay_text(page):
    page.locator("#jb-upload button").first.click()
    names = [re.sub(r"[/\0]", "∕", payload)[:80] + ".txt" for payload in PAYLOADS[:3]]
    page.locator("#jb-upload input[type=file]").set_input_files(
        [{"name": name, "mimeType": "text/plain", "buffer": b"none"} for name in names]
    )
    page.wait_for_timeout(1_000)
    page.locator("#jb-upload-start").click()
    page.wait_for_function("() => document.querySelector('#jb-upload-told').textContent.length > 5")
    page.wait_for_timeout(1_500)
    assert strangers(page, "#jb-upload-told") == []
