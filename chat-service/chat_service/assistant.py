"""Answers one turn: a model or the parser understands it, the catalogue answers, the service words the statements."""

import threading
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any

from chat_service import answering
from chat_service.answers import Answer
from chat_service.clients.catalog import Catalog, Facets, Filters, Kept
from chat_service.clients.model import Model, ModelFailed
from chat_service.measures import REPAIRS
from chat_service.selections import Reading
from chat_service.statements import Statement
from chat_service.turns import Reply, Turn
from chat_service.understanding import parser
from chat_service.understanding.model import Understanding, prompt
from chat_service.understanding.plan import Plan
from chat_service.understanding.question import Question, read_question
from chat_service.wording import wording
from servicekit.neighbours import Neighbour

# Of a turn's 35 seconds: the model may use the first part, the catalogue must have been asked by the end of the second.
MODEL_SECONDS = 20.0
CATALOGUE_SECONDS = 27.0
OVERVIEW_SECONDS = 5.0
REMEMBERED = 5


@dataclass(frozen=True, slots=True)
class Progress:
    """What is being done, to be shown until the first statement."""

    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """One statement, complete and worded."""

    statement: Statement


@dataclass(frozen=True, slots=True)
class Beat:
    """Nothing new, still at work."""


@dataclass(frozen=True, slots=True)
class Done:
    reply: Reply


Event = Progress | Said | Beat | Done


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
        reading = Reading(catalog, self._overview.read(catalog))
        reply = Reply(Answer())
        question = read_question(turn.message, reading.everything, turn.context.get("language"))
        yield Progress(wording(question.language).progress(reading.everything.total))
        quoted = answering.quoted(reading, question)
        if quoted:
            names = list(dict.fromkeys(quoted.values()))
            question = read_question(turn.message, reading.everything, turn.context.get("language"), names)
        plan = yield from self._plan(turn, question, reading, reply)
        words = wording(plan.language)
        reply.answer = answer = Answer(words.language)
        shown = turn.context.get("products", ())
        for statement in answering.answer(answering.Asked(plan, question, reading, quoted, shown)):
            said = statement.model_copy(update={"text": words.say(statement)})
            if said not in answer.statements:
                answer.statements.append(said)
                yield Said(said)
        answer.context = remembered(plan, answer, turn.context)
        yield Done(reply)

    def _plan(self, turn: Turn, question: Question, reading: Reading, reply: Reply) -> Generator[Event, None, Plan]:
        """The plan of the model, or the parser's where there is none or it fails; how it went is noted on the reply."""
        if self.model.is_configured:
            attempt = Understanding(self.model)
            try:
                plan = yield from self._by_model(attempt, turn, reading)
            except ModelFailed as failure:
                reply.fallback = failure.reason
            reply.prompt_tokens, reply.completion_tokens = attempt.spent.prompt_tokens, attempt.spent.completion_tokens
            reply.corrections = max(0, attempt.spent.calls - 1)
            REPAIRS.inc(reply.corrections)
            if reply.fallback is None:
                reply.mode = "model"
                return plan
        return parser.read(question, turn.context)

    def _by_model(self, attempt: Understanding, turn: Turn, reading: Reading) -> Generator[Event, None, Plan]:
        products = [reading.lookup(number) for number in turn.context.get("products", ())]
        names = [product.name if product else "" for product in products]
        messages = prompt(turn.message, reading.everything, names, turn.context, turn.window)
        steps = attempt.plan(messages, lambda: max(0.1, turn.started + MODEL_SECONDS - time.monotonic()))
        while True:
            try:
                next(steps)
            except StopIteration as end:
                found: Plan = end.value
                return found
            yield Beat()


def remembered(plan: Plan, answer: Answer, before: dict[str, Any]) -> dict[str, Any]:
    """What the next question may lean on: the products last shown, the last plan that asked for any, the language."""
    products = [product.id for product in answer.products][:REMEMBERED] or list(before.get("products", ()))
    asked = plan.narrowed or plan.priced or plan.excludes
    last = plan.model_dump(mode="json", exclude_defaults=True) if asked else before.get("plan")
    return {"products": products, "plan": last, "language": plan.language}
