"""The page, served for real and driven by a real browser; and what it says when things go wrong."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from rag.archive import Archive
from rag.errors import BadQuestion, JiubaoError
from rag.types import Filter, Period
from ui.conversation import REMEMBERED, answer_live, context_of, typed_filter
from ui.page import build_page
from ui.render import Exchange
from ui.serve import check_host, check_port, launch
from ui.texts import SAMPLES

ZH = "天津红桥区四天里提出了多少件技术革新建议？"
EN = "Who is Liao Shigang?"
CHROMIUM = Path("/usr/bin/chromium")
QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
)


@pytest.fixture(scope="module")
def archive(seeds_home) -> Iterator[Archive]:
    with Archive.open(seeds_home) as opened:
        yield opened


@pytest.fixture(scope="module")
def address(archive) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    page = build_page(archive)
    yield launch(page, "127.0.0.1", port)
    page.close(verbose=False)


@contextmanager
def browsing(address: str, **options):
    """A page in a real browser, and every address it asked for off the page's own origin."""
    if not CHROMIUM.exists():
        pytest.skip(f"no browser at {CHROMIUM}: apt-get install chromium fonts-noto-cjk")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
        page = browser.new_page(**options)
        strays: list[str] = []
        page.on("request", lambda request: strays.append(request.url))
        page.goto(address)
        page.wait_for_selector("#jb-box textarea")
        yield page, strays
        browser.close()
    assert [url for url in strays if not url.startswith((address, "data:", "blob:"))] == []


def ask(page, question: str, turn: int) -> None:
    page.fill("#jb-box textarea", question)
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#c{turn}-1")


def test_a_reader_asks_in_both_languages_and_sees_the_evidence(address):
    with browsing(address) as (page, _):
        assert "5 articles, 1953 to 1959" in page.inner_text(".jb-top")
        assert page.locator("#jb-samples button").count() == len(SAMPLES)
        ask(page, ZH, 1)
        card = page.inner_text("#c1-1")
        for part in ("1959-11-24", "第2版", "上下齐动手", "原文 Original", "译文 Translation"):
            assert part in card
        evidence = page.inner_text("#jb-evidence")
        assert "二十多万件" in evidence
        assert "200,000" in evidence
        ask(page, EN, 2)
        card = page.inner_text("#c2-1")
        assert "Liao Shigang" in card
        assert "廖世刚" in card
        page.click("#m1-1")  # its card is folded away by now
        assert page.evaluate("document.activeElement.id") == "c1-1"
        assert page.locator("#c1-1").is_visible()


def test_a_filter_and_a_mistake_in_it_are_answered_in_words(address):
    with browsing(address) as (page, _):
        page.get_by_text("筛选 Filters").click()
        page.get_by_label("自 From").fill("someday")
        page.fill("#jb-box textarea", EN)
        page.keyboard.press("Enter")
        page.get_by_text("'someday' is not a date").wait_for()


def test_the_server_keeps_to_itself(address):
    response = httpx.get(address, trust_env=False)
    assert response.status_code == 200
    assert "default-src 'self'" in response.headers["content-security-policy"]
    assert response.headers["referrer-policy"] == "no-referrer"
    forged = httpx.get(address, headers={"host": "evil.example"}, trust_env=False)
    assert forged.status_code == 400
    info = httpx.get(f"{address}gradio_api/info", trust_env=False)
    assert info.json()["named_endpoints"] == {}
    assert info.json()["unnamed_endpoints"] == {}
    for path in ("/etc/passwd", str(Path(__file__).resolve())):
        file = httpx.get(f"{address}gradio_api/file={path}", trust_env=False)
        assert file.status_code in {403, 404}


def test_only_this_machine_and_only_a_free_port():
    check_host("127.0.0.1")
    with pytest.raises(JiubaoError, match="authentication"):
        check_host("0.0.0.0")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(JiubaoError, match=f"port {port} .*--port {port + 1}"):
            check_port("127.0.0.1", port)


def test_a_question_that_cannot_be_used_is_answered_in_words(archive):
    *_, last = answer_live(archive, " ", ())
    assert "empty" in last[-1].note
    *_, last = answer_live(archive, EN, (), ("1960", "1959"))
    assert "ends" in last[-1].note
    assert last[-1].answer is None


def test_a_mistake_of_ours_leaves_the_page_alive(archive, monkeypatch):
    monkeypatch.setattr(Archive, "stream", lambda *_: 1 / 0)
    *_, last = answer_live(archive, EN, ())
    assert last[-1].note == "No answer could be given."


def test_a_long_conversation_is_cut_at_its_beginning(archive):
    *_, last = answer_live(archive, " ", (Exchange("old", "en"),) * REMEMBERED)
    assert len(last) == REMEMBERED


def test_the_context_of_a_quote_is_its_neighbours_in_the_article(archive):
    *_, last = answer_live(archive, ZH, ())
    exchange = last[-1]
    for citation, context in zip(exchange.answer.citations, exchange.contexts, strict=True):
        article = archive.article(citation.masthead.article_id)
        body = article.text(citation.quote.language).body
        assert context == context_of(citation, article)
        assert f"{context.before}{citation.quote.text}{context.after}" in body
        assert "\n" not in context.before + context.after


def test_blank_fields_filter_nothing():
    from datetime import date

    assert typed_filter("", None, " ", "", None) == Filter()
    period = Period(date(1959, 1, 1), date(1959, 12, 31))
    assert typed_filter("1959", "1959", "2", "zh", "舒堤") == Filter(period, 2, "zh", "舒堤")
    with pytest.raises(BadQuestion, match="is not a page"):
        typed_filter(page="two")
