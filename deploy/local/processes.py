"""The processes of one copy, each with its command, its environment and where it says that it is ready."""

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from gateway.settings import SETTINGS

from . import gateway
from .folders import ROOT, Copy, surroundings
from .ports import InnerPorts

SERVICES = ("auth", "catalog", "chat")

# The launcher decides these; what another project left in the shell must not.
SETTLED = {
    "DATABASE_URL",
    "PUBLIC_DATABASE_URL",
    "SEARCH_FOLDER",
    "INTERNAL_TOKEN",
    "KEY_PASSPHRASE",
    "AUTH_URL",
    "CATALOG_URL",
    "BIND",
}

# Marks every process of a copy, so that `make down` finds what a killed launcher left behind.
MARK = "VETTED_COPY"


@dataclass(frozen=True)
class Process:
    """One long-running program."""

    name: str
    command: list[str]
    environment: dict[str, str]
    ready_url: str | None = None


def of(copy: Copy, ports: InnerPorts, secrets: dict[str, Path]) -> list[Process]:
    """Gateway, and each service as web and worker."""
    processes = [_gateway(copy, ports)]
    for service in SERVICES:
        environment = _environment(copy, ports, secrets, service)
        port = getattr(ports, service)
        web = Process(service, _command("web", service), environment, f"http://127.0.0.1:{port}/readyz")
        measured = {**environment, "METRICS_BIND": f"127.0.0.1:{ports.metrics(service)}"}
        worker = Process(f"{service}-worker", _command("worker", service), measured)
        processes += [web, worker]
    return processes


def _gateway(copy: Copy, ports: InnerPorts) -> Process:
    plan = gateway.plan(copy, ports)
    named = (*SETTINGS, "GATEWAY_NGINX")
    settings = {name: value for name, value in copy.environment.items() if name in named}
    environment = {**surroundings(copy.environment), **settings, **plan.environment, MARK: str(copy.data)}
    return Process("gateway", plan.command, environment, plan.ready_url)


def _command(role: str, service: str) -> list[str]:
    return [sys.executable, "-m", "servicekit", role, f"{service}_service"]


def _environment(copy: Copy, ports: InnerPorts, secrets: dict[str, Path], service: str) -> dict[str, str]:
    own = {
        MARK: str(copy.data),
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / f"{service}-service")]),
        "PYTHONUNBUFFERED": "1",
        # Where the caller's environment forbids it, every start would compile the code again.
        "PYTHONDONTWRITEBYTECODE": "",
        "TMPDIR": str(copy.memory),
        # An index over a million rows is sorted in files that would fill the memory.
        "SQLITE_TMPDIR": str(copy.scratch),
        "BIND": f"127.0.0.1:{getattr(ports, service)}",
        "DATABASE_URL": f"sqlite:///{copy.data / service}.db",
        "INTERNAL_TOKEN_FILE": str(secrets["internal_token"]),
        "WEB_CONCURRENCY": copy.environment.get("WEB_CONCURRENCY") or str(min(4, max(2, os.cpu_count() or 2))),
        "LOG_FORMAT": copy.environment.get("LOG_FORMAT", "console"),
    }
    if service == "auth":
        own["KEY_PASSPHRASE_FILE"] = str(secrets["key_passphrase"])
        own["MAIL_FOLDER"] = copy.environment.get("MAIL_FOLDER", str(copy.data / "mail"))
        own["PUBLIC_URL"] = copy.public_url
    else:
        own["AUTH_URL"] = f"http://127.0.0.1:{ports.auth}"
    if service == "catalog":
        own["SEARCH_FOLDER"] = str(copy.data / "search")
    if service == "chat":
        own["CATALOG_URL"] = f"http://127.0.0.1:{ports.catalog}"
    named = {f"{name}{suffix}" for name in _settings(service) - SETTLED for suffix in ("", "_FILE")}
    settings = {name: value for name, value in copy.environment.items() if name in named}
    return {**surroundings(copy.environment), **settings, **own}


def _settings(service: str) -> set[str]:
    """The variables of the table in the service's README, which the tests hold against its code."""
    readme = (ROOT / f"{service}-service" / "README.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\| `([A-Z][A-Z0-9_]+)` \|", readme, re.MULTILINE))
