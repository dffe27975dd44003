"""What an answer says in its own words, in both languages."""

from __future__ import annotations

from rag.types import Language

REFUSED: dict[Language, str] = {
    "zh": "档案中没有查到相关记载。",
    "en": "The archive does not say.",
}
NOT_IN_YOUR_LANGUAGE: dict[Language, str] = {
    "zh": "（此文没有中文文本，以下引用原文。）",
    "en": "(Not translated in the archive; quoted in the original.)",
}
