"""One composed copy under a project name and a port of its own."""

import json
import os
import shutil
import subprocess
import time
from typing import Any

import requests

from deploy.local.folders import ROOT

READY_WITHIN = 240  # seconds


class Failure(Exception):
    """A command of the container engine did not do what it was asked to."""


class Stack:
    """The containers of docker-compose.yml."""

    def __init__(self, project: str, port: int) -> None:
        self.project = project
        self.address = f"http://127.0.0.1:{port}"
        self._compose = _compose_command()
        # Limits count addresses and accounts, and everything here comes from few.
        generous = dict.fromkeys(("WRITE_LIMIT", "CHAT_LIMIT", "CHAT_ANONYMOUS_LIMIT"), "10000/minute") | {
            "LIMITS": "off"
        }
        self._environment = {**os.environ, "COMPOSE_PROJECT_NAME": project, **generous}
        self._environment |= {"VETTED_PORT": str(port), "PUBLIC_URL": self.address}
        if self._compose == ["docker-compose"]:
            # The older Compose has no builder of its own.
            self._environment.setdefault("DOCKER_BUILDKIT", "0")

    def build(self) -> None:
        """Build the images."""
        self.compose("build", "--quiet")

    def start(self) -> None:
        """Start all containers; Failure unless all are healthy and the one-shots succeeded in time."""
        self.compose("up", "--detach")
        deadline = time.monotonic() + READY_WITHIN
        while waiting := [name for name, container in self.containers() if not _settled(container)]:
            if time.monotonic() > deadline:
                raise Failure(f"not ready after {READY_WITHIN} s: {', '.join(waiting)}")
            time.sleep(1)

    def remove(self) -> None:
        """Stop everything and delete the volumes."""
        self.compose("down", "--volumes", "--remove-orphans", "--rmi", "local")

    def show_logs(self) -> None:
        print(self.compose("logs", "--no-color", "--tail", "40"), flush=True)

    def compose(self, *arguments: str) -> str:
        """Output of a compose command; Failure with its error output."""
        return self._run([*self._compose, *arguments])

    def inside(self, service: str, *command: str) -> str:
        """Output of a command in the first container of a service; Failure with its error output."""
        return self.compose("exec", "-T", service, *command)

    def engine(self, *arguments: str) -> str:
        """Output of a docker command; Failure with its error output."""
        return self._run(["docker", *arguments])

    def containers(self) -> list[tuple[str, dict[str, Any]]]:
        """(service, what the engine knows) of every container, running or ended."""
        label = f"label=com.docker.compose.project={self.project}"
        ids = self.engine("ps", "--all", "--quiet", "--filter", label).split()
        known: list[dict[str, Any]] = json.loads(self.engine("inspect", *ids)) if ids else []
        return [(container["Config"]["Labels"]["com.docker.compose.service"], container) for container in known]

    def of_service(self, service: str) -> list[dict[str, Any]]:
        return [container for name, container in self.containers() if name == service]

    def get(self, path: str) -> requests.Response:
        return requests.get(self.address + path, timeout=10)

    def _run(self, command: list[str]) -> str:
        done = subprocess.run(command, cwd=ROOT, env=self._environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Failure(f"{' '.join(command)}: {(done.stderr or done.stdout).strip()[-2000:]}")
        return done.stdout


def _compose_command() -> list[str]:
    if subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode == 0:
        return ["docker", "compose"]
    if shutil.which("docker-compose"):
        return ["docker-compose"]
    raise SystemExit("make test-compose needs a container engine: install docker and compose, then try again")


def _settled(container: dict[str, Any]) -> bool:
    state = container["State"]
    if state["Status"] == "exited":
        return bool(state["ExitCode"] == 0)
    health = state.get("Health", {}).get("Status")
    return bool(state["Running"]) and health in (None, "healthy")
