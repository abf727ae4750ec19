"""The language model: any endpoint that speaks OpenAI's chat completions, streamed, bounded in time and in size."""

import asyncio
import logging
import os
import queue
import threading
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

import structlog
from prometheus_client import Counter

from chat_service.settings import Settings
from servicekit.breaker import Breaker, Open

log = structlog.get_logger(__name__)

CONNECT_SECONDS = 3.0
SILENCE_SECONDS = 10.0
MAX_BYTES = 512 * 1024
MAX_CALLS = 8
PROBE_SECONDS = 30.0
TICK_SECONDS = 2.0
FAILURES = Counter("chat_model_failures_total", "Answers that the model's endpoint did not give", ["reason"])


class ModelFailed(Exception):
    """The endpoint gave no usable answer. `reason` is one of ours; nothing of theirs is carried on."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Call:
    """A tool that the model wants to be run; `arguments` is JSON as it wrote it."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class End:
    """The end of one answer: the tools to run, if any, and the tokens that the endpoint counted."""

    calls: tuple[Call, ...]
    finish: str
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


Piece = str | End | None


class Model:
    """One event loop a process carries all streams; a request's thread only waits for the next piece."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._breaker = Breaker(failures=5, seconds=PROBE_SECONDS)
        self._lock = threading.Lock()
        self._pid = 0
        self._loop: asyncio.AbstractEventLoop
        self._client: Any = None

    @property
    def is_configured(self) -> bool:
        key = self._settings.openai_api_key
        return key is not None and bool(key.get_secret_value())

    def stream(
        self, messages: Sequence[Mapping[str, Any]], tools: Sequence[Mapping[str, Any]], max_tokens: int, seconds: float
    ) -> Iterator[Piece]:
        """The pieces of one answer as they come, ended by End; None now and then while nothing comes.

        ModelFailed for whatever the endpoint does wrong, at the latest after so many seconds. Closing the
        iterator cancels the call.
        """
        try:
            self._breaker.enter()
        except Open:
            raise ModelFailed("breaker_open") from None
        pieces: queue.SimpleQueue[Piece | ModelFailed] = queue.SimpleQueue()
        request = {"messages": list(messages), "max_tokens": max_tokens, **({"tools": list(tools)} if tools else {})}
        job = asyncio.run_coroutine_threadsafe(self._produce(request, seconds, pieces), self._running_loop())
        try:
            yield from self._consume(pieces)
        except ModelFailed as failure:
            self._breaker.failed()
            FAILURES.labels(failure.reason).inc()
            log.warning("model failed", reason=failure.reason)
            raise
        else:
            self._breaker.succeeded()
        finally:
            _cancel(job)

    def _consume(self, pieces: "queue.SimpleQueue[Piece | ModelFailed]") -> Iterator[Piece]:
        while True:
            try:
                piece = pieces.get(timeout=TICK_SECONDS)
            except queue.Empty:
                yield None
                continue
            if isinstance(piece, ModelFailed):
                raise piece
            yield piece
            if isinstance(piece, End):
                return

    async def _produce(
        self, request: dict[str, Any], seconds: float, pieces: "queue.SimpleQueue[Piece | ModelFailed]"
    ) -> None:
        try:
            async with asyncio.timeout(seconds):
                async for piece in self._pieces(request):
                    pieces.put(piece)
        except asyncio.CancelledError:
            raise
        except ModelFailed as failure:
            pieces.put(failure)
        except Exception as error:
            pieces.put(ModelFailed(_reason(error)))

    async def _pieces(self, request: dict[str, Any]) -> AsyncIterator[Piece]:
        stream = await self._client.chat.completions.create(
            model=self._settings.openai_model,
            stream=True,
            stream_options={"include_usage": True},
            temperature=0,
            **request,
        )
        calls: dict[int, list[str]] = {}
        finish, usage = None, None
        async with stream:
            async for chunk in stream:
                usage = chunk.usage or usage
                for choice in chunk.choices[:1]:
                    finish = choice.finish_reason or finish
                    _collect(calls, choice.delta.tool_calls or ())
                    if choice.delta.content:
                        yield str(choice.delta.content)
        # A cut stream ends like a whole one; only the finish reason tells (it stays None).
        if finish not in {"stop", "tool_calls", "length", "function_call"}:
            raise ModelFailed("filtered" if finish else "cut")
        found = tuple(Call(*calls[index]) for index in sorted(calls))
        counted = (usage.prompt_tokens, usage.completion_tokens) if usage else (None, None)
        yield End(found, str(finish), *counted)

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        # A forked worker has no thread of its parent's: each process starts its own.
        if self._pid != os.getpid():
            with self._lock:
                if self._pid != os.getpid():
                    self._loop = asyncio.new_event_loop()
                    self._client = _client(self._settings)
                    threading.Thread(target=self._loop.run_forever, name="model", daemon=True).start()
                    self._pid = os.getpid()
        return self._loop


def _cancel(job: "Future[None]") -> None:
    if not job.done():
        job.cancel()


def _collect(calls: dict[int, list[str]], deltas: Sequence[Any]) -> None:
    for delta in deltas:
        if delta.index not in calls and len(calls) >= MAX_CALLS:
            raise ModelFailed("malformed")
        call = calls.setdefault(delta.index, ["", "", ""])
        call[0] = delta.id or call[0]
        if delta.function:
            call[1] += delta.function.name or ""
            call[2] += delta.function.arguments or ""


def _client(settings: Settings) -> Any:
    """The client, imported where it is used: it takes half a second that only a service with a key should pay."""
    import httpx2
    import openai

    for name in ("openai", "httpx2", "httpcore2"):
        # At their finer levels they write whole requests: prompts and keys.
        logging.getLogger(name).setLevel(logging.WARNING)

    class Bounded(httpx2.AsyncByteStream):
        def __init__(self, stream: Any) -> None:
            self._stream = stream

        async def __aiter__(self) -> AsyncIterator[bytes]:
            size = 0
            async for chunk in self._stream:
                size += len(chunk)
                if size > MAX_BYTES:
                    raise ModelFailed("too_large")
                yield chunk

        async def aclose(self) -> None:
            await self._stream.aclose()

    class Transport(httpx2.AsyncHTTPTransport):
        async def handle_async_request(self, request: Any) -> Any:
            response = await super().handle_async_request(request)
            response.stream = Bounded(response.stream)
            return response

    limits = httpx2.Limits(max_connections=1000, max_keepalive_connections=100, keepalive_expiry=30)
    timeout = httpx2.Timeout(SILENCE_SECONDS, connect=CONNECT_SECONDS, pool=CONNECT_SECONDS)
    assert settings.openai_api_key
    return openai.AsyncOpenAI(
        api_key=settings.openai_api_key.get_secret_value(),
        base_url=str(settings.openai_base_url),
        # A retry would spend the shopper's time twice; the built-in assistant answers at once.
        max_retries=0,
        timeout=timeout,
        http_client=httpx2.AsyncClient(
            transport=Transport(limits=limits), timeout=timeout, follow_redirects=False, trust_env=False
        ),
    )


def _reason(error: Exception) -> str:
    import openai

    kinds: list[tuple[type[Exception], str]] = [
        (TimeoutError, "timeout"),
        (openai.APITimeoutError, "timeout"),
        (openai.AuthenticationError, "refused_key"),
        (openai.PermissionDeniedError, "refused_key"),
        (openai.RateLimitError, "rate_limited"),
        (openai.InternalServerError, "server_error"),
        (openai.APIStatusError, "refused"),
        (openai.APIConnectionError, "connection"),
    ]
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ModelFailed):
            return cause.reason
        cause = cause.__cause__ or cause.__context__
    return next((reason for kind, reason in kinds if isinstance(error, kind)), "malformed")
