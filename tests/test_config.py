"""Settings: flags over environment over file, and no misspelt key is ignored anywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.config import load_settings
from rag.errors import ConfigError

SECRET = "sk-do-not-print-me"


def write(home: Path, text: str) -> None:
    (home / "jiubao.toml").write_text(text, "utf-8")


def refused(**flags: object) -> str:
    with pytest.raises(ConfigError) as caught:
        load_settings(**flags)
    assert caught.value.remedy
    assert "\n" not in str(caught.value)
    assert SECRET not in str(caught.value)
    return str(caught.value)


def test_flags_go_over_the_environment_and_that_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert load_settings(home=tmp_path).passage_tokens == 440
    write(tmp_path, 'passage_tokens = 100\nencoder = "there"')
    assert load_settings(home=tmp_path).passage_tokens == 100
    monkeypatch.setenv("JIUBAO_PASSAGE_TOKENS", "200")
    assert load_settings(home=tmp_path).passage_tokens == 200
    found = load_settings(home=tmp_path, passage_tokens=300, encoder=None)
    assert (found.passage_tokens, found.encoder) == (300, "there")


def test_the_home_comes_from_a_flag_or_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIUBAO_HOME", str(tmp_path / "one"))
    assert load_settings().home == tmp_path / "one"
    assert load_settings(home=tmp_path / "two").home == tmp_path / "two"
    monkeypatch.delenv("JIUBAO_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert load_settings().home.is_relative_to(tmp_path)


def test_a_tilde_is_the_users_folder_wherever_it_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("JIUBAO_HOME", "~/papers")
    monkeypatch.setenv("JIUBAO_CACHE", "~/made")
    found = load_settings()
    assert (found.home, found.cache) == (tmp_path / "papers", tmp_path / "made")
    assert load_settings(home=Path("~/others")).home == tmp_path / "others"
    assert "`home`" in refused(home=Path("~nobody-of-that-name/papers"))


def test_an_empty_name_in_the_environment_sets_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unset = load_settings(cache=tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    for name in ("HOME", "MODELS", "PASSAGE_TOKENS", "PRECISION"):
        monkeypatch.setenv(f"JIUBAO_{name}", "")
    found = load_settings()
    assert found.home == tmp_path / "jiubao"
    assert (found.models, found.passage_tokens) == (unset.models, unset.passage_tokens)
    write(tmp_path, "passage_tokens = 100")
    assert load_settings(home=tmp_path).passage_tokens == 100


@pytest.mark.parametrize("value", ["openai:gpt-5-mini", SECRET, "[", '{"a": 1}', "1"])
def test_a_list_in_the_environment_that_is_none_is_told_its_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("JIUBAO_MODELS", value)
    told = refused(home=tmp_path)
    assert "`models`" in told
    assert '["a", "b"]' in told


def test_the_file_is_read_from_the_home_that_the_environment_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, 'precision = "float32"')
    monkeypatch.setenv("JIUBAO_HOME", str(tmp_path))
    assert load_settings().precision == "float32"


def test_an_unknown_flag_is_named(tmp_path: Path) -> None:
    assert "`pasage_tokens`" in refused(home=tmp_path, pasage_tokens=100)


@pytest.mark.parametrize("name", ["JIUBAO_PASAGE_TOKENS", "jiubao_pasage_tokens"])
def test_an_unknown_name_in_the_environment_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, SECRET)
    assert "JIUBAO_PASAGE_TOKENS" in refused(home=tmp_path)


@pytest.mark.parametrize("line", [f'api_key = "{SECRET}"', f'[api_key]\nopenai = "{SECRET}"'])
def test_an_unknown_key_in_the_file_is_named(tmp_path: Path, line: str) -> None:
    write(tmp_path, line)
    message = refused(home=tmp_path)
    assert "`api_key`" in message
    assert str(tmp_path / "jiubao.toml") in message


@pytest.mark.parametrize("key", ["passage_tokens", "device", "precision"])
def test_a_bad_value_is_named_by_its_key_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    assert f"`{key}`" in refused(home=tmp_path, **{key: SECRET})
    write(tmp_path, f'{key} = "{SECRET}"')
    assert f"`{key}`" in refused(home=tmp_path)
    (tmp_path / "jiubao.toml").unlink()
    monkeypatch.setenv(f"JIUBAO_{key}".upper(), SECRET)
    assert f"`{key}`" in refused(home=tmp_path)


@pytest.mark.parametrize("tokens", [31, 8193, -1])
def test_numbers_are_bounded(tmp_path: Path, tokens: int) -> None:
    assert "passage_tokens" in refused(home=tmp_path, passage_tokens=tokens)


@pytest.mark.parametrize("device", ["cpu", "cuda", "cuda:1", "mps", "auto"])
def test_devices(tmp_path: Path, device: str) -> None:
    assert load_settings(home=tmp_path, device=device).device == device


@pytest.mark.parametrize("text", [f"x = = {SECRET}", "passage_tokens = ", "\udcff"])
def test_a_file_that_is_not_toml_is_said_to_be(tmp_path: Path, text: str) -> None:
    (tmp_path / "jiubao.toml").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert "not valid TOML" in refused(home=tmp_path)


def test_the_file_cannot_move_the_home_it_lies_in(tmp_path: Path) -> None:
    write(tmp_path, 'home = "elsewhere"')
    assert "`home`" in refused(home=tmp_path)
