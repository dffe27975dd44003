"""`gguf:FILE` with a real model, SmolLM2-135M-Instruct, in this process.

The limits are long: how fast the model is on a busy machine is not the matter here.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from rag.answer.local import LocalModel, _serve
from rag.answer.model import Message, health, load_model
from rag.config import Settings
from rag.errors import ModelError, ModelFailed

pytest.importorskip("xllamacpp")

PATIENT = {
    "first_token_seconds": 250,
    "between_tokens_seconds": 100,
    "answer_seconds": 280,
    "context_tokens": 1024,
}
PROMPT = [Message("user", "What is the capital of France? Reply with one short sentence.")]


def load(file: Path, **settings: Any) -> Any:
    return load_model(f"gguf:{file}", Settings(**{**PATIENT, **settings}))


def test_it_streams_a_reply(smollm2: Path) -> None:
    model = load(smollm2, answer_tokens=40)
    pieces = list(model.stream(PROMPT))
    assert len(pieces) > 3
    assert "Paris" in "".join(pieces)


def test_temperature_is_zero(smollm2: Path) -> None:
    """The same question gets the same reply, even from a model this small."""
    model = load(smollm2, answer_tokens=40)
    assert "".join(model.stream(PROMPT)) == "".join(model.stream(PROMPT))


def test_a_whole_reply_is_the_streamed_one(smollm2: Path) -> None:
    [whole] = load(smollm2, answer_tokens=40, model_streams=False).stream(PROMPT)
    assert whole == "".join(load(smollm2, answer_tokens=40).stream(PROMPT))


def test_a_reply_that_is_cut_off_is_said_to_be(smollm2: Path) -> None:
    pieces: list[str] = []
    with pytest.raises(ModelFailed) as failure:
        pieces.extend(load(smollm2, answer_tokens=4).stream(PROMPT))
    assert failure.value.kind == "truncated"
    assert "".join(pieces).strip()


@pytest.mark.parametrize("streams", [True, False])
def test_a_prompt_that_does_not_fit_is_said_to_be(smollm2: Path, streams: bool) -> None:
    prompt = [Message("user", "How many machine tools? " * 1000)]
    with pytest.raises(ModelFailed) as failure:
        list(load(smollm2, model_streams=streams).stream(prompt))
    assert failure.value.kind == "context"
    assert "1024 tokens" in failure.value.message


def test_closing_stops_it_and_frees_it_for_the_next_question(smollm2: Path) -> None:
    """One reply at a time: the second would wait for the first to come to its end."""
    endless = load(smollm2, answer_tokens=900).stream(
        [Message("user", "Count from 1 to 1000, one number a line.")]
    )
    next(endless)
    endless.close()
    assert "Paris" in "".join(load(smollm2, answer_tokens=40).stream(PROMPT))


def test_a_file_is_loaded_once(smollm2: Path) -> None:
    list(load(smollm2, answer_tokens=40).stream(PROMPT))
    before = _serve.cache_info().misses
    list(load(smollm2, answer_tokens=39, first_token_seconds=249).stream(PROMPT))
    assert _serve.cache_info().misses == before


def test_nobody_else_can_ask_it(smollm2: Path) -> None:
    """Its port is open to the whole machine, and to web pages in a browser on it."""
    list(load(smollm2, answer_tokens=40).stream(PROMPT))
    url = _serve(smollm2.resolve(), PATIENT["context_tokens"]).url
    reply = httpx.post(f"{url}/chat/completions", json={"messages": []}, trust_env=False)
    assert reply.status_code == 401
    assert "127.0.0.1" in url


def test_its_name_and_health_say_the_file(smollm2: Path) -> None:
    model = load(smollm2)
    assert model.name == f"gguf:{smollm2.name}"
    assert health(model) == f"ready: gguf:{smollm2.name}, 98 MB"


def test_a_file_that_is_gone_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "m.gguf"
    file.write_bytes(b"GGUF....")
    model = load(file)
    file.unlink()
    assert health(model) == "gguf:m.gguf: the file is gone"


def test_no_file_and_no_gguf_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="No such file"):
        load(tmp_path / "none.gguf")
    with pytest.raises(ModelError, match="Is a directory"):
        load(tmp_path)
    (tmp_path / "page.gguf").write_text("<html>")
    with pytest.raises(ModelError, match="not a GGUF file"):
        load(tmp_path / "page.gguf")


def test_a_damaged_file_is_a_failure_not_a_crash(smollm2: Path, tmp_path: Path) -> None:
    with smollm2.open("rb") as stream:
        start = stream.read(3_000_000)
    for name, data in (("half.gguf", start), ("noise.gguf", b"GGUF" + b"\xff" * 5000)):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(ModelFailed, match="cannot be loaded") as failure:
            list(load(tmp_path / name).stream(PROMPT))
        assert failure.value.kind == "server"


def test_without_the_package_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("rag.answer.local.find_spec", lambda name: None)
    with pytest.raises(ModelError, match=r"pip install 'jiubao\[gguf\]'"):
        LocalModel.open(str(tmp_path / "m.gguf"), Settings())


def test_a_process_ends_while_the_model_is_speaking(smollm2: Path) -> None:
    """Neither a crash, nor a wait for the server to see that nobody listens (30 s), and nothing
    on standard error."""
    code = (
        "import sys, time\n"
        "from rag.answer.model import Message, load_model\n"
        "from rag.config import Settings\n"
        "model = load_model('gguf:' + sys.argv[1], Settings(answer_tokens=900))\n"
        "pieces = model.stream([Message('user', 'Count from 1 to 1000, one number a line.')])\n"
        "assert next(pieces)\n"
        "print(time.time())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(smollm2)], capture_output=True, text=True, timeout=280,
        check=False,
    )  # fmt: skip
    ended = time.time()
    assert (done.returncode, done.stderr) == (0, "")
    assert ended - float(done.stdout) < 20
