"""Services as the processes that they are in the product, on free ports and fresh SQLite files."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import requests

from tests.builders import INTERNAL_TOKEN

ROOT = Path(__file__).resolve().parents[2]
PASSPHRASE = "a passphrase for tests"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Live:
    """Processes of one small copy; `stop` ends them all."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.folder = folder
        self.settings = {name.upper(): str(value) for name, value in settings.items()}
        self.ports = {name: free_port() for name in ("auth", "catalog", "chat")}
        self.processes: dict[tuple[str, str], subprocess.Popen[bytes]] = {}

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.ports[name]}"

    def environ(self, name: str) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / f"{name}-service")]),
            "BIND": f"127.0.0.1:{self.ports[name]}",
            "DATABASE_URL": f"sqlite:///{self.folder / name}.db",
            "AUTH_URL": self.url("auth"),
            "CATALOG_URL": self.url("catalog"),
            "INTERNAL_TOKEN": INTERNAL_TOKEN,
            "KEY_PASSPHRASE": PASSPHRASE,
            "MAIL_FOLDER": str(self.folder / "mail"),
            "LOG_LEVEL": "warning",
            **self.settings,
        }

    def start(self, *wanted: tuple[str, str]) -> "Live":
        """Starts (kind, service) pairs, kind being web or worker, and waits until each web process is ready."""
        for kind, name in wanted:
            with (self.folder / f"{name}-{kind}.log").open("ab") as log:
                command = [sys.executable, "-m", "servicekit", kind, f"{name}_service"]
                self.processes[kind, name] = subprocess.Popen(
                    command, cwd=self.folder, env=self.environ(name), stdout=log, stderr=log, start_new_session=True
                )
            if kind == "web":
                self._wait(name)
        return self

    def _wait(self, name: str) -> None:
        until = time.monotonic() + 30
        while True:
            try:
                if requests.get(f"{self.url(name)}/readyz", timeout=1).ok:
                    return
            except requests.ConnectionError:
                pass
            alive = self.processes["web", name].poll() is None
            assert alive and time.monotonic() < until, (self.folder / f"{name}-web.log").read_text()
            time.sleep(0.05)

    def flask(self, name: str, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Runs a command of the service beside its processes, as an administrator does."""
        command = [sys.executable, "-m", "flask", "--app", f"{name}_service:create_app", *arguments]
        return subprocess.run(
            command, cwd=self.folder, env=self.environ(name), input=stdin, capture_output=True, text=True, timeout=60
        )

    def kill(self, *wanted: tuple[str, str]) -> None:
        """Ends processes as a power cut would, their children included."""
        for key in wanted:
            process = self.processes.pop(key)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def stop(self) -> None:
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
