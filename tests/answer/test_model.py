"""The names of language models, and what is said of their health."""

from __future__ import annotations

import json
from typing import Any

import pytest
from faulty_server import SECRET, Behave, Call, serving

from rag.answer.model import health, load_model
from rag.config import Settings
from rag.errors import ConfigError, ModelError


def model_at(url: str, **settings: Any) -> Any:
    return load_model("openai:test", Settings(model_url=url, **settings))


def test_quote_is_no_model() -> None:
    assert load_model("quote", Settings()) is None
    assert "quotes the archive" in health(None)


@pytest.mark.parametrize("name", ["", "gpt-5", "openai:", ":x", "Quote"])
def test_what_is_not_a_name_is_refused(name: str) -> None:
    with pytest.raises(ModelError, match="not the name of a model"):
        load_model(name, Settings())


def test_an_unknown_provider_is_named() -> None:
    with pytest.raises(ModelError, match="nobody:model"):
        load_model("nobody:model", Settings())


def test_a_provider_without_its_package_says_what_to_install() -> None:
    pytest.importorskip("langchain")
    with pytest.raises(ModelError, match="pip install langchain-cohere"):
        load_model("cohere:command", Settings())


def test_openai_without_a_key_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(ModelError, match="OPENAI_API_KEY"):
        load_model("openai:gpt-5-mini", Settings())


def test_openai_itself_is_asked_at_its_own_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    model: Any = load_model("openai:gpt-4.1-mini", Settings())
    assert model.name == "openai:gpt-4.1-mini"
    assert str(model.chat.root_async_client.base_url) == "https://api.openai.com/v1/"
    assert SECRET not in repr(model)


@pytest.mark.parametrize(
    "url", ["localhost:8080", "ftp://host/v1", "http://", "http://[1", "http://h:99999999/"]
)
def test_what_is_not_an_address_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="not an address"):
        model_at(url)


@pytest.mark.parametrize("url", [f"http://me:{SECRET}@host/v1", f"http://host/v1?key={SECRET}"])
def test_an_address_with_a_password_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(ConfigError) as error:
        model_at(url)
    assert SECRET not in str(error.value)


def listing(*names: str) -> Behave:
    def behave(call: Call) -> None:
        assert "GET /v1/models" in call.headers
        call.head(kind="application/json")
        call.send(
            json.dumps({"object": "list", "data": [{"id": n, "object": "model"} for n in names]})
        )

    return behave


@pytest.mark.parametrize(
    ("behave", "line"),
    [
        (listing("test", "other"), "ready: openai:test"),
        (listing("only"), "ready: openai:test"),
        (listing("some", "other"), "openai:test: the server answers, but does not list this model"),
        (lambda call: None, "no connection"),
        (lambda call: call.error("401 Unauthorized", "x", f"bad {SECRET}"), "the key was refused"),
        (lambda call: call.silence(), "no reply within 2 s"),
        (lambda call: (call.head(kind="text/html"), call.send("<p>")), "openai:test"),
    ],
    ids=["listed", "single", "unlisted", "closed", "key", "silent", "page"],
)
def test_health_is_one_line(behave: Behave, line: str) -> None:
    with serving(behave) as server:
        said = health(model_at(server.url, connect_seconds=2.0))
    assert line in said
    assert said.isprintable()
    assert SECRET not in said
