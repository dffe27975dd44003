"""What the trials share: articles without end, a tiny real encoder, and what "whole" means."""

from __future__ import annotations

import atexit
import contextlib
import functools
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from rag.archive import Archive
from rag.config import Settings

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


@dataclass
class Outcome:
    """How many trials there were, what went wrong in them, and what there is to say."""

    kind: str
    trials: int = 0
    faults: list[str] = field(default_factory=list)
    notes: dict[str, int] = field(default_factory=dict)

    def note(self, what: str, count: int = 1) -> None:
        self.notes[what] = self.notes.get(what, 0) + count

    def fault(self, what: str) -> None:
        self.faults.append(what)

    @property
    def said(self) -> str:
        return ", ".join(f"{count:,} {what}" for what, count in self.notes.items())


# -- a tiny real encoder: sentence-transformers over a BERT of one layer, one token a character


def tiny_encoder(folder: Path) -> Path:
    """Writes the model's folder, unless it is there."""
    if (folder / "modules.json").exists():
        return folder
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Pooling, Transformer
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    letters = [*map(chr, range(33, 127)), *map(chr, range(0x4E00, 0x9FA6)), *"。，？！：；“”　"]
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    words = {word: number for number, word in enumerate([*special, *letters])}
    tokenizer = Tokenizer(models.WordLevel(words, "[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex("."), "isolated")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    torch.manual_seed(7)
    with tempfile.TemporaryDirectory() as place:
        PreTrainedTokenizerFast(
            tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]",
            sep_token="[SEP]", model_max_length=512,
        ).save_pretrained(place)  # fmt: skip
        BertModel(
            BertConfig(
                vocab_size=len(words), hidden_size=32, num_hidden_layers=1, num_attention_heads=2,
                intermediate_size=32, max_position_embeddings=514,
            ),
        ).save_pretrained(place)  # fmt: skip
        seen = Transformer(place, max_seq_length=512)
        SentenceTransformer(modules=[seen, Pooling(32, "mean")], device="cpu").save(str(folder))
    return folder


# -- articles

_PARTS = ("工人", "农民", "技术", "革新", "水库", "钢铁", "棉花", "铁路", "学校", "合作社", "青年")


def article(number: int, sentences: int = 6) -> str:
    """The file of an article; `word(number)` stands in it and in no other."""
    draw = random.Random(number)
    day = date(1950, 1, 1) + timedelta(days=number % 5000)
    said = [
        f"{''.join(draw.sample(_PARTS, 3))}一共完成了{draw.randint(2, 9999)}项任务"
        f"并且超过计划百分之{draw.randint(2, 99)}。"
        for _ in range(sentences)
    ]
    said[draw.randrange(sentences)] = f"第{word(number)}号工地今天宣布提前完工。"
    return (
        f"### 第{number}号消息\n\n{day.isoformat()}\n第{number % 8 + 1}版\n\n    {''.join(said)}\n"
    )


def word(number: int) -> str:
    return f"X{number:05d}Q"


def write_articles(folder: Path, numbers: range) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        (folder / f"{number:05d}.txt").write_text(article(number), "utf-8")


# -- the archive


def settings(home: Path, encoder: Path, **more: Any) -> Settings:
    return Settings(home=home, encoder=str(encoder), precision="float32", device="cpu", **more)


def finds(archive: Archive, number: int) -> str:
    """What is wrong with what the archive says of an article that it holds; empty where nothing.

    The encoder is a random one: where among the hits the article stands says nothing.
    """
    hits = archive.search(f"第{word(number)}号工地什么时候完工？", k=100)
    held = [hit.passage.passage_id for hit in hits if word(number) in hit.passage.text]
    if len(held) != 1:
        return f"article {number} was found {len(held)} times"
    return ""


def numbers_held(archive: Archive) -> set[int]:
    """The numbers of the articles an archive holds; a number twice raises."""
    held = [int(p.masthead.title["zh"][1:-3]) for p in archive.passages()]
    heads = {p.masthead.article_id for p in archive.passages()}
    if len(heads) != len(set(held)):
        raise AssertionError(f"{len(heads)} articles of {len(set(held))} files")
    return set(held)


# -- processes


_CONTEXT = multiprocessing.get_context("forkserver")
_PRELOAD = ["soak.world", "sentence_transformers", "chromadb", "bm25s", "rag.retrieve.search"]


def start(work: Callable[..., None], *arguments: Any) -> Any:
    """Runs `work` in a process of its own, forked off one that has loaded the libraries."""
    path = dict.fromkeys(
        [str(ROOT), str(HERE.parent), *os.environ.get("PYTHONPATH", "").split(":")]
    )
    with _environment(PYTHONPATH=":".join(path), OMP_NUM_THREADS="1", LD_PRELOAD=shim()):
        _CONTEXT.set_forkserver_preload(_PRELOAD)
        process = _CONTEXT.Process(target=work, args=arguments, daemon=True)
        process.start()
    return process


@contextlib.contextmanager
def _environment(**values: str) -> Iterator[None]:
    """Variables for what is started within."""
    before = dict(os.environ)
    os.environ.update({name: value for name, value in values.items() if value})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@functools.cache
def shim() -> str:
    """The library that makes a disk fail, compiled; empty where there is no C compiler."""
    compiler = shutil.which("cc")
    if not compiler:
        return ""
    folder = Path(tempfile.mkdtemp(prefix="soak-shim-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    library = folder / "baddisk.so"
    command = [
        compiler,
        "-shared",
        "-fPIC",
        "-O1",
        "-o",
        str(library),
        str(HERE / "baddisk.c"),
        "-ldl",
    ]
    subprocess.run(command, check=True, capture_output=True)
    return str(library)


@contextlib.contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raises TimeoutError in what takes longer (main thread only)."""

    def ring(*_: object) -> None:
        raise TimeoutError(f"longer than {seconds} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def workplace() -> Iterator[Path]:
    """A folder for a run, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="soak-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def timed(work: Callable[[], object]) -> float:
    """Seconds that something takes."""
    begun = time.monotonic()
    work()
    return time.monotonic() - begun
