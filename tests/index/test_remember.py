"""An encoder that is asked for each text once."""

import numpy as np
import pytest
from fakes import WatchedEncoder

from rag.archive import Archive
from rag.index.encoder import Encoder
from rag.index.remember import RememberingEncoder

ONE, OTHER = "天津市红桥区工业职工提出技术革新建议。", "They proposed innovations."


def test_what_is_known_is_not_encoded_again(encoder: WatchedEncoder) -> None:
    memory = RememberingEncoder(encoder)
    before = encoder.asked
    first = memory.encode_passages([ONE, OTHER, ONE])
    assert encoder.asked == before + 2
    assert memory.encode_passages([OTHER, ONE]) == pytest.approx(first[[1, 0]])
    assert encoder.asked == before + 2
    memory.forget()
    assert memory.known == 0
    memory.encode_passages([ONE])
    assert encoder.asked == before + 3


def test_questions_passages_and_their_tokens_are_kept_apart(encoder: WatchedEncoder) -> None:
    memory = RememberingEncoder(encoder)
    (question,), (passage,) = memory.encode_queries([ONE]), memory.encode_passages([ONE])
    assert question @ passage < 0.999
    asked, (read,) = memory.encode_query_tokens(ONE), memory.encode_passage_tokens([ONE])
    assert memory.known == 4
    assert asked.vector == pytest.approx(encoder.encode_query_tokens(ONE).vector)
    assert read.tokens == pytest.approx(encoder.encode_passage_tokens([ONE])[0].tokens)
    assert memory.encode_query_tokens(ONE) is asked


def test_nothing_asked_is_nothing_told(encoder: WatchedEncoder) -> None:
    memory = RememberingEncoder(encoder)
    assert memory.encode_passages([]).shape == (0, encoder.dimension)
    assert memory.encode_passage_tokens([]) == []
    assert np.asarray(memory.encode_queries([])).shape == (0, encoder.dimension)


def test_an_answer_encodes_each_text_once(
    archive: Archive, encoder: WatchedEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.encoder = encoder.plain
    asked: list[str] = []
    ask, read = Encoder.encode_query_tokens, Encoder.encode_passage_tokens
    monkeypatch.setattr(Encoder, "encode_query_tokens", lambda e, t: asked.append(t) or ask(e, t))
    monkeypatch.setattr(
        Encoder, "encode_passage_tokens", lambda e, t: asked.extend(t) or read(e, t)
    )
    archive.ask("What did Liao Shigang and the workers of Tianjin propose?")
    assert asked
    assert len(asked) == len(set(asked))
