"""Settings: flags over environment over `jiubao.toml` in the archive's home.

Unknown keys are errors wherever they stand, so that a misspelt setting is never ignored.
Providers' keys are not settings: they are read from the environment by the libraries that use
them, and never printed.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

import platformdirs
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from rag.errors import ConfigError

PREFIX = "JIUBAO_"
FILE = "jiubao.toml"


def cache_folder() -> Path:
    """Where what can be made again is kept, when no setting says otherwise."""
    return platformdirs.user_cache_path("jiubao")


class Settings(BaseSettings):
    """Everything that can be set. Environment names are the fields' in capitals after `JIUBAO_`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True
    )

    home: Path = Field(
        default_factory=lambda: platformdirs.user_data_path("jiubao"),
        description="folder of the archive",
    )
    cache: Path = Field(
        default_factory=cache_folder,
        description="folder for converted models and dictionaries; may be deleted at any time",
    )
    encoder: str = Field(
        default="bundled",
        description="`bundled`, a hub name or a folder of a sentence-transformers model",
    )
    device: str = Field(default="auto", pattern=r"^(auto|cpu|mps|cuda(:\d+)?)$")
    precision: Literal["auto", "float32", "bfloat16"] = "auto"
    passage_tokens: int = Field(
        default=440, ge=32, le=8192, description="longest passage, in tokens"
    )
    reranker: str = Field(
        default="none",
        description="`none`, a hub name or a folder of a sentence-transformers CrossEncoder",
    )
    rerank_depth: int = Field(
        default=30, ge=1, le=200, description="hits that the reranker reads again"
    )
    chroma: str = Field(
        default="", description="http(s):// address of a Chroma service that keeps the vectors"
    )
    chroma_tenant: str = Field(default="default_tenant", min_length=1)
    chroma_database: str = Field(default="default_database", min_length=1)
    chroma_seconds: float = Field(
        default=60, gt=0, le=3600, description="for one answer of that service"
    )
    newspaper: str = Field(default="人民日报", description="the newspaper's name, for citations")
    model: str = Field(
        default="quote",
        description="`quote` (no language model), `provider:model` or `gguf:FILE`",
    )
    models: tuple[str, ...] = Field(
        default=(), description="further models, named as `model` is, to choose from on the page"
    )
    model_url: str = Field(
        default="", description="OpenAI-compatible address that `openai:` models are asked at"
    )
    model_streams: bool = Field(
        default=True, description="whether replies are asked for piece by piece"
    )
    translate: bool = Field(
        default=True,
        description="whether a language model puts questions into the archive's other language",
    )
    answer_tokens: int = Field(default=4096, ge=1, description="longest reply, in tokens")
    context_tokens: int = Field(
        default=8192, ge=256, description="context of a `gguf:` model, prompt and reply, in tokens"
    )
    connect_seconds: float = Field(
        default=10, gt=0, le=3600, description="to reach the model's address"
    )
    first_token_seconds: float = Field(
        default=90, gt=0, le=3600, description="to a reply's first token"
    )
    between_tokens_seconds: float = Field(
        default=30, gt=0, le=3600, description="from token to token"
    )
    answer_seconds: float = Field(
        default=240, gt=0, le=3600, description="for a whole reply, retries included"
    )

    @field_validator("home", "cache")
    @classmethod
    def expanded(cls, folder: Path) -> Path:
        """A shell expands `~` only where it stands unquoted, a service manager nowhere."""
        try:
            return folder.expanduser()
        except RuntimeError as error:
            raise ValueError("there is no such user") from error

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags, then environment; `load` adds the file beneath them."""
        return init_settings, env_settings


def load_settings(**flags: Any) -> Settings:
    """The settings in force.

    Args:
        flags: values given on the command line or in code; None means not given.

    Raises:
        ConfigError: a key is unknown or a value out of bounds, in any of the three places.
    """
    given = {key: value for key, value in flags.items() if value is not None}
    unknown = [
        name
        for name in map(str.upper, os.environ)  # case does not count to pydantic either
        if name.startswith(PREFIX) and name[len(PREFIX) :].lower() not in Settings.model_fields
    ]
    if unknown:
        raise ConfigError(f"unknown setting {unknown[0]} in the environment", _known())
    settings = _build(given, "a flag or the environment")
    file = settings.home / FILE
    if not file.exists():
        return settings
    try:
        values = TomlConfigSettingsSource(Settings, toml_file=file)()
    except ValueError as error:
        raise ConfigError(f"{file} is not valid TOML: {error}", "mend or delete it") from error
    if "home" in values:
        raise ConfigError(f"{file} sets `home`, which it lies in", "use --home or JIUBAO_HOME")
    named = {name.upper() for name, value in os.environ.items() if value}
    environment = {key for key in Settings.model_fields if f"{PREFIX}{key}".upper() in named}
    below = {key: value for key, value in values.items() if key not in environment}
    return _build({**below, **given, "home": settings.home}, str(file))


def _build(values: dict[str, Any], place: str) -> Settings:
    try:
        return Settings(**values)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        if first["type"] == "extra_forbidden":
            raise ConfigError(f"unknown setting `{key}` in {place}", _known()) from error
        if first["type"] == "tuple_type":
            raise _no_list(key, place) from error
        raise ConfigError(f"setting `{key}`: {first['msg']}", f"mend it in {place}") from error
    except SettingsError as error:  # of the environment, where a list is written as JSON
        key = str(error).partition('"')[2].partition('"')[0]
        raise _no_list(key, "the environment") from error


def _no_list(key: str, place: str) -> ConfigError:
    return ConfigError(f"setting `{key}` is no list", f'write ["a", "b"] in {place}')


def _known() -> str:
    return "settings are: " + ", ".join(Settings.model_fields)
