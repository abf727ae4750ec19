"""The language model: any endpoint that speaks OpenAI's chat completions, bounded in time and in size."""

import asyncio
import logging
import os
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
MAX_BYTES = 128 * 1024
PROBE_SECONDS = 30.0
TICK_SECONDS = 2.0
FAILURES = Counter("chat_model_failures_total", "Answers that the model's endpoint did not give", ["reason"])


class ModelFailed(Exception):
    """The endpoint gave no usable answer. `reason` is one of ours; nothing of theirs is carried on."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Completion:
    """What the model wrote: JSON if it does as it is told; tokens as the endpoint counted them, None where it did not."""

    text: str
    prompt_tokens: int | None
    completion_tokens: int | None


class Model:
    """One event loop a process carries all calls; a request's thread only waits."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._breaker = Breaker(failures=5, seconds=PROBE_SECONDS)
        self._lock = threading.Lock()
        self._pid = 0
        self._loop: asyncio.AbstractEventLoop
        self._client: Any = None
        # An endpoint that refuses a schema is asked for a tool call from then on.
        self.takes_schemas = True

    @property
    def is_configured(self) -> bool:
        key = self._settings.openai_api_key
        return key is not None and bool(key.get_secret_value())

    def complete(
        self, messages: Sequence[Mapping[str, Any]], schema: Mapping[str, Any], max_tokens: int, seconds: float
    ) -> Iterator[Completion | None]:
        """None now and then while nothing comes, then the completion: one JSON object of that schema.

        ModelFailed for whatever the endpoint does wrong, at the latest after so many seconds. Closing the
        iterator cancels the call.
        """
        try:
            self._breaker.enter()
        except Open:
            raise ModelFailed("breaker_open") from None
        request = {"messages": list(messages), "max_tokens": max_tokens, **self._format(schema)}
        job = asyncio.run_coroutine_threadsafe(self._ask(request, seconds), self._running_loop())
        try:
            for piece in _waited(job):
                if piece is not None:
                    self._breaker.succeeded()
                yield piece
        except ModelFailed as failure:
            self._breaker.failed()
            FAILURES.labels(failure.reason).inc()
            log.warning("model failed", reason=failure.reason)
            raise
        finally:
            if not job.done():
                job.cancel()

    def _format(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        if self.takes_schemas:
            named = {"name": "plan", "schema": schema, "strict": True}
            return {"response_format": {"type": "json_schema", "json_schema": named}}
        function = {"name": "plan", "description": "What the question means.", "parameters": schema}
        choice = {"type": "function", "function": {"name": "plan"}}
        return {"tools": [{"type": "function", "function": function}], "tool_choice": choice}

    async def _ask(self, request: dict[str, Any], seconds: float) -> Completion:
        try:
            async with asyncio.timeout(seconds):
                answer = await self._client.chat.completions.create(
                    model=self._settings.openai_model, temperature=0, **request
                )
            return _read(answer)
        except (asyncio.CancelledError, ModelFailed):
            raise
        except Exception as error:
            raise ModelFailed(_reason(error)) from None

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


def _waited(job: "Future[Completion]") -> Iterator[Completion | None]:
    while True:
        try:
            yield job.result(timeout=TICK_SECONDS)
            return
        except TimeoutError:
            if job.done():
                raise
            yield None


def _read(answer: Any) -> Completion:
    choice = answer.choices[0]
    if choice.finish_reason not in {"stop", "tool_calls", "function_call"}:
        raise ModelFailed("cut" if choice.finish_reason in {"length", None} else "filtered")
    calls = choice.message.tool_calls
    text = calls[0].function.arguments if calls else choice.message.content
    if not text or not text.strip():
        raise ModelFailed("empty")
    usage = answer.usage
    return Completion(str(text), usage.prompt_tokens if usage else None, usage.completion_tokens if usage else None)


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
        # A retry would spend the shopper's time twice; the parser understands at once.
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
