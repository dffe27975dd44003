"""A model of entailment (natural language inference) as a judge: does what a sentence cites entail
it?

That is ALCE's citation recall of a sentence (Gao et al., "Enabling Large Language Models to
Generate Text with Citations", EMNLP 2023): the quotes it cites, together, are the premise.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from eval.judge import Judgement
from eval.records import Record
from rag.answer.claims import mark_number, split_claims
from rag.errors import ModelError
from rag.index.encoder import short_name
from rag.retrieve.rerank import load_cross_encoder, read_pairs

PREFIX = "nli:"
REMEDY = "name a folder or hub model with a label `entailment`, as nli:NAME"


class NliJudge:
    """A sentence-transformers CrossEncoder with a label for entailment. `model` is it."""

    def __init__(self, model: Any, name: str) -> None:
        self.model = model
        self.name = name
        labels = {int(i): str(label) for i, label in model.config.id2label.items()}
        found = [i for i, label in labels.items() if label.lower().startswith("entail")]
        if not found:
            raise ModelError(
                f"{name} is no model of entailment: its labels are {', '.join(labels.values())}",
                REMEDY,
            )
        self._entailment = found[0]

    @classmethod
    def load(cls, name: str, device: str = "auto") -> NliJudge:
        """Loads a model; code that comes with one is never run.

        Args:
            name: a hub name or a folder.
            device: `auto`, `cpu`, `cuda`, `cuda:N` or `mps`.

        Raises:
            ModelError: it is not there, or no model of entailment.
        """
        return cls(load_cross_encoder(name, device, REMEDY), PREFIX + short_name(name))

    def judge(self, record: Record) -> Judgement:
        """Supported if what each sentence cites entails it; the first that fails is the reason.
        Whether the answer answers it does not say."""
        quotes = {cited.mark: cited.quote.text for cited in record.reply.citations}
        claims = split_claims(record.reply.text, list(quotes.values()))
        pairs = []
        for claim in claims:
            marks = [mark_number(mark) for mark in claim.marks]
            premise = "\n".join(quotes[mark] for mark in marks if mark in quotes)
            pairs.append((premise, claim.words))
        logits = read_pairs(self.model, pairs)
        if not np.isfinite(logits).all():
            return Judgement(record.case.id, self.name, None, None, "its scores are not numbers")
        chosen = logits.argmax(axis=1)
        failed = [
            words
            for (premise, words), label in zip(pairs, chosen.tolist(), strict=True)
            if words and not (premise and label == self._entailment)
        ]
        reason = f"not entailed: {failed[0]}" if failed else ""
        return Judgement(record.case.id, self.name, not failed, None, reason)
