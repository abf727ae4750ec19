"""Instances of a service behind the gateway: real gunicorn processes that can be stopped, killed and started."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time

from tests.gateway.harness import ROOT, free_port


def application(environ, start_response):
    """A service that does nothing but take ANSWER_SECONDS of time."""
    environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    time.sleep(float(os.environ.get("ANSWER_SECONDS", "0")))
    body = b"x" * int(os.environ.get("ANSWER_BYTES", "20"))
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]


class Instance:
    """One gunicorn with four threads, set up as the services are."""

    def __init__(self, host="127.0.0.1", port=0, **environ):
        self.host, self.port = host, port or free_port()
        self.environ = os.environ | {"PYTHONPATH": str(ROOT)} | environ
        self.process = None

    @property
    def address(self):
        return f"{self.host}:{self.port}"

    def start(self):
        options = [
            "-k",
            "servicekit.serving.Worker",
            "--threads",
            "4",
            "--keep-alive",
            "75",
            "--graceful-timeout",
            "20",
            "--no-control-socket",
        ]
        command = [sys.executable, "-m", "gunicorn", "-b", self.address, *options, "tests.faults.instances:application"]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=self.environ, stderr=subprocess.DEVNULL, start_new_session=True
        )
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection((self.host, self.port), timeout=1) as probe:
                probe.sendall(b"GET / HTTP/1.0\r\n\r\n")
                if probe.recv(1):
                    return self
            time.sleep(0.05)
        raise AssertionError("gunicorn did not start")

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=30)

    def kill(self):
        """The whole instance, as when its machine goes: all at once, or one that is left goes on for a while."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=10)
