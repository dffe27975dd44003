"""The conversation on the page, and its answers in the notebook."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from rag.errors import JiubaoError, NotFound
from rag.types import Answer, Filter, Language
from ui.conversation import Exchanges
from ui.exchange import Exchange
from ui.notebook import Notebook
from ui.page_words import PAGE

log = logging.getLogger("jiubao")


@dataclass(frozen=True, slots=True)
class Talk:
    """The conversation on the page: its id in the notebook, empty before the first answer."""

    id: str = ""
    exchanges: Exchanges = ()

    @property
    def waiting(self) -> bool:
        """Whether an answer is coming."""
        return any(each.waiting for each in self.exchanges)


def keep(
    notebook: Notebook, owner: str, began: str, steps: Iterator[Exchanges], language: Language
) -> Iterator[Talk]:
    """The conversation `began` as its next answer comes, which is kept once it is there.

    Deleted meanwhile, in another window, it begins anew. An answer that cannot be kept is shown
    like any other, and said not to be.
    """
    identity, turn, trouble = began, 0, ""
    for *before, last in steps:
        if last.answer and not (turn or trouble):
            try:
                identity, turn = _append(notebook, owner, began, last.answer, last.wanted)
            except JiubaoError as error:
                log.warning("an answer could not be kept: %s", error)
                trouble = PAGE[language].unkept.format(error)
        if last.timeline and turn:
            with suppress(JiubaoError):  # the answer is kept, and is one without it
                notebook.illustrate(owner, identity, turn, last.timeline)
        now = replace(last, kept=turn, note=trouble or last.note)
        # Meanwhile answers may have been rated, or the conversation deleted.
        yield Talk(
            identity,
            (*rated(notebook, owner, began, before), *rated(notebook, owner, identity, (now,))),
        )


def rated(
    notebook: Notebook, owner: str, identity: str, exchanges: Sequence[Exchange]
) -> Exchanges:
    """Exchanges with what their reader thinks of them now; what is gone is kept no more."""
    ratings = notebook.ratings(owner, identity)
    return tuple(
        replace(each, thumb=ratings[each.kept][0], comment=ratings[each.kept][1])
        if each.kept in ratings
        else replace(each, kept=0, thumb=None, comment="")
        for each in exchanges
    )


def _append(
    notebook: Notebook, owner: str, identity: str, answer: Answer, wanted: Filter | None
) -> tuple[str, int]:
    """The conversation and the turn that an answer is kept in: a new one where there is none."""
    with suppress(NotFound):
        return identity, notebook.append(owner, identity, answer, wanted)
    identity = notebook.begin(owner)
    return identity, notebook.append(owner, identity, answer, wanted)
