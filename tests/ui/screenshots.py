"""Pictures of the page for the README and the docs: `make screenshots`.

The page is served over the five sample articles and driven in a real browser; each picture is
written to docs/images. Looking at them is a part of every change of the page.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rag.archive import Archive
from rag.config import Settings
from ui.serve import Serving, served

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
CHROMIUM = "/usr/bin/chromium"
LARGEST = 300_000  # bytes of a picture

ZH = "天津红桥区四天里提出了多少件技术革新建议？"
EN = "Who is Liao Shigang?"
STEEL = "steel production in Chongqing"
WIDE, MIDDLE, NARROW = (1440, 900), (820, 1100), (390, 844)


def ask(page: Any, question: str, turn: int) -> None:
    """Asks and waits for the whole answer."""
    page.fill("#jb-box textarea", question)
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#t{turn} .jb-foot", state="attached")
    page.wait_for_selector("#jb-box .submit-button", state="attached")
    page.wait_for_timeout(800)


def answer(question: str) -> Callable[[Any], None]:
    """An answer with its evidence."""
    return lambda page: ask(page, question, 1)


def article(question: str) -> Callable[[Any], None]:
    """An article, opened at the quoted sentence."""

    def steps(page: Any) -> None:
        ask(page, question, 1)
        page.locator("#jb-cards section:not([hidden]) .jb-open").first.evaluate("e => e.click()")
        page.wait_for_selector("#jb-article mark")
        page.mouse.move(0, 0)

    return steps


def filters(page: Any) -> None:
    """The filters, and a question that they leave nothing for."""
    ask(page, "1961年有什么报道？", 1)
    page.click(".jb-more >> nth=0")
    page.wait_for_timeout(300)


def card(question: str) -> Callable[[Any], None]:
    """The evidence, on a narrow page."""

    def steps(page: Any) -> None:
        ask(page, question, 1)
        page.click("#m1-1")

    return steps


# Name, size, language, light, and what is done before the picture is taken.
PICTURES = (
    ("first-en", WIDE, "en", "light", lambda page: None),
    ("answer-en", WIDE, "en", "light", answer(STEEL)),
    ("article-zh", WIDE, "zh", "light", article(ZH)),
    ("filters-zh-dark", WIDE, "zh", "dark", filters),
    ("article-en-dark", WIDE, "en", "dark", article(EN)),
    ("answer-zh-middle", MIDDLE, "zh", "light", answer(ZH)),
    ("answer-en-narrow-dark", NARROW, "en", "dark", answer(EN)),
    ("evidence-zh-narrow", NARROW, "zh", "light", card(ZH)),
)


def main() -> None:
    """Serves the sample articles and takes every picture."""
    with (
        tempfile.TemporaryDirectory() as home,
        Archive(Settings(home=Path(home))) as archive,
    ):
        archive.ingest([ROOT / "seeds"])
        with served(archive, Serving()) as address:
            take(address)


def take(address: str) -> None:
    """Takes every picture of the page at `address`."""
    from playwright.sync_api import sync_playwright

    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name, size, language, scheme, steps in PICTURES:
            page = browser.new_page(
                viewport={"width": size[0], "height": size[1]},
                locale={"zh": "zh-CN", "en": "en-GB"}[language],
                color_scheme=scheme,
            )
            page.set_default_timeout(90_000)
            page.goto(address)
            page.wait_for_selector(".jb-first-sight")
            page.wait_for_timeout(800)
            steps(page)
            page.wait_for_timeout(500)
            path = IMAGES / f"{name}.png"
            write(page.screenshot(), path)
            page.close()
            print(path.relative_to(ROOT))  # noqa: T201
        browser.close()


def write(picture: bytes, path: Path) -> None:
    """Writes a picture in 256 colours, which paper and ink do not need more of."""
    from PIL import Image

    with Image.open(io.BytesIO(picture)) as image:
        image.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)
    if path.stat().st_size > LARGEST:
        raise SystemExit(f"{path} is larger than {LARGEST:,} bytes")


if __name__ == "__main__":
    main()
