"""A relay before the gateway that holds an event stream back until it is let go."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests

from tests.e2e.conftest import URL

PASSED = ("content-type", "accept", "cookie", "authorization")
MOST_SECONDS = 30


@dataclass
class Relay:
    """What arrived is passed on as far as its first token; the rest when `rest` is set."""

    url: str = ""
    rest: threading.Event = field(default_factory=threading.Event)


@contextmanager
def relay() -> Iterator[Relay]:
    state = Relay()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name: value for name, value in self.headers.items() if name.lower() in PASSED}
            answer = requests.post(URL + self.path, data=body, headers=headers, stream=True, timeout=MOST_SECONDS)
            self.send_response(answer.status_code)
            self.send_header("Content-Type", answer.headers["Content-Type"])
            self.end_headers()
            event = b""
            for line in answer.iter_lines():
                self.wfile.write(line + b"\n")
                event = line if line.startswith(b"event:") else event
                if not line:
                    self.wfile.flush()
                if line.startswith(b"data:") and event == b"event: token":
                    self.wfile.write(b"\n")
                    self.wfile.flush()
                    state.rest.wait(MOST_SECONDS)

        def log_message(self, *_: object) -> None:
            """Says nothing: what is wrong shows on the page."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield state
    finally:
        state.rest.set()
        server.shutdown()
        server.server_close()
