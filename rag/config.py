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
from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
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

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

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
    newspaper: str = Field(default="人民日报", description="the newspaper's name, for citations")

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
    environment = {
        key
        for key in Settings.model_fields
        if f"{PREFIX}{key}".upper() in map(str.upper, os.environ)
    }
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
        raise ConfigError(f"setting `{key}`: {first['msg']}", f"mend it in {place}") from error


def _known() -> str:
    return "settings are: " + ", ".join(Settings.model_fields)
