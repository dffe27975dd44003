"""Reranking: the contract of both rerankers, and a cross-encoder that has learnt to rank."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import save_cross_encoder
from hypothesis import given
from hypothesis import strategies as st

from eval.xquad import folded, load_questions
from rag.config import cache_folder
from rag.errors import ModelError
from rag.index.bundled import bundled_folder
from rag.index.encoder import BATCH_TOKENS
from rag.retrieve.rerank import (
    LEG,
    CrossEncoderReranker,
    KeepOrder,
    Reranker,
    load_reranker,
)
from rag.types import Hit, Masthead, Passage, Question

MASTHEAD = Masthead("1959-11-24.p2.0", {"zh": "题"}, (), date(1959, 11, 24), 2, "", "a.txt")
QUESTION = Question("天津红桥区提出了多少件建议？", "zh")
TEXTS = (
    "重庆钢铁公司采取抓先进、插红旗的办法。",
    "全区六万工业职工就提出了二十多万件技术革新建议。",
    "In the first quarter of this year. " * 40,
    "</s> [SEP] <mask> \x00",
    "Why were copper basins donated?",
)


def hits_of(*texts: str, language: Any = "zh") -> tuple[Hit, ...]:
    """Hits with falling scores, as a search gives them."""
    return tuple(
        Hit(
            Passage(f"p{i}", MASTHEAD, language, 0, len(text), text),
            1 - i / 10,
            i + 1,
            ("dense", "keyword")[: 1 + i % 2],
        )
        for i, text in enumerate(texts)
    )


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> str:
    return save_cross_encoder(tmp_path_factory.mktemp("tiny") / "cross-encoder")


@pytest.fixture(scope="module", params=["none", "cross-encoder"])
def reranker(request: pytest.FixtureRequest, tiny: str) -> Reranker:
    """Both rerankers, loaded as a setting names them."""
    return load_reranker(tiny if request.param == "cross-encoder" else "none", "cpu", depth=3)


@pytest.fixture(scope="module")
def model(tiny: str) -> CrossEncoderReranker:
    return CrossEncoderReranker.load(tiny, "cpu", depth=3)


class Judged(CrossEncoderReranker):
    """The real reranker over judgements that are given."""

    def __init__(self, judgements: list[float], depth: int) -> None:
        self.depth, self.name, self._judgements = depth, "judged", judgements

    def relevance(self, question: str, texts: Any) -> Any:
        return np.array(self._judgements[: len(texts)])


def test_the_setting_chooses_the_reranker(reranker: Reranker, tiny: str) -> None:
    if reranker.name == "none":
        assert isinstance(reranker, KeepOrder)
        assert reranker.depth == 0
    else:
        assert isinstance(reranker, CrossEncoderReranker)
        assert (reranker.name, reranker.depth) == (Path(tiny).name, 3)


@pytest.mark.parametrize("count", range(len(TEXTS) + 1))
def test_the_same_hits_come_out_ranked_from_1(reranker: Reranker, count: int) -> None:
    hits = hits_of(*TEXTS[:count])
    found = reranker.rerank(QUESTION, hits)
    assert [hit.rank for hit in found] == list(range(1, count + 1))
    by_rank = sorted(found, key=lambda hit: hit.passage.passage_id)
    assert [hit.passage for hit in by_rank] == [hit.passage for hit in hits]
    # The scale is the search's: the same scores, still falling.
    assert [hit.score for hit in found] == [hit.score for hit in hits]
    assert found == reranker.rerank(QUESTION, hits)


def test_what_lies_below_the_depth_stays(reranker: Reranker) -> None:
    hits = hits_of(*TEXTS)
    found = reranker.rerank(QUESTION, hits)
    assert found[3:] == hits[3:]
    for hit in found[:3]:
        before = next(each for each in hits if each.passage == hit.passage)
        assert hit.via == (*before.via, LEG) if reranker.depth else hit == before


def test_hits_read_again_stand_in_the_models_order(model: CrossEncoderReranker) -> None:
    found = model.rerank(QUESTION, hits_of(*TEXTS))[:3]
    scores = model.relevance(QUESTION.text, [hit.passage.text for hit in found])
    assert scores[0] > scores[1] > scores[2]


def test_relevance_does_not_depend_on_the_company(
    model: CrossEncoderReranker, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = model.relevance(QUESTION.text, TEXTS)
    alone = [model.relevance(QUESTION.text, [text])[0] for text in TEXTS]
    assert together == pytest.approx(alone, abs=1e-4)
    asked: list[int] = []
    predict = model.model.predict

    def watch(pairs: list[Any], **options: Any) -> Any:
        asked.append(len(pairs))
        return predict(pairs, **options)

    monkeypatch.setattr(model.model, "predict", watch)
    monkeypatch.setitem(BATCH_TOKENS, "cpu", 60)
    assert model.relevance(QUESTION.text, TEXTS) == pytest.approx(together, abs=1e-4)
    assert len(asked) > 1
    assert sum(asked) == len(TEXTS)


@given(st.lists(st.sampled_from([-2.0, 0.0, 0.00001, 3.5]), max_size=8), st.integers(1, 9))
def test_order_is_by_judgement_and_ties_keep_theirs(judgements: list[float], depth: int) -> None:
    hits = hits_of(*(f"text {i}" for i in range(len(judgements))))
    found = Judged(judgements, depth).rerank(QUESTION, hits)
    place = {hit.passage.passage_id: i for i, hit in enumerate(hits)}
    order = [place[hit.passage.passage_id] for hit in found]
    rounded = [round(judgement, 4) for judgement in judgements]
    read = min(depth, len(hits))
    assert order[:read] == sorted(range(read), key=lambda i: (-rounded[i], i))
    assert order[read:] == list(range(read, len(hits)))
    assert [hit.score for hit in found] == [hit.score for hit in hits]


def test_a_score_that_is_no_number_is_refused(
    model: CrossEncoderReranker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model.model, "predict", lambda pairs, **_: [float("nan")] * len(pairs))
    with pytest.raises(ModelError, match="not numbers"):
        model.rerank(QUESTION, hits_of(*TEXTS))


@pytest.mark.parametrize(
    "name",
    [
        lambda folder: str(folder / "nowhere"),
        lambda folder: "nobody/no-such-cross-encoder",
        lambda folder: str(bundled_folder(cache_folder())),  # its head would be random
        lambda folder: save_cross_encoder(folder / "three", labels=("a", "b", "c")),
        lambda folder: save_broken(folder / "broken"),
    ],
    ids=["no folder", "no such name", "an encoder", "three labels", "cut short"],
)
def test_what_cannot_rank_is_refused_with_what_to_do(
    tmp_path: Path, name: Callable[[Path], str]
) -> None:
    with pytest.raises(ModelError) as caught:
        load_reranker(name(tmp_path), "cpu")
    assert "\n" not in caught.value.message
    assert "JIUBAO_RERANKER=none" in caught.value.remedy


def save_broken(folder: Path) -> str:
    name = save_cross_encoder(folder)
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    return name


def test_a_device_that_is_not_there_is_refused(tiny: str) -> None:
    import torch

    if torch.cuda.is_available():
        pytest.skip("there is a CUDA device")
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_reranker(tiny, "cuda")


# -- a cross-encoder that has learnt

LEARNT, HELD_BACK, AMONG, EPOCHS = 96, 24, 10, 2


@pytest.mark.slow
def test_a_fine_tuned_cross_encoder_ranks_questions_it_has_not_seen(
    shared: Path, tmp_path: Path
) -> None:
    """Two passes over 192 pairs; chance gives a mean reciprocal rank of .29 among ten."""
    pairs = question_passage_pairs(shared / "bench" / "xquad")
    learnt, held_back = pairs[:LEARNT], pairs[-HELD_BACK:]
    assert not {article for article, _, _ in learnt} & {article for article, _, _ in held_back}
    fine_tune(tmp_path / "tuned", [pair[1:] for pair in learnt])
    reranker = load_reranker(str(tmp_path / "tuned"), "cpu", depth=AMONG)
    reciprocal = []
    for i, (_, question, right) in enumerate(held_back):
        others = [held_back[(i + j) % HELD_BACK][2] for j in range(1, AMONG)]
        found = reranker.rerank(Question(question, "zh"), hits_of(*others, right))
        reciprocal.append(1 / next(hit.rank for hit in found if hit.passage.text == right))
    assert np.mean(reciprocal) > 0.6


def question_passage_pairs(folder: Path) -> list[tuple[str, str, str]]:
    """Article, question and the 70 characters around the answer, of the dev questions in Chinese;
    in an order drawn by article."""
    pairs = []
    for question in load_questions(folder):
        file = next((folder / "zh").glob(f"{question.article}.*"), None)
        if not question.answerable or not file:
            continue
        text = folded(file.read_text("utf-8"))
        at = text.find(folded(question.window["zh"]))
        if at >= 0:
            around = text[max(0, at - 35) : at + 35]
            pairs.append((question.article, question.question["zh"], around))
    chance = random.Random(7)
    articles = sorted({article for article, _, _ in pairs})
    drawn = {article: chance.random() for article in articles}
    return sorted(pairs, key=lambda pair: (drawn[pair[0]], chance.random()))


def fine_tune(folder: Path, pairs: list[tuple[str, str]]) -> None:
    """Teaches the bundled encoder's weights to score a question's own passage above another's
    (RankNet's loss), and saves a CrossEncoder."""
    import torch
    from sentence_transformers import CrossEncoder

    torch.manual_seed(7)
    chance = random.Random(7)
    model = CrossEncoder(str(bundled_folder(cache_folder())), num_labels=1, device="cpu")
    bert = model.model.bert
    for weight in (bert.pooler.dense.weight, model.model.classifier.weight):
        torch.nn.init.normal_(weight, std=0.02)
    bert.embeddings.requires_grad_(False)
    for layer in bert.encoder.layer[:6]:
        layer.requires_grad_(False)
    model.train()
    optimizer = torch.optim.AdamW([w for w in model.parameters() if w.requires_grad], lr=1e-4)
    for _ in range(EPOCHS):
        chance.shuffle(pairs)
        for start in range(0, len(pairs), 8):
            batch = pairs[start : start + 8]
            wrong = [batch[(i + chance.randrange(1, len(batch))) % len(batch)][1] for i in range(8)]
            asked = [
                (question, text)
                for (question, right), other in zip(batch, wrong, strict=True)
                for text in (right, other)
            ]
            scores = model(model.preprocess(asked))["scores"].reshape(-1, 2)
            loss = torch.nn.functional.softplus(scores[:, 1] - scores[:, 0]).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    model.save_pretrained(str(folder))
