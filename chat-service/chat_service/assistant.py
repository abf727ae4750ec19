"""Answers one turn: by the model where there is one, by the built-in assistant where there is none or it fails."""

import threading
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass

import structlog

from chat_service import builtin
from chat_service.clients.catalog import Catalog, Facets, Filters, Kept
from chat_service.clients.model import Model, ModelFailed
from chat_service.grounded import Grounded
from chat_service.tools import Tools
from chat_service.turns import Reply, Turn
from chat_service.wording import Answer
from servicekit.neighbours import Neighbour

log = structlog.get_logger(__name__)

# Of a turn's 35 seconds: the model may use the first part, the catalogue must have been asked by the end of the second.
MODEL_SECONDS = 20.0
CATALOGUE_SECONDS = 27.0
OVERVIEW_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Token:
    """Checked text that may be shown."""

    text: str


@dataclass(frozen=True, slots=True)
class Reset:
    """What was shown so far is void: another answer follows."""


@dataclass(frozen=True, slots=True)
class Beat:
    """Nothing new, still at work."""


@dataclass(frozen=True, slots=True)
class Done:
    reply: Reply


Event = Token | Reset | Beat | Done


class Overview:
    """Names of categories and sellers, by which questions are understood; never said without asking again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._facets: Facets | None = None
        self._read_at = float("-inf")

    def read(self, catalog: Catalog) -> Facets:
        """The overview of lately; where it is older, one request asks anew while the others use what is there."""
        known = self._facets
        if known is not None and time.monotonic() - self._read_at < OVERVIEW_SECONDS:
            return known
        if not self._lock.acquire(blocking=known is None) and known is not None:
            return known
        try:
            if self._facets is None or self._facets is known:
                self._facets = catalog.facets(Filters())
                self._read_at = time.monotonic()
            return self._facets
        finally:
            self._lock.release()


class Assistant:
    """What a process needs to answer: the way to the catalogue and, if any, to the model."""

    def __init__(self, neighbour: Neighbour, model: Model, kept_seconds: float = 0.0) -> None:
        self._neighbour = neighbour
        self._overview = Overview()
        self._kept = Kept(kept_seconds)
        self.model = model

    def catalog(self, started: float | None = None) -> Catalog:
        """The catalogue for one request that started then (time.monotonic(); now by default)."""
        begun = time.monotonic() if started is None else started
        return Catalog(self._neighbour, begun + CATALOGUE_SECONDS, self._kept)

    def reply(self, turn: Turn) -> Reply:
        """The answer to a turn; Unavailable when the catalogue does not answer in time."""
        return next(event.reply for event in self.events(turn) if isinstance(event, Done))

    def events(self, turn: Turn) -> Iterator[Event]:
        """The answer as it comes, ended by Done. Closing the iterator cancels what is under way."""
        catalog = self.catalog(turn.started)
        tools = Tools(catalog)
        everything = self._overview.read(catalog)
        if not self.model.is_configured:
            reply = Reply(builtin.answer(turn.message, tools, everything, turn.context))
        else:
            attempt = Grounded(self.model, tools, everything, turn.message, turn.context, turn.window)
            reason = yield from self._attempt(attempt, turn)
            answer = attempt.answer() if reason is None else None
            if answer is not None:
                yield Done(self._reply(attempt, answer, None))
                return
            if attempt.text:
                yield Reset()
            reply = self._reply(attempt, attempt.fallback(), reason or "unsupported")
        for line in reply.answer.text.splitlines(keepends=True):
            yield Token(line)
        yield Done(reply)

    def _attempt(self, attempt: Grounded, turn: Turn) -> Generator[Event, None, str | None]:
        """Runs the model; returns why it failed, or None."""
        try:
            for text in attempt.run(lambda: max(0.1, turn.started + MODEL_SECONDS - time.monotonic())):
                yield Beat() if text is None else Token(text)
        except ModelFailed as failure:
            return failure.reason
        return None

    def _reply(self, attempt: Grounded, answer: Answer, fallback: str | None) -> Reply:
        return Reply(
            answer,
            mode="builtin" if fallback else "model",
            fallback=fallback,
            prompt_tokens=attempt.prompt_tokens,
            completion_tokens=attempt.completion_tokens,
            corrections=attempt.corrections,
        )
