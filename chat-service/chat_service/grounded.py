"""The model's way to an answer: it asks the tools, and every sentence is checked before it goes on."""

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from chat_service import builtin, prompt, questions, wording
from chat_service.claims import Checker, Verdict
from chat_service.clients.catalog import Facets, Product
from chat_service.clients.model import Call, End, Model, ModelFailed
from chat_service.measures import CORRECTIONS
from chat_service.sentences import Splitter
from chat_service.tools import Fact, Tools
from chat_service.wording import Answer

ROUNDS = 4
CALLS_A_ROUND = 4
MAX_ANSWER_CHARS = 8_000
MAX_PROMPT_CHARS = 40_000
MAX_ANSWER_TOKENS = 800
CHARS_A_TOKEN = 4


@dataclass
class Grounded:
    """One answer in the making."""

    model: Model
    tools: Tools
    everything: Facets
    message: str
    context: dict[str, Any]
    window: Sequence[tuple[str, str]]
    text: str = ""
    facts: list[Fact] = field(default_factory=list)
    products: dict[int, Product] = field(default_factory=dict)
    corrections: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0

    def __post_init__(self) -> None:
        self._question = questions.read(self.message, self.everything, self.context)
        self._checker = Checker(self.tools.sources, self._question, self._denied)
        self._builtin: Answer | None = None
        self._received = 0

    def fallback(self) -> Answer:
        """What the built-in assistant says to the same question."""
        if self._builtin is None:
            self._builtin = builtin.answer(self.message, self.tools, self.everything, self.context)
        return self._builtin

    def _denied(self) -> bool:
        return self.fallback().nothing

    def run(self, seconds: Callable[[], float]) -> Iterator[str | None]:
        """The checked sentences as they come, None for a sign of life; ModelFailed when the endpoint fails.

        `seconds()` is the time that is left for the model.
        """
        messages = prompt.opening(self.message, self.window, self.everything)
        for turn in range(ROUNDS):
            offered = prompt.TOOLS if turn < ROUNDS - 1 and _size(messages) < MAX_PROMPT_CHARS else []
            end = yield from self._round(messages, offered, seconds())
            if not end.calls:
                break
            if not offered:
                raise ModelFailed("malformed")
            messages += self._results(end.calls)
        if not self._received:
            raise ModelFailed("empty")

    def answer(self) -> Answer | None:
        """The finished answer; None when nothing was left of it that says anything."""
        text = self.text.strip()
        if not text or (self.corrections and not self.facts):
            return None
        context = questions.remembered(self._question, list(self.products))
        return Answer(text, list(self.products.values()), self.facts, context)

    def _round(
        self, messages: Sequence[dict[str, Any]], offered: Sequence[dict[str, Any]], seconds: float
    ) -> Generator[str | None, None, End]:
        splitter = Splitter(self._names())
        end = End((), "stop")
        received = ""
        for piece in self.model.stream(messages, offered, MAX_ANSWER_TOKENS, seconds):
            if piece is None:
                yield None
            elif isinstance(piece, End):
                end = piece
            else:
                received += piece
                if len(received) > MAX_ANSWER_CHARS:
                    raise ModelFailed("too_large")
                for sentence in splitter.feed(piece):
                    yield from self._say(sentence)
        if end.finish != "length":
            yield from self._say(splitter.rest())
        self._received += len(received.strip())
        self._count(end, messages, received)
        return end

    def _names(self) -> list[str]:
        found = self.tools.sources.products.values()
        return [name for product in found for name in (product.name, product.business_name)]

    def _count(self, end: End, messages: Sequence[dict[str, Any]], received: str) -> None:
        self.prompt_tokens += _size(messages) // CHARS_A_TOKEN if end.prompt_tokens is None else end.prompt_tokens
        self.completion_tokens += (
            len(received) // CHARS_A_TOKEN if end.completion_tokens is None else end.completion_tokens
        )

    def _results(self, calls: Sequence[Call]) -> list[dict[str, Any]]:
        asked = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name[:64], "arguments": call.arguments[:2000]},
            }
            for call in calls[:CALLS_A_ROUND]
        ]
        results = [
            {
                "role": "tool",
                "tool_call_id": call.id,
                "content": prompt.run(self.tools, self.everything, call.name, call.arguments[:2000]),
            }
            for call in calls[:CALLS_A_ROUND]
        ]
        return [{"role": "assistant", "content": None, "tool_calls": asked}, *results]

    def _say(self, sentence: str) -> Iterator[str]:
        """The sentence when its sources bear it out, else what they say of the products that it names."""
        if not any(char.isalnum() for char in sentence):
            return
        verdict = self._checker.check(sentence.strip())
        if verdict.ok:
            self.facts += verdict.facts
        else:
            self.corrections += 1
            CORRECTIONS.labels(verdict.reason).inc()
            sentence = self._corrected(verdict)
        self.products.update({product.id: product for product in verdict.products})
        if sentence:
            self.text += sentence
            yield sentence

    def _corrected(self, verdict: Verdict) -> str:
        fresh = [product for product in verdict.products if product.id not in self.products]
        self.facts += [fact for product in fresh for fact in wording.facts_of(product)]
        lines = "".join(f"- {wording.line(product)}\n" for product in fresh)
        return f"\n{lines}" if lines and self.text and not self.text.endswith("\n") else lines


def _size(messages: Sequence[dict[str, Any]]) -> int:
    return sum(len(str(message)) for message in messages)
