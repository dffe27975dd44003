"""Keys stay out of what is shown; plain words stay in."""

from __future__ import annotations

import time

import pytest
from faulty_server import SECRET

from rag.answer.redact import hide, redact


@pytest.mark.parametrize(
    "text",
    [
        "bad key {}",
        "Authorization: Bearer {}",
        'headers={{"authorization": "Basic {}"}}',
        "http://user:{}@host/v1 refused",
        "GET https://host/v1?key={}&alt=sse",
        "api_key='{}'",
        "x-api-key: {}",
    ],
)
@pytest.mark.parametrize(
    "key", [SECRET, "AIzaSyD4x0nQk3bVw9t8", "hf_abcdefghijkl", "9f8e7d6c5b4a39281706f5e4d3c2b1a0"]
)
def test_keys_are_hidden(text: str, key: str) -> None:
    assert key not in redact(text.format(key))


def test_the_environments_own_keys_are_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_API_KEY", "correct horse")
    assert redact("refused: correct horse battery") == "refused: [hidden] battery"


@pytest.mark.parametrize(
    "text",
    [
        "GET https://u:{}@host/v1",
        "sent Authorization: Bearer {}",
        "x-api-key: {}",
        "密钥{}无效",
    ],
)
def test_what_says_itself_to_be_a_key_is_hidden_in_any_text(text: str) -> None:
    assert SECRET not in hide(text.format(SECRET))


@pytest.mark.parametrize(
    "name",
    [
        "2023-06-01_北京发布高温预警信号_a1b2c3d4e5.md",
        "人民日报1959年11月24日第2版上下齐动手千方百计超额完成任务a.txt",
        "renmin-ribao-1959-11-24-page-2-scan.txt",
        "skeletons.md",
        "9f8e7d6c5b4a39281706f5e4d3c2b1a0.txt",
    ],
)
def test_the_name_of_a_file_is_told(name: str) -> None:
    assert hide(f"there is nothing at {name}") == f"there is nothing at {name}"


def test_a_providers_message_may_hold_hanzi_and_keys() -> None:
    key = "9f8e7d6c5b4a39281706f5e4d3c2b1a0"
    assert redact(f"密钥{key}无效") == "密钥[hidden]无效"
    told = "模型gpt5不存在于当前项目，请检查模型名称或者联系管理员开通gpt5权限后再试"
    assert redact(told) == told


@pytest.mark.parametrize(
    "text",
    [
        "This model's maximum context length is 4096 tokens.",
        "The model `gpt-5-mini` does not exist or you do not have access to it.",
        "request (5031 tokens) exceeds the available context size (2048 tokens)",
        "模型不存在,请检查名称",
    ],
)
def test_plain_words_stay(text: str) -> None:
    assert redact(text) == text


def test_what_is_shown_is_one_short_line() -> None:
    shown = redact("\x1b[31ma\nb\u2028" + "word " * 200)
    assert shown.startswith("[31ma b word")
    assert shown.isprintable()
    assert len(shown) == 200


@pytest.mark.parametrize("run", ["a-", "key", "api-", "://", "sk-", "a1", "bearer "])
def test_a_long_message_is_read_at_once(run: str) -> None:
    start = time.perf_counter()
    redact(run * (100_000 // len(run)))
    redact(f"{run}报" * (100_000 // len(run)))
    assert time.perf_counter() - start < 2
