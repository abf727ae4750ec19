"""python -m tests.bench.rival: the product as `make up` starts it beside the rival, in turns, through one front door each.

Prints throughput and the processor time of all processes of each side per request: launcher, nginx and workers here, gunicorn's
parent and its two workers there. POSTGRES=1 puts the rival on a PostgreSQL of its own. Figures, not verdicts. They are kept in
tests/bench/RESULTS.md, with the machine and the date.
"""

import json
import os
import platform
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from math import inf
from pathlib import Path
from statistics import median
from typing import NamedTuple
from urllib.request import ProxyHandler, Request, build_opener

from deploy.local import readiness
from deploy.local.folders import ROOT
from deploy.local.ports import any_free
from tests.bench.load import CONNECTIONS, WRK, Requests, measure
from tests.builders import PASSWORD
from tests.copies import QUIET, cpu_seconds
from tests.servers import postgres

SHORT = os.environ.get("SHORT", "0") not in {"", "0"}
ROUNDS, SECONDS = (1, 2) if SHORT else (5, 3)
PRODUCTS = 100
RESULTS = ROOT / "tests" / "bench" / "RESULTS.md"
RIVAL_PYTHON = ROOT / ".venv-rival" / "bin" / "python"
JSON = {"Content-Type": "application/json"}
NEW = {
    "name": "Tern folding stool",
    "description": "A beech stool that folds flat and hangs on a nail.",
    "price": "59.50",
    "currency": "EUR",
    "category": "Furniture",
}
LOGIN = {"username": "owner", "password": PASSWORD}
QUESTION = {"message": "What does the Tern folding stool 7 cost?"}
# (case, at least so many times the rival's throughput)
AIMS = {"detail": 5, "me": 5, "signed list": 5, "create": 4, "chat": 4, "login": 4, "public list": 1000, "search": None}


PARTS = {"nginx": "nginx", "workers": "servicekit\0worker", "launcher": "deploy.local"}


class Figures(NamedTuple):
    """Requests a second, microseconds of processor time a request by part, and how many failed."""

    rate: float
    micros: Counter[str]
    failed: int


class Side:
    """One of the two, listening at `port`; `pid` is the parent of all its processes."""

    def __init__(self, process: subprocess.Popen, port: int) -> None:
        self.process, self.port = process, port
        self.open = build_opener(ProxyHandler({})).open

    def call(self, method: str, path: str, body: object = None, token: str = ""):
        """The JSON of one answer."""
        headers = {**JSON, **({"Authorization": f"Bearer {token}"} if token else {})}
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"http://127.0.0.1:{self.port}{path}", data, headers, method=method)
        with self.open(request, timeout=30) as answer:
            return json.load(answer)

    def cpu(self) -> Counter[str]:
        """Seconds of processor time that its processes have used so far, by what they are."""
        used: Counter[str] = Counter()
        for pid in descendants(self.process.pid):
            with suppress(OSError):
                used[part(Path(f"/proc/{pid}/cmdline").read_text())] += cpu_seconds([pid])
        return used

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)


def part(command: str) -> str:
    """What a process is, by its command line; in the order in which a request meets them."""
    return next((name for name, word in PARTS.items() if word in command), "service")


def descendants(pid: int) -> list[int]:
    """The process and all below it."""
    below = [pid]
    for parent in below:
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            below += map(int, task.read_text().split())
    return below


@contextmanager
def product(folder: Path):
    """The product as `make up` starts it, with a business whose products are public."""
    port = any_free()
    settings = {**os.environ, **QUIET, "VETTED_DATA": str(folder / "vetted"), "VETTED_PORT": str(port)}
    with (folder / "vetted.log").open("wb") as log:
        command = [sys.executable, "-m", "deploy.local", "up"]
        side = Side(subprocess.Popen(command, cwd=ROOT, env=settings, stdout=log, stderr=log), port)
    try:
        missing = readiness.wait({"gateway": f"http://127.0.0.1:{port}/api/products/public/"}, 90, lambda: False)
        assert not missing, (folder / "vetted.log").read_text()[-2000:]
        yield side
    finally:
        side.stop()


@contextmanager
def rival(folder: Path, rows: list[dict], database: str):
    """Two workers of gunicorn over the same products."""
    (folder / "rows.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    environment = {**os.environ, "DATABASE": database, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": ""}
    fill = [RIVAL_PYTHON, "-m", "tests.bench.rival.fill", folder / "rows.jsonl", PASSWORD]
    subprocess.run(fill, cwd=ROOT, env=environment, check=True)
    port = any_free()
    command = [RIVAL_PYTHON, "-m", "gunicorn", "--workers", "2", "--bind", f"127.0.0.1:{port}", "--keep-alive", "75",
               "--worker-class", "gthread", "--threads", "4", "--no-control-socket", "tests.bench.rival.wsgi"]  # fmt: skip
    with (folder / "rival.log").open("wb") as log:
        side = Side(subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log), port)
    try:
        missing = readiness.wait({"rival": f"http://127.0.0.1:{port}/api/products/public/"}, 30, lambda: False)
        assert not missing, (folder / "rival.log").read_text()[-2000:]
        yield side
    finally:
        side.stop()


