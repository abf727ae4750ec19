"""Answers one turn: a model or the parser understands it, the catalogue answers, the service words the statements."""

import time
from collections.abc import Generator, Iterator
from typing import Any

from chat_service import answering
from chat_service.clients.catalog import Catalog, Kept
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
REMEMBERED = 5


# What is being done, one statement that is complete, None while nothing is new, and at last the whole.
Event = str | Statement | None | Reply


class Assistant:
    """What a process needs to answer: the way to the catalogue and, if any, to the model."""

    def __init__(self, neighbour: Neighbour, model: Model, kept_seconds: float = 0.0) -> None:
        self._neighbour = neighbour
        self._kept = Kept(kept_seconds)
        self.model = model

    def catalog(self, started: float | None = None) -> Catalog:
        """The catalogue for one request that started then (time.monotonic(); now by default)."""
        begun = time.monotonic() if started is None else started
        return Catalog(self._neighbour, begun + CATALOGUE_SECONDS, self._kept)

    def reply(self, turn: Turn) -> Reply:
        """The answer to a turn; Unavailable when the catalogue does not answer in time."""
        return next(event for event in self.events(turn) if isinstance(event, Reply))

    def events(self, turn: Turn) -> Iterator[Event]:
        """The answer as it comes, ended by the reply. Closing the iterator cancels what is under way."""
        reading, reply, before = Reading(self.catalog(turn.started)), Reply(), turn.context.get("language")
        question = read_question(turn.message, reading.everything, before)
        yield wording(question.language).progress(reading.everything.total)
        quoted = answering.quoted(reading, question)
        if quoted:
            question = read_question(turn.message, reading.everything, before, dict.fromkeys(quoted.values()))
        plan = yield from self._plan(turn, question, reading, reply)
        words, shown = wording(plan.language), turn.context.get("products", ())
        reply.language = words.language
        for statement in answering.answer(answering.Asked(plan, question, reading, quoted, shown)):
            worded = statement.model_copy(update={"text": words.say(statement)})
            if worded not in reply.statements:
                reply.statements.append(worded)
                yield worded
        reply.context = remembered(plan, reply, turn.context)
        yield reply

    def _plan(self, turn: Turn, question: Question, reading: Reading, reply: Reply) -> Generator[Event, None, Plan]:
        """The plan of the model, or the parser's where there is none or it fails; how it went is noted on the reply."""
        if self.model.is_configured:
            attempt = Understanding(self.model)
            try:
                plan = yield from self._by_model(attempt, turn, reading)
            except ModelFailed as failure:
                reply.fallback = failure.reason
            reply.prompt_tokens, reply.completion_tokens = attempt.prompt_tokens, attempt.completion_tokens
            reply.corrections = max(0, attempt.calls - 1)
            REPAIRS.inc(reply.corrections)
            if reply.fallback is None:
                reply.mode = "model"
                return plan
        return parser.read(question, turn.context)

    def _by_model(self, attempt: Understanding, turn: Turn, reading: Reading) -> Generator[Event, None, Plan]:
        products = [reading.lookup(number) for number in turn.context.get("products", ())]
        names = [product.name if product else "" for product in products]
        messages = prompt(turn.message, reading.everything, names, turn.context, turn.window)
        for step in attempt.plan(messages, lambda: max(0.1, turn.started + MODEL_SECONDS - time.monotonic())):
            if step is not None:
                return step
            yield None
        raise ModelFailed("malformed")


def remembered(plan: Plan, reply: Reply, before: dict[str, Any]) -> dict[str, Any]:
    """What the next question may lean on: the products last shown, the last plan that asked for any, the language."""
    products = [product.id for product in reply.products][:REMEMBERED] or list(before.get("products", ()))
    asked = plan.narrowed or plan.priced or plan.excludes
    last = plan.model_dump(mode="json", exclude_defaults=True) if asked else before.get("plan")
    return {"products": products, "plan": last, "language": plan.language}
