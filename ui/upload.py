"""Adding articles from the page: files or archives, taken in while the reader watches.

What is uploaded is kept below the archive's home, a folder an upload, so that a file never takes
the place of another upload's file of the same name.
"""

from __future__ import annotations

import logging
import queue
import secrets
import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from rag.archive import Archive
from rag.corpus.archives import ARCHIVE_SUFFIXES
from rag.errors import BadQuestion, JiubaoError
from rag.types import IngestReport, Progress, ReadFailure
from ui.render import escape, notice
from ui.safe import one_line

FOLDER = "uploads"
SUFFIXES = (".txt", ".md", *ARCHIVE_SUFFIXES)
MOST_FILES = 1_000  # files in one upload
MOST_BYTES = 256 * 1024 * 1024  # of one upload
DRAWN_EVERY = 0.2  # seconds
SHOWN = 200  # failures that are listed; more are counted

log = logging.getLogger("jiubao")


def upload_panel(archive: Archive) -> None:
    """The panel, with its own events; to be called inside a Blocks context.

    Only one upload is taken in at a time; others wait in the queue.
    """
    with gr.Accordion("添加文章 Add articles", open=False, elem_id="jb-upload"):
        files = gr.File(
            label=f"文件或压缩包 Files or archives ({', '.join(SUFFIXES)})",
            file_count="multiple",
            file_types=list(SUFFIXES),
            type="filepath",
            elem_id="jb-upload-files",
        )
        start = gr.Button("添加 Add", variant="primary", elem_id="jb-upload-start")
        told = gr.HTML("", elem_id="jb-upload-told")

        def take_in(paths: list[str] | None) -> Iterator[tuple[str, Any]]:
            for view in add_articles(archive, [Path(path) for path in paths or ()]):
                yield view, gr.skip()
            yield gr.skip(), None

        start.click(
            take_in,
            files,
            [told, files],
            concurrency_limit=1,
            concurrency_id="upload",
            api_visibility="private",
            show_progress="hidden",
        )


def add_articles(archive: Archive, files: Sequence[Path]) -> Iterator[str]:
    """Takes files in and says how far it is, as HTML; what goes wrong is said, not raised."""
    try:
        folder = store(files, archive.settings.home / FOLDER)
    except (JiubaoError, OSError) as error:
        yield notice(str(error))
        return
    yield bar(Progress("reading", 0, 0, 0, 0.0))
    reports: queue.Queue[Progress | IngestReport | Exception] = queue.Queue()

    def work() -> None:
        try:
            reports.put(archive.ingest([folder], progress=reports.put))
        except Exception as error:
            reports.put(error)

    threading.Thread(target=work, name="upload", daemon=True).start()
    while True:
        news = _latest(reports)
        if isinstance(news, Progress):
            yield bar(news)
            continue
        if isinstance(news, IngestReport):
            yield report(news)
        elif isinstance(news, JiubaoError):
            yield notice(str(news))
        else:
            log.error("an upload failed", exc_info=news)
            yield notice("未能添加。 The articles could not be added.")
        return


def store(files: Sequence[Path], folder: Path) -> Path:
    """Moves uploaded files into a new folder below `folder`; that folder.

    Raises:
        BadQuestion: there are none, too many, or they are too large together; a name cannot be
            used, or two are the same. Nothing is kept then.
    """
    if not files:
        raise BadQuestion("没有选择文件 no file was chosen", "选择文件 choose files first")
    if len(files) > MOST_FILES:
        raise BadQuestion(
            f"{len(files):,} files are more than {MOST_FILES:,}", "打包上传 pack them into a .zip"
        )
    size = sum(file.stat().st_size for file in files)
    if size > MOST_BYTES:
        raise BadQuestion(
            f"{size / 2**20:,.0f} MiB are more than {MOST_BYTES // 2**20} MiB",
            "分几次上传 upload them in parts",
        )
    names = [safe_name(file.name) for file in files]
    for name in names:
        if names.count(name) > 1:
            raise BadQuestion(f"two files are named {name!r}", "改名或打包 rename or pack them")
    kept = folder / f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(4)}"
    kept.mkdir(parents=True)
    for file, name in zip(files, names, strict=True):
        shutil.move(file, kept / name)
    return kept


def safe_name(name: str) -> str:
    """A file's name, if it is one that may be kept.

    Raises:
        BadQuestion: it is hidden, leads elsewhere, holds characters that act, or is no kind of
            file that articles come in.
    """
    if not name.lower().endswith(SUFFIXES):
        raise BadQuestion(
            f"{name!r} is no article or archive", f"上传 upload {', '.join(SUFFIXES)}"
        )
    if name.startswith(".") or len(name) > 200 or one_line(name) != name or set(name) & set("/\\:"):
        raise BadQuestion(f"the name {name!r} cannot be used", "改名 rename the file")
    return name


def bar(progress: Progress) -> str:
    """How far it is: a bar, the rate and the time left."""
    stages = {
        "encoder": "正在加载模型 Loading the model",
        "reading": "正在读取 Reading",
        "indexing": "正在编制索引 Indexing",
    }
    words = [stages[progress.stage]]
    if progress.total:
        words.append(f"{progress.done:,} / {progress.total:,}")
    if progress.rate:
        words.append(f"{progress.rate:,.1f} 段/秒 passages/s")
    if progress.seconds_left is not None and progress.done < progress.total:
        words.append(f"还需 {progress.seconds_left:,.0f} 秒 s left")
    known = f' value="{progress.done}" max="{progress.total}"' if progress.total else ""
    return (
        f'<div class="jb-progress" role="status"><progress{known} aria-label="进度 Progress">'
        f"</progress><p>{escape(' · '.join(words))}</p></div>"
    )


def report(done: IngestReport) -> str:
    """What came of it, and every file that could not be read, with the reason."""
    counts = (
        f"新增 {done.added:,} added · 更新 {done.updated:,} updated · "
        f"未变 {done.unchanged:,} unchanged · 失败 {len(done.failed):,} failed · "
        f"共 {done.articles:,} articles now"
    )
    rows = "".join(_failure(each) for each in done.failed[:SHOWN])
    more = len(done.failed) - SHOWN
    rest = f"<p>… {more:,} 个未列出 more</p>" if more > 0 else ""
    listed = f'<ul class="jb-failed">{rows}</ul>{rest}' if rows else ""
    return f'<div class="jb-report" role="status"><p>{escape(counts)}</p>{listed}</div>'


def _failure(failure: ReadFailure) -> str:
    return f"<li><code>{escape(failure.source)}</code> {escape(failure.error)}</li>"


def _latest(
    news: queue.Queue[Progress | IngestReport | Exception],
) -> Progress | IngestReport | Exception:
    """The newest of what has come, at least one; a page need not draw every step."""
    latest = news.get()
    until = time.monotonic() + DRAWN_EVERY
    while isinstance(latest, Progress) and (left := until - time.monotonic()) > 0:
        try:
            latest = news.get(timeout=left)
        except queue.Empty:
            break
    return latest
