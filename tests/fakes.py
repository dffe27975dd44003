"""What a fault needs, and nothing that stands in for a real part.

Tests use the real encoder, a real Chroma and a real SQLite. What is here makes a file bad in a
chosen place, or watches a real part at work.
"""

from __future__ import annotations

import base64
import codecs
import contextlib
import html
import pickle
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rag.answer.model import Message
from rag.config import cache_folder
from rag.errors import ModelFailed
from rag.index.bundled import bundled_folder
from rag.index.encoder import Encoder
from rag.index.remember import RememberingEncoder

Vectors = npt.NDArray[np.float32]


class WatchedEncoder(RememberingEncoder):
    """The real encoder. It encodes no text twice in a session, and counts what it is asked for.

    `asked` is the number of passages asked for so far, known ones too.
    """

    def __init__(self, encoder: Encoder) -> None:
        super().__init__(encoder)
        self.asked = 0
        self._counts: dict[str, int] = {}

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        counts = super().count_tokens(texts)
        self._counts.update(zip(texts, counts, strict=True))
        return counts

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        self.asked += len(texts)
        return super().encode_passages(texts, progress)

    def said(self) -> tuple[dict[str, int], dict[str, Vectors]]:
        """Tokens and vectors of the passages asked for so far."""
        known = {text: row for (side, text), row in self._known.items() if side == "passage"}
        return self._counts, known


class Recorded:
    """What a `WatchedEncoder` has said, for a process that is to be killed before it has loaded
    a model."""

    def __init__(self, path: Path) -> None:
        facts, self._counts, self._known = pickle.loads(path.read_bytes())
        self.capacity = 1
        self.name, self.fingerprint, self.dimension, self.max_tokens = facts

    @staticmethod
    def write(path: Path, encoder: WatchedEncoder) -> None:
        """Writes down all that `encoder` has said so far."""
        facts = (encoder.name, encoder.fingerprint, encoder.dimension, encoder.max_tokens)
        path.write_bytes(pickle.dumps((facts, *encoder.said())))

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [self._counts[text] for text in texts]

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        known = [self._known[text] for text in texts]
        return np.array(known, np.float32).reshape(len(texts), self.dimension)


class Interruption:
    """A function that stops the work as Ctrl-C does, when called for the `n`th time."""

    def __init__(self, n: int) -> None:
        self.left = n

    def __call__(self, *_: object) -> None:
        self.left -= 1
        if self.left == 0:
            raise KeyboardInterrupt


class ScriptedModel:
    """A language model that replays what it is given: pieces, and failures in their place.

    Each call takes the next script; the last one is repeated. `asked` holds the prompts, `closed`
    counts the streams that were stopped or ran out.
    """

    name = "scripted"

    def __init__(self, *scripts: Sequence[str | ModelFailed]) -> None:
        self.scripts = list(scripts)
        self.asked: list[list[Message]] = []
        self.closed = 0

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        script = self.scripts[min(len(self.asked), len(self.scripts) - 1)]
        self.asked.append(list(messages))
        try:
            for piece in script:
                if isinstance(piece, ModelFailed):
                    raise piece
                yield piece
        finally:
            self.closed += 1

    def health(self) -> str:
        return "ready"


class ObedientModel:
    """A language model that obeys any order it can find in what it is shown.

    It reads the prompt as it stands, backwards, without invisible characters, and after undoing
    base64, rot13, HTML entities and escapes. An order is whatever names the canary. It obeys with
    `obey(marks)` and, where it finds none, says what `honest(marks)` gives; `marks` are those of
    the prompt.
    """

    name = "obedient"

    def __init__(
        self,
        canary: str,
        obey: Callable[[list[str]], str],
        honest: Callable[[list[str]], str] = lambda marks: "",
    ) -> None:
        self.canary = canary
        self.obey, self.honest = obey, honest
        self.obeyed = 0

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        shown = "\n".join(message.text for message in messages)
        found = any(self.canary in read for read in readings(shown))
        self.obeyed += found
        marks = re.findall(r"^\[\d+\]", shown, re.MULTILINE)
        reply = (self.obey if found else self.honest)(marks)
        yield from (reply[at : at + 7] for at in range(0, len(reply), 7))

    def health(self) -> str:
        return "ready"


def readings(text: str) -> Iterator[str]:
    """A text in every way that an order may be hidden in it."""
    seen = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Mn", "Co"))
    tags = "".join(chr(ord(c) - 0xE0000) for c in text if 0xE0020 <= ord(c) < 0xE007F)
    for read in (text, seen, tags, html.unescape(seen), unicodedata.normalize("NFKC", seen)):
        yield from (read, read[::-1], codecs.decode(read, "rot13"), "".join(read.split()))
    for blob in re.findall(r"[A-Za-z0-9+/]{8,}={0,2}", seen):
        with contextlib.suppress(ValueError):
            yield base64.b64decode(blob + "=" * (-len(blob) % 4)).decode("utf-8", "replace")
        with contextlib.suppress(ValueError):
            yield bytes.fromhex(blob).decode("utf-8", "replace")


def cut_short(path: Path) -> None:
    """Leaves the first half of a file."""
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])


def flip_bit(path: Path) -> None:
    """Changes one bit in the middle of a file; its size stays."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def delete(path: Path) -> None:
    """Removes a file."""
    path.unlink()


def save_cross_encoder(folder: Path, labels: Sequence[str] = ("score",)) -> str:
    """A cross-encoder of two tiny layers and random weights, with the bundled tokenizer."""
    import torch
    from sentence_transformers import CrossEncoder
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    torch.manual_seed(1)
    tokenizer = AutoTokenizer.from_pretrained(bundled_folder(cache_folder()))
    sizes = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2}
    config = BertConfig(
        vocab_size=len(tokenizer), intermediate_size=32, pad_token_id=1,
        initializer_range=0.5,  # scores that differ by more than rounding
        id2label=dict(enumerate(labels)), label2id={name: i for i, name in enumerate(labels)},
        **sizes,
    )  # fmt: skip
    plain = folder.with_suffix(".plain")
    BertForSequenceClassification(config).save_pretrained(plain)
    tokenizer.save_pretrained(plain)
    CrossEncoder(str(plain), device="cpu").save_pretrained(str(folder))
    return str(folder)
