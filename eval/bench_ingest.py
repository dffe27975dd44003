"""Measures taking articles in, in one run: `make bench-ingest`.

The same news articles go, end to end, through `Archive.ingest`, through LangChain's tutorial
pipeline with the same weights, and their passages through the encoder alone. jiubao runs in the
precision that the processor does faster, the pipeline in float32, as it loads a model, and once
more in jiubao's. Each side runs in a process of its own, so that its peak memory is its own;
loading the model is left out of each.
`--all` measures growth besides: `eval/bench_growth.py`.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.table import Table

from rag import Archive
from rag.config import cache_folder, load_settings
from rag.corpus.reader import read_article
from rag.corpus.walker import walk
from rag.errors import JiubaoError, NotFound
from rag.index.batches import batches
from rag.index.bundled import bundled_folder
from rag.index.encoder import BATCH_TOKENS, Encoder
from rag.index.prepare import Cut

NEWS = Path(__file__).resolve().parents[2] / "shared" / "bench" / "news-zh-20k.tar.xz"
# What is only compared with lies beside the packages: langchain-huggingface asks for an older
# huggingface_hub than the rest, and does not need it.
PEERS = Path(sys.prefix) / "peers"

# Not a side: tells in which precision jiubao runs here.
_PRECISION = "precision"

Facts = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the tables; 1 where the articles are not there."""
    parser = argparse.ArgumentParser(prog="make bench-ingest", description=__doc__)
    parser.add_argument("--articles", type=int, default=5_000)
    parser.add_argument("--all", action="store_true", help="growth, stopping and going on as well")
    parser.add_argument("--side", choices=[*SIDES, _PRECISION], help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.side == _PRECISION:
        say(precision=_precision(load_encoder().model))
        return 0
    if chosen.side:
        SIDES[chosen.side](chosen.folder)
        return 0
    console = Console(width=100)
    try:
        with TemporaryDirectory() as temporary:
            console.print(_compare(Path(temporary), chosen.articles))
        if chosen.all:
            from eval.bench_growth import growth

            console.print(growth())
    except JiubaoError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


def unpack(folder: Path, count: int, skip: int = 0) -> Path:
    """Writes `count` articles, drawn evenly from the news after the first `skip` of every two
    hundred, into a new folder below `folder`.

    Raises:
        NotFound: the news is not there.
    """
    if not NEWS.is_file():
        raise NotFound(f"there is no {NEWS}", "put the shared folder beside the project")
    place = folder / f"news-{count}-{skip}"
    place.mkdir(parents=True)
    with tarfile.open(NEWS) as tar:
        names = sorted(name for name in tar.getnames() if name.endswith(".md"))
    kept = [name for number, name in enumerate(names) if (number % 200 == 7) == bool(skip)]
    wanted = set(kept[:: max(1, len(kept) // count)][:count])
    with tarfile.open(NEWS) as tar:
        for member in tar:
            if member.name in wanted and (file := tar.extractfile(member)):
                (place / Path(member.name).name).write_bytes(file.read())
    return place


def child(*arguments: str) -> Facts:
    """What a process running one side says of itself, in its last line."""
    command = [sys.executable, "-m", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise JiubaoError(f"{' '.join(arguments)} failed: {done.stderr.strip()[-2000:]}")
    facts: Facts = json.loads(done.stdout.strip().splitlines()[-1])
    return facts


def say(**facts: Any) -> None:
    """Prints facts, with the peak memory of this process in MB, as one line of JSON."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"peak": peak, **facts}), flush=True)  # noqa: T201


def load_encoder() -> Encoder:
    """The encoder of the settings, warmed up."""
    chosen = load_settings()
    encoder = Encoder.load(chosen.encoder, chosen.device, chosen.precision, chosen.cache)
    encoder.encode_passages(["天津市红桥区工业职工提出了二十多万件技术革新建议。" * 6] * 16)
    return encoder


def _compare(temporary: Path, count: int) -> Table:
    folder = unpack(temporary, count)
    files = sorted(folder.iterdir())
    characters = sum(len(file.read_text("utf-8")) for file in files)
    said = {
        side: child("eval.bench_ingest", "--side", side, "--folder", str(folder)) for side in SIDES
    }
    table = Table(title=f"{len(files):,} articles, {characters:,} characters (ratios count)")
    for name in ("", "pieces", "seconds", "characters/s", "jiubao is", "peak MB"):
        table.add_column(name, justify="right" if name else "left")
    ours = said["ingest"]["seconds"]
    for side, facts in said.items():
        if "seconds" not in facts:
            table.add_row(side, facts["skipped"])
            continue
        rate = characters / facts["seconds"]
        table.add_row(
            f"{side} ({facts['how']})",
            f"{facts['pieces']:,}",
            f"{facts['seconds']:.1f}",
            f"{rate:,.0f}",
            "" if side == "ingest" else f"{facts['seconds'] / ours:.2f} x",
            f"{facts['peak']:,}",
        )
    return table


def _ingest(folder: Path) -> None:
    with (
        TemporaryDirectory() as home,
        Archive.open(settings=load_settings(home=Path(home))) as archive,
    ):
        archive.encoder = load_encoder()
        report = archive.ingest([folder])
        how = f"Archive.ingest, whole, {_precision(archive.encoder.model)}"
        say(seconds=report.seconds, pieces=report.passages, how=how)


def _passages(folder: Path, encoder: Encoder) -> list[str]:
    """What the encoder sees of the articles in a folder."""
    length = load_settings().passage_tokens
    cuts = (Cut.of(read_article(file.data, file.source), encoder, length) for file in walk(folder))
    return [seen for cut in cuts for _, seen, _ in cut.passages]


def _encode(folder: Path) -> None:
    """The encoder of `ingest`, with all passages at once."""
    encoder = load_encoder()
    texts = _passages(folder, encoder)
    start = time.perf_counter()
    encoder.encode_passages(texts)
    alone = time.perf_counter() - start
    how = f"encoder alone, a batch a core, {_precision(encoder.model)}"
    say(seconds=alone, pieces=len(texts), how=how)


def _bare(folder: Path) -> None:
    """sentence-transformers itself, fed the same batches one after the other."""
    encoder = load_encoder()
    texts = _passages(folder, encoder)
    start = time.perf_counter()
    for batch in batches(encoder.count_tokens(texts), BATCH_TOKENS["cpu"], encoder.max_tokens):
        encoder.model.encode_document([texts[i] for i in batch], batch_size=len(batch))
    say(
        seconds=time.perf_counter() - start,
        pieces=len(texts),
        how=f"SentenceTransformer.encode, same batches, {_precision(encoder.model)}",
    )


def _langchain(folder: Path) -> None:
    """The tutorial's pipeline, in float32 as it loads a model."""
    _tutorial(folder, {})


def _langchain_alike(folder: Path) -> None:
    """The tutorial's pipeline in jiubao's precision, which a process of its own tells: an encoder
    loaded here would count in the peak."""
    precision = child("eval.bench_ingest", "--side", _PRECISION)["precision"]
    if precision == "float32":
        say(skipped="not measured: jiubao runs in float32 here, as the pipeline above does")
    else:
        _tutorial(folder, {"model_kwargs": {"dtype": precision}})


def _tutorial(folder: Path, settings: dict[str, Any]) -> None:
    """The tutorial's pipeline, its SentenceTransformer loaded with settings."""
    sys.path.append(str(PEERS))
    try:
        from langchain_chroma import Chroma
        from langchain_core.documents import Document
        from langchain_huggingface import HuggingFaceEmbeddings
        from langchain_text_splitters import RecursiveCharacterTextSplitter
    except ImportError as error:
        say(skipped=f"not measured: {error}; run `make bench-ingest`")
        return
    embeddings = HuggingFaceEmbeddings(
        model_name=str(bundled_folder(cache_folder())), model_kwargs=settings
    )
    embeddings.embed_documents(["天津市红桥区工业职工提出了二十多万件技术革新建议。" * 6] * 16)
    with TemporaryDirectory() as home:
        start = time.perf_counter()
        documents = [
            Document(page_content=file.read_text("utf-8"), metadata={"source": file.name})
            for file in sorted(folder.iterdir())
        ]
        splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
        splits = splitter.split_documents(documents)
        Chroma.from_documents(splits, embeddings, persist_directory=home)
        say(
            seconds=time.perf_counter() - start,
            pieces=len(splits),
            how=f"the tutorial's pipeline, {_precision(embeddings._client)}",
        )


def _precision(model: Any) -> str:
    """Of a SentenceTransformer's weights: `float32` or `bfloat16`."""
    return str(model.dtype).removeprefix("torch.")


SIDES: dict[str, Callable[[Path], None]] = {
    "ingest": _ingest,
    "encoder": _encode,
    "sentence-transformers": _bare,
    "LangChain": _langchain,
    "LangChain, same precision": _langchain_alike,
}

if __name__ == "__main__":
    sys.exit(main())