def stock(side: Side) -> list[dict]:
    """Registers a business and publishes its products; what the public list then says of them."""
    person = {"business_name": "Owner and Sons", "username": "owner", "email": "owner@example.org"}
    token = side.call("POST", "/api/register/", {**person, "password": PASSWORD})["access"]
    side.call("PUT", "/api/products/policy/", {"allow_self_approval": True}, token)
    for number in range(PRODUCTS):
        name = f"{NEW['name']} {number}"
        made = side.call("POST", "/api/products/", {**NEW, "name": name, "status": "pending_approval"}, token)
        side.call("POST", f"/api/products/{made['id']}/approve/", {"version": made["version"]}, token)
    rows = side.call("GET", f"/api/products/public/?page_size={PRODUCTS}")
    assert len(rows) == PRODUCTS
    return rows


def cases(side: Side, ids: list[int]) -> dict[str, Requests]:
    """What is asked of a side; both have the same paths."""
    signed = {**JSON, "Authorization": f"Bearer {side.call('POST', '/api/login/', LOGIN)['access']}"}
    login = Requests(side.port, ["/api/login/"], "POST", [LOGIN], JSON)
    return {
        "public list": Requests(side.port, ["/api/products/public/"]),
        "search": Requests(side.port, [f"/api/products/public/?q=stool+{number}" for number in range(PRODUCTS)]),
        "signed list": Requests(side.port, ["/api/products/"], headers=signed),
        "detail": Requests(side.port, [f"/api/products/{number}/" for number in ids], headers=signed),
        "me": Requests(side.port, ["/api/me/"], headers=signed),
        "create": Requests(side.port, ["/api/products/"], "POST", [NEW], signed),
        "chat": Requests(side.port, ["/api/chatbot/"], "POST", [QUESTION], JSON),
        "login": login,
    }


def main() -> None:
    if not RIVAL_PYTHON.exists():
        raise SystemExit("the rival is not installed: deploy/local/setup bench")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="vt-")))
        ours = stack.enter_context(product(folder))
        rows = stock(ours)
        on_postgres = os.environ.get("POSTGRES", "0") not in {"", "0"}
        database = stack.enter_context(postgres.temporary()) if on_postgres else str(folder / "rival.db")
        theirs = stack.enter_context(rival(folder, rows, database))
        table = report([measured(ours, theirs, [row["id"] for row in rows]) for _ in range(ROUNDS)], on_postgres)
        print(f"\n{table}")
        if not SHORT:
            keep(table)


def measured(ours: Side, theirs: Side, ids: list[int]) -> dict[str, list[Figures]]:
    """One round: by case, what came of it on each side."""
    asked = [(side, cases(side, ids if side is ours else list(range(1, PRODUCTS + 1)))) for side in (ours, theirs)]
    figures: dict[str, list[Figures]] = {}
    for name in AIMS:
        for side, requests in asked:
            before = side.cpu()
            answer = measure(requests[name], SECONDS)
            time.sleep(0.2)  # what a side still does for these requests is counted as theirs
            spent = side.cpu() - before
            micros = Counter({part: spent[part] / max(1, answer.requests) * 1e6 for part in spent})
            figures.setdefault(name, []).append(Figures(answer.rate, micros, answer.failed))
    return figures


def report(rounds: list[dict[str, list[Figures]]], on_postgres: bool) -> str:
    """The figures as a table in Markdown: medians of the rounds."""
    lines = [
        f"{PRODUCTS} products, {os.cpu_count()} cores ({processor()}), {CONNECTIONS} connections by {'wrk' if WRK else 'Python'},"
        f" medians of {len(rounds)} rounds of {SECONDS} s, {datetime.now(UTC):%Y-%m-%d}; the rival on"
        f" {'PostgreSQL' if on_postgres else 'SQLite'}.",
        "",
        "| | requests/s | rival's | times | aim | CPU µs a request | rival's | 1/CPU | nginx | service | workers | launcher | failed |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for name, aim in AIMS.items():
        ours, theirs = ([round_[name][side] for round_ in rounds] for side in (0, 1))
        times = median(mine.rate / other.rate if other.rate else inf for mine, other in zip(ours, theirs, strict=True))
        cpu = [median(figures.micros.total() for figures in side) for side in (ours, theirs)]
        parts = [
            median(figures.micros[name] for figures in ours) for name in ("nginx", "service", "workers", "launcher")
        ]
        failed = sum(figures.failed for figures in (*ours, *theirs))
        rates = [median(figures.rate for figures in side) for side in (ours, theirs)]
        cells = [name, f"{rates[0]:,.0f}", f"{rates[1]:,.0f}", f"{times:.2f}", str(aim or ""), f"{cpu[0]:,.0f}",
                 f"{cpu[1]:,.0f}", f"{cpu[1] / cpu[0]:.2f}", *(f"{part:,.0f}" for part in parts), str(failed)]  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def processor() -> str:
    """The machine's, as Linux names it."""
    found = re.search(r"^model name\s*:\s*(.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found[1] if found else platform.machine()


def keep(table: str) -> None:
    """Writes the results down; the short form's say little."""
    RESULTS.write_text(f"# Speed beside a plain Django shop\n\nWritten by `python -m tests.bench.rival`.\n\n{table}")


if __name__ == "__main__":
    main()
