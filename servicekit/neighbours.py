"""Calls to other services: pooled, bounded in time, retried where that is safe, cut off while they fail."""

from typing import Any
from urllib.parse import urlencode

import orjson
import structlog
import urllib3
from urllib3.exceptions import HTTPError

from servicekit.breaker import Breaker, Open
from servicekit.logs import request_id
from servicekit.problems import Unavailable

log = structlog.get_logger(__name__)

CONNECT_SECONDS = 1.0
READ_SECONDS = 5.0
CLOSED_SECONDS = 2.0


class Neighbour:
    """One other service; every failure of its leaves here as Unavailable."""

    def __init__(
        self, name: str, base_url: str, token: str | None = None, pool: int = 16, read_seconds: float = READ_SECONDS
    ) -> None:
        self.name = name
        self.base_url = base_url.rstrip("/")
        # Reads only, on connection failures and on 502-504, with jitter; honours Retry-After.
        retry = urllib3.Retry(
            total=2,
            redirect=False,
            backoff_factor=0.1,
            backoff_jitter=0.1,
            status_forcelist=(502, 503, 504),
            allowed_methods=("GET", "HEAD"),
            raise_on_status=False,
        )
        timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=read_seconds)
        self._pool = urllib3.PoolManager(num_pools=1, maxsize=pool, retries=retry, timeout=timeout)
        self._credential = {"Authorization": f"Bearer {token}"} if token else {}
        self._breaker = Breaker(failures=5, seconds=CLOSED_SECONDS)

    def get(self, path: str, params: dict[str, Any] | None = None, none_on: tuple[int, ...] = ()) -> Any:
        """The JSON answer, or None for a status in `none_on`; Unavailable for any other than 2xx."""
        try:
            response = self._send(path, params)
        except (HTTPError, Open) as error:
            log.warning("neighbour does not answer", neighbour=self.name, path=path, error=type(error).__name__)
            raise Unavailable(f"{self.name} does not answer") from None
        if response.status in none_on:
            return None
        if response.status >= 300:
            log.warning("neighbour refused", neighbour=self.name, path=path, status=response.status)
            raise Unavailable(f"{self.name} does not answer as expected")
        try:
            return orjson.loads(response.data)
        except orjson.JSONDecodeError:
            raise Unavailable(f"{self.name} does not answer as expected") from None

    def _send(self, path: str, params: dict[str, Any] | None) -> urllib3.BaseHTTPResponse:
        # A public route refuses a bearer that is no access token, and has no business with this one.
        credential = self._credential if path.startswith("/internal/") else {}
        address = f"{self.base_url}{path}?{urlencode(params, doseq=True)}" if params else self.base_url + path
        self._breaker.enter()
        try:
            headers = {"X-Request-ID": request_id(), **credential}
            response = self._pool.request("GET", address, headers=headers, redirect=False)
            if response.status >= 500:
                raise HTTPError(f"status {response.status}")
        except BaseException:
            self._breaker.failed()
            raise
        self._breaker.succeeded()
        return response
