"""Keep-alive clients that ask until they are told to stop, and count what they get."""

import http.client
import select
import threading
import time
from collections import Counter
from statistics import quantiles


class Crowd:
    """`size` clients; each sends what `ask(number)` returns: (method, path, body, headers).

    A kept connection that the server closed meanwhile is opened anew before it is used, as HTTP libraries do;
    anything that breaks once a request is sent counts as failed. With `retries` it is sent again so often first, as
    HTTP libraries do with idempotent requests (RFC 9110 section 9.2.2); `retried` counts those.
    """

    def __init__(self, port, size, ask, pause=0.0, retries=0):
        self.port, self.ask, self.pause, self.retries = port, ask, pause, retries
        self.retried = 0
        self.outcomes = Counter()
        self.seconds = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._clients = [threading.Thread(target=self._client, daemon=True) for _ in range(size)]

    def __enter__(self):
        for client in self._clients:
            client.start()
        return self

    def __exit__(self, *error):
        self._stop.set()
        for client in self._clients:
            client.join(timeout=30)

    @property
    def total(self):
        return sum(self.outcomes.values())

    def wait_for(self, requests, timeout=60):
        """Until so many more were answered."""
        goal, deadline = self.total + requests, time.monotonic() + timeout
        while self.total < goal and time.monotonic() < deadline:
            time.sleep(0.01)

    def failed(self):
        """Outcomes other than success: status or name of the error → how often."""
        return {what: count for what, count in self.outcomes.items() if what not in (200, 201)}

    def percentile(self, outcome, percent):
        """Milliseconds that `percent` of the answers with this outcome needed at most."""
        times = self.seconds.get(outcome, [])
        return quantiles(times, n=100)[percent - 1] * 1000 if len(times) > 1 else 0.0

    def _client(self):
        connection, number = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20), 0
        while not self._stop.is_set():
            if connection.sock and select.select([connection.sock], [], [], 0)[0]:
                connection.close()
            number += 1
            started = time.perf_counter()
            again, outcome = 0, self._outcome(connection, number)
            while not isinstance(outcome, int) and again < self.retries:
                again, outcome = again + 1, self._outcome(connection, number)
            with self._lock:
                self.retried += again
                self.outcomes[outcome] += 1
                self.seconds.setdefault(outcome, []).append(time.perf_counter() - started)
            self._stop.wait(self.pause)
        connection.close()

    def _outcome(self, connection, number):
        """The status, or the name of what broke."""
        try:
            connection.request(*self.ask(number))
            reply = connection.getresponse()
            reply.read()
            return reply.status
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            return type(error).__name__
