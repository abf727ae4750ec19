"""A whole copy of the product in a temporary folder, whose processes can be killed and started one by one."""

import contextlib
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from deploy.local import credentials, ports, processes, readiness
from deploy.local.folders import ROOT, Copy
from tests.builders import PASSWORD
from tests.gateway.harness import Reply

READY_SECONDS = 60
WHOLE = ("gateway", "auth", "auth-worker", "catalog", "catalog-worker", "chat", "chat-worker")
# Everything comes from one address here: the limits have tests of their own.
QUIET = {"VETTED_DEMO": "0", "OPENAI_API_KEY": "", "LIMITS": "off", "LOGIN_LIMIT": "1000000/minute", "REGISTER_LIMIT": "1000/minute",
         "REFRESH_LIMIT": "1000000/minute", "LOG_FORMAT": "json", "CHAT_TURNS_PER_ADDRESS": "1000000000",
         "CHAT_TURNS_PER_DAY": "1000000000", "WRITE_LIMIT": "1000000/minute", "CHAT_LIMIT": "1000000/minute",
         "CHAT_ANONYMOUS_LIMIT": "1000000/minute"}  # fmt: skip


class Stack:
    """The processes that deploy.local would start, without its rule that all end when one does.

    `each` holds settings for one process by its name, as {"catalog": {"WEB_CONCURRENCY": "2"}}.
    """

    def __init__(self, folder, names=WHOLE, each=None, **settings):
        environment = {**os.environ, **QUIET, "VETTED_DATA": str(folder), "VETTED_PORT": str(ports.any_free())}
        self.copy = Copy.configured({**environment, **settings})
        self.copy.prepare()
        self.copy.clear_scratch()
        self.ports = ports.choose(self.copy.data)
        self.port = self.copy.port
        self.log = self.copy.log
        self._each = each or {}
        plan = processes.of(self.copy, self.ports, credentials.ensure(self.copy.data))
        self._plan = {process.name: process for process in plan if process.name in names}
        self._running = {}

    def environment(self, name):
        return {**self._plan[name].environment, **self._each.get(name, {})}

    def migrate(self, service):
        """Makes the service's tables; it must not run yet."""
        code = f"import {service}_service as s; from servicekit.app import prepare; prepare(s.create_app())"
        self._finished([sys.executable, "-c", code], service)

    def flask(self, service, *command):
        """Runs one of the service's own commands; its output."""
        return self._finished(
            [sys.executable, "-m", "flask", "--app", f"{service}_service:create_app", *command], service
        )

    def _finished(self, command, service):
        environment = self.environment(service)
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, *names):
        """Starts these, or all, and waits until they answer."""
        for name in names or self._plan:
            with self.log.open("ab") as log:
                self._running[name] = subprocess.Popen(
                    self._plan[name].command, cwd=ROOT, env=self.environment(name), stdin=subprocess.DEVNULL,
                    stdout=log, stderr=log, start_new_session=True,
                )  # fmt: skip
        self.wait(*names)
        return self

    def wait(self, *names):
        """Until these, or all, are ready."""
        urls = {name: self._plan[name].ready_url for name in names or self._plan if self._plan[name].ready_url}
        missing = readiness.wait(urls, READY_SECONDS, lambda: False)
        assert not missing, f"{missing} not ready: {self.log.read_text()[-3000:]}"

    def pids(self, name):
        """The process and its children, the parent first."""
        parent = self._running[name].pid
        with contextlib.suppress(FileNotFoundError):
            return [parent, *map(int, Path(f"/proc/{parent}/task/{parent}/children").read_text().split())]
        return []

    def kill(self, *names):
        """kill -9 of these, or of everything, children included, at once."""
        for name in names or list(self._running):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._running[name].pid, signal.SIGKILL)
        for name in names or list(self._running):
            self._running.pop(name).wait(timeout=10)

    def stop(self, *names):
        """Ends these, or everything, as an operator would."""
        chosen = [name for name in (names or list(self._running)) if name in self._running]
        for name in chosen:
            with contextlib.suppress(ProcessLookupError):
                self._running[name].send_signal(signal.SIGTERM)
        for name in chosen:
            process = self._running.pop(name)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=30)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=10)

    def call(self, method, path, body=None, token=None, port=None, timeout=20):
        """Status and JSON (or bytes) of one request through the gateway, or at a port of its own."""
        reply = self.ask(method, path, body, token, port, timeout)
        return reply.status, reply.json() if "json" in (reply.header("Content-Type") or "") else reply.body

    def ask(self, method, path, body=None, token=None, port=None, timeout=20):
        """The whole answer."""
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=timeout)
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            reply = connection.getresponse()
            return Reply(reply.status, reply.getheaders(), reply.read())
        finally:
            connection.close()

    def register(self, username="owner"):
        """A business with its admin; what the registration answered."""
        body = {"business_name": f"Business of {username}", "username": username, "email": f"{username}@example.org"}
        status, answer = self.call("POST", "/api/register/", {**body, "password": PASSWORD})
        assert status == 201, answer
        return answer

    def sign_in(self, username="owner"):
        """A fresh access token."""
        status, answer = self.call("POST", "/api/login/", {"username": username, "password": PASSWORD})
        assert status == 200, answer
        return answer["access"]

    def publish(self, token, **fields):
        """A product that its author, allowed to, approved; its id."""
        self.call("PUT", "/api/products/policy/", {"allow_self_approval": True}, token)
        product = {"name": "Tern folding stool", "price": "59.50", "status": "pending_approval", **fields}
        status, made = self.call("POST", "/api/products/", product, token)
        assert status == 201, made
        status, shown = self.call("POST", f"/api/products/{made['id']}/approve/", {}, token)
        assert status == 200, shown
        return made["id"]


@contextlib.contextmanager
def stack(names=WHOLE, each=None, **settings):
    """A started copy in a folder that is gone afterwards."""
    folder = tempfile.mkdtemp(prefix="vt-")
    made = Stack(folder, names, each, **settings)
    try:
        yield made
    finally:
        made.kill()
        made.copy.forget()
        shutil.rmtree(folder, ignore_errors=True)


def cpu_seconds(pids):
    """CPU time that these processes have used, in seconds (proc(5), utime and stime)."""
    stats = [Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split() for pid in pids]
    return sum(int(stat[11]) + int(stat[12]) for stat in stats) / os.sysconf("SC_CLK_TCK")


def wait_until(condition, seconds=20, every=0.02):
    """Seconds until the condition held; AssertionError when it never did."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < seconds, "it did not happen in time"
        time.sleep(every)
    return time.monotonic() - started
