"""The page's events: what a reader does -> what the page then shows."""

from __future__ import annotations

import threading
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from typing import Any

import gradio as gr
from anyio import to_thread

from rag.archive import Archive
from rag.errors import JiubaoError
from rag.types import Language, Status
from ui import render_card, render_frame, render_reader, render_turn
from ui.conversation import Request, answer_live, restored, stopped, typed_filter
from ui.exchange import Exchange
from ui.mistakes import in_words
from ui.models import health_of, names_of
from ui.notebook import Notebook
from ui.owner import owner_of
from ui.page_words import PAGE
from ui.periods import written
from ui.reader import Place, open_place, read_place
from ui.render import notice
from ui.safe import one_line
from ui.talk import Talk, keep, rated
from ui.texts import SAMPLES
from ui.told import exchange_of, language_of, read_request, read_told, text_of, years_chosen

Samples = dict[Language, list[str]]
Update = Any  # what Gradio takes for a component: a value or `gr.update(...)`


class Desk:
    """One archive and the notebook beside it, for all readers; what differs comes as arguments."""

    def __init__(self, archive: Archive, notebook: Notebook) -> None:
        self._archive = archive
        self._notebook = notebook
        self.newspaper = archive.settings.newspaper
        self._samples: tuple[int, Samples] = (0, {"zh": [], "en": []})

    def warm_up(self) -> None:
        """Searches for the samples, so that no reader waits while the encoder is loaded."""
        self.samples(self._archive.status())

    def samples(self, status: Status) -> Samples:
        """The sample questions whose article is found in the archive as it stands."""
        if status.index == "ready" and status.articles != self._samples[0]:
            self._samples = status.articles, self._find_samples()
        return self._samples[1] if status.articles else {"zh": [], "en": []}

    def _find_samples(self) -> Samples:
        found: Samples = {"zh": [], "en": []}
        for sample in SAMPLES:
            hits = self._archive.find(sample.question, 3).hits
            places = {
                (h.passage.masthead.published.isoformat(), h.passage.masthead.page) for h in hits
            }
            if (sample.date, sample.page) in places:
                found["en" if sample.question.isascii() else "zh"].append(sample.question)
        return found

    # -- views

    def log(self, talk: Talk, language: Language) -> str:
        """The chat column."""
        status = self._archive.status()
        if not talk.exchanges:
            return render_frame.first_sight(status, self.samples(status), language)
        return render_turn.conversation(
            talk.id, talk.exchanges, self.newspaper, language, status.years
        )

    def cards(self, talk: Talk, language: Language) -> str:
        """The evidence column."""
        return render_card.evidence(talk.exchanges, self.newspaper, language)

    def article(self, place: Place | None, language: Language) -> str:
        """The article column."""
        opening = open_place(self._archive, place) if place else None
        return render_reader.reader(opening, self.newspaper, language)

    def head(self, language: Language) -> str:
        """The top of the page."""
        return render_frame.masthead(self._archive.status(), language)

    def plot(self, language: Language) -> str:
        """The years to choose from."""
        return render_frame.filter_plot(self._archive.status().years, language)

    def chips(self, talk: Talk, language: Language, model: str, *fields: str | None) -> str:
        """What the next question is filtered by."""
        try:
            wanted = typed_filter(*fields)
        except JiubaoError as error:
            return notice(in_words(error, language)) + render_frame.filter_chips(
                typed_filter(), model, "", language
            )
        return render_frame.filter_chips(wanted, model, _heard(talk), language)

    def talks(self, talk: Talk, language: Language, search: str | None, owner: str) -> str:
        """The column of conversations."""
        wanted = (search or "").strip()
        found = self._notebook.list(owner, wanted)
        return render_frame.conversations(found, talk.id, language, bool(wanted))

    # -- events

    def arrive(self, arrival: str | None, request: gr.Request) -> tuple[Any, ...]:
        """A page was loaded: its language, the conversation it showed before, its link."""
        told = read_told(arrival)
        language = language_of(told)
        owner = owner_of(request)
        talk = self._load(owner, text_of(told, "talk"))
        place = read_place(told)
        return (
            language,
            talk,
            place,
            self.head(language),
            self.talks(talk, language, "", owner),
            self.log(talk, language),
            self.cards(talk, language),
            self.article(place, language),
            self.plot(language),
        )

    def speak(
        self, told: str, talk: Talk, place: Place | None, search: str | None, request: gr.Request
    ) -> tuple[Any, ...]:
        """The language was changed."""
        language = language_of(read_told(told))
        return (
            language,
            self.head(language),
            self.talks(talk, language, search, owner_of(request)),
            self.log(talk, language),
            self.cards(talk, language),
            self.article(place, language),
            self.plot(language),
        )

    def grown(self, talk: Talk, language: Language) -> tuple[Any, ...]:
        """Articles were added: the archive's portrait, and its years, as they stand now."""
        return self.head(language), self.log(talk, language), self.plot(language)

    async def ask(  # noqa: PLR0917 (Gradio calls it by position)
        self,
        told: str,
        talk: Talk,
        language: Language,
        model: str,
        since: str | None,
        until: str | None,
        page: str | None,
        side: str | None,
        author: str | None,
        request: gr.Request,
    ) -> AsyncIterator[tuple[Any, ...]]:
        """A question was asked: the conversation as its answer comes.

        Each step is waited for in a thread, and the wait can be cancelled at once: the slot of
        the queue is free again, and the model is stopped with its next piece.
        """
        if not told:  # nothing was written
            return
        fields = (since, until, page, side, author)
        known = model if model in names_of(self._archive.settings) else "quote"
        asked = read_request(read_told(told), talk.exchanges, fields, known)
        steps = self._answering(asked, talk, language, owner_of(request))
        try:
            while True:
                step = await to_thread.run_sync(next, steps, None, abandon_on_cancel=True)
                if step is None:
                    return
                yield step
        finally:
            threading.Thread(target=_close, args=(steps,), daemon=True).start()

    def _answering(
        self, asked: Request, talk: Talk, language: Language, owner: str
    ) -> Iterator[tuple[Any, ...]]:
        steps = answer_live(self._archive, asked, talk.exchanges, language)
        for now in keep(self._notebook, owner, talk.id, steps, language):
            yield now, self.log(now, language), self.cards(now, language)

    def stop(self, talk: Talk, language: Language) -> tuple[Any, ...]:
        """The reader stopped the answer."""
        now = replace(talk, exchanges=stopped(talk.exchanges, language))
        return now, self.log(now, language), self.cards(now, language)

    def open(self, told: str, language: Language) -> tuple[Place | None, str]:
        """A link to an article was followed."""
        place = read_place(read_told(told))
        return place, self.article(place, language)

    def choose(
        self, told: str, language: Language, search: str | None, request: gr.Request
    ) -> tuple[Any, ...]:
        """Another conversation was chosen, or a new one."""
        owner = owner_of(request)
        talk = self._load(owner, text_of(read_told(told), "id"))
        return (
            talk,
            self.talks(talk, language, search, owner),
            self.log(talk, language),
            self.cards(talk, language),
        )

    def keep(
        self, told: str, talk: Talk, language: Language, search: str | None, request: gr.Request
    ) -> tuple[Any, ...]:
        """A conversation was renamed or deleted."""
        owner = owner_of(request)
        value = read_told(told)
        identity = text_of(value, "id")
        try:
            if value.get("do") == "rename":
                self._notebook.rename(owner, identity, text_of(value, "name"))
            elif value.get("do") == "delete":
                self._notebook.delete(owner, identity)
                talk = Talk() if talk.id == identity else talk
        except JiubaoError as error:
            shown = notice(in_words(error, language)) + self.talks(talk, language, search, owner)
            return talk, shown, gr.skip(), gr.skip()
        return (
            talk,
            self.talks(talk, language, search, owner),
            self.log(talk, language),
            self.cards(talk, language),
        )

    def list_talks(
        self, talk: Talk, language: Language, search: str | None, request: gr.Request
    ) -> str:
        """The conversations, after a search."""
        return self.talks(talk, language, search, owner_of(request))

    def answered(
        self, talk: Talk, language: Language, search: str | None, request: gr.Request
    ) -> tuple[Any, ...]:
        """An answer has ended: all is drawn in the language chosen, perhaps while it came.

        One that was broken off was drawn by what broke it off.
        """
        talks = self.talks(talk, language, search, owner_of(request))
        if talk.waiting:
            return talks, gr.skip(), gr.skip()
        return talks, self.log(talk, language), self.cards(talk, language)

    def rate(
        self, told: str, talk: Talk, language: Language, request: gr.Request
    ) -> tuple[Any, ...]:
        """A thumb or a comment was given to an answer."""
        value = read_told(told)
        exchange = exchange_of(value, talk.exchanges)
        if exchange is None or not exchange.kept:
            return gr.skip(), gr.skip()
        owner = owner_of(request)
        # What the notebook has, and not what this page last knew of it.
        (before,) = rated(self._notebook, owner, talk.id, (exchange,))
        given = _given(before, value)
        try:
            self._notebook.rate(owner, talk.id, exchange.kept, given.thumb, given.comment)
        except JiubaoError as error:
            given = replace(before, note=in_words(error, language))
        others = tuple(given if each is exchange else each for each in talk.exchanges)
        now = replace(talk, exchanges=others)
        # While an answer comes the conversation is its to write; it takes the rating over.
        return gr.skip() if talk.waiting else now, self.log(now, language)

    def narrow(self, told: str, *fields: str | None) -> list[str]:
        """A year was chosen, or a filter dropped."""
        return years_chosen(read_told(told), fields)

    def models(self, language: Language) -> Update:
        """The models to choose from, each with how it is."""
        settings = self._archive.settings
        choices = [
            (_model_label(name, health_of(name, settings), language), name)
            for name in names_of(settings)
        ]
        return gr.update(choices=choices, label=PAGE[language].model)

    def _load(self, owner: str, identity: str) -> Talk:
        if not identity:
            return Talk()
        try:
            found = self._notebook.load(owner, identity)
        except JiubaoError:
            return Talk()
        return Talk(found.id, restored(self._archive, found.turns))


def _heard(talk: Talk) -> str:
    """The period that the last question named itself."""
    last = talk.exchanges[-1] if talk.exchanges else None
    if last is None or last.answer is None or (last.wanted and last.wanted.period):
        return ""
    return written(last.answer.question.period)


def _given(exchange: Exchange, told: Mapping[str, object]) -> Exchange:
    """An exchange with the thumb or the comment that was told."""
    thumb = exchange.thumb
    if "thumb" in told:
        given = told["thumb"]
        thumb = "up" if given == "up" else "down" if given == "down" else None
    comment = text_of(told, "comment") if "comment" in told else exchange.comment
    return replace(exchange, thumb=thumb, comment=comment.strip(), note="")


def _model_label(name: str, health: str, language: Language) -> str:
    words = PAGE[language]
    if name == "quote":
        return f"{words.quote_only} · {words.quote_health}"
    return f"{one_line(name)} · {health}"


def _close(steps: Iterator[Any]) -> None:
    """Closes a generator that may still be waiting for its next step in another thread."""
    close = getattr(steps, "close", None)
    while close is not None:
        try:
            close()
            return
        except ValueError:  # it is running
            time.sleep(0.05)
