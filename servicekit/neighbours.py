"""Calls to other services: pooled, bounded in time, retried where that is safe, cut off while they fail."""

from typing import Any

import requests
import structlog
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

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
        self._timeout = (CONNECT_SECONDS, read_seconds)
        self.base_url = base_url.rstrip("/")
        self._session = requests.Session()
        # Reads only, on connection failures and on 502-504, with jitter; honours Retry-After.
        retry = Retry(
            total=2,
            backoff_factor=0.1,
            backoff_jitter=0.1,
            status_forcelist=(502, 503, 504),
            allowed_methods=("GET", "HEAD"),
            raise_on_status=False,
        )
        self._session.mount(self.base_url, HTTPAdapter(pool_connections=1, pool_maxsize=pool, max_retries=retry))
        self._session.trust_env = False
        self._credential = {"Authorization": f"Bearer {token}"} if token else {}
        self._breaker = Breaker(failures=5, seconds=CLOSED_SECONDS)

    def get(self, path: str, params: dict[str, Any] | None = None, none_on: tuple[int, ...] = ()) -> Any:
        """The JSON answer, or None for a status in `none_on`; Unavailable for any other than 2xx."""
        try:
            response = self._send(path, params)
        except (requests.RequestException, Open) as error:
            log.warning("neighbour does not answer", neighbour=self.name, path=path, error=type(error).__name__)
            raise Unavailable(f"{self.name} does not answer") from None
        if response.status_code in none_on:
            return None
        if not response.ok:
            log.warning("neighbour refused", neighbour=self.name, path=path, status=response.status_code)
            raise Unavailable(f"{self.name} does not answer as expected")
        try:
            return response.json()
        except requests.JSONDecodeError:
            raise Unavailable(f"{self.name} does not answer as expected") from None

    def _send(self, path: str, params: dict[str, Any] | None) -> requests.Response:
        # A public route refuses a bearer that is no access token, and has no business with this one.
        credential = self._credential if path.startswith("/internal/") else {}
        self._breaker.enter()
        try:
            response = self._session.get(
                self.base_url + path,
                params=params,
                headers={"X-Request-ID": request_id(), **credential},
                timeout=self._timeout,
                allow_redirects=False,
            )
            if response.status_code >= 500:
                raise requests.HTTPError(response=response)
        except BaseException:
            self._breaker.failed()
            raise
        self._breaker.succeeded()
        return response
