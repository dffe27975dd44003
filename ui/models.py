"""The models that the page offers, each with a line on how it is."""

from __future__ import annotations

from rag.answer.model import QUOTE, health, load_model
from rag.config import Settings
from rag.errors import JiubaoError
from ui.safe import one_line


def names_of(settings: Settings) -> list[str]:
    """The models to choose from: quoting first, then that of the settings, then the others."""
    return list(dict.fromkeys((QUOTE, settings.model, *settings.models)))


def health_of(name: str, settings: Settings) -> str:
    """One line on a model: that it can be reached, or what is wrong. May take as long as
    `connect_seconds`; generates nothing."""
    try:
        return one_line(health(load_model(name, settings)))
    except JiubaoError as error:
        return one_line(str(error))
