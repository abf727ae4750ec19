"""python -m tests.bench.rival: the product as `make up` starts it beside the rival, in turns, through one front door each.

Prints throughput and the processor time of all processes of each side per request: launcher, nginx and workers here, gunicorn's
parent and its two workers there. POSTGRES=1 puts the rival on a PostgreSQL of its own. Figures, not verdicts.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
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

    def cpu(self) -> float:
        """Seconds of processor time that its processes have used so far."""
        return cpu_seconds(descendants(self.process.pid))

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)


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
        report([measured(ours, theirs, [row["id"] for row in rows]) for _ in range(ROUNDS)])


def measured(ours: Side, theirs: Side, ids: list[int]) -> dict[str, list[tuple[float, float, int]]]:
    """One round: by case, for each side, requests a second, microseconds of processor time a request, and failures."""
    asked = [(side, cases(side, ids if side is ours else list(range(1, PRODUCTS + 1)))) for side in (ours, theirs)]
    figures: dict[str, list[tuple[float, float, int]]] = {}
    for name in AIMS:
        for side, requests in asked:
            before = side.cpu()
            answer = measure(requests[name], SECONDS)
            time.sleep(0.2)  # what a side still does for these requests is counted as theirs
            micros = (side.cpu() - before) / max(1, answer.requests) * 1e6
            figures.setdefault(name, []).append((answer.rate, micros, answer.failed))
    return figures


def report(rounds: list[dict[str, list[tuple[float, float, int]]]]) -> None:
    client = "wrk" if WRK else "processes of our own"
    print(f"\n{PRODUCTS} products, {os.cpu_count()} cores, {CONNECTIONS} connections by {client}, medians of {len(rounds)}"
          f" rounds of {SECONDS} s\n")  # fmt: skip
    print(f"{'':12}{'requests/s':>21}{'CPU µs a request':>22}{'':8}{'':9}{'':6}\n"
          f"{'':12}{'ours':>10}{'rival':>11}{'ours':>11}{'rival':>11}{'times':>8}{'1/CPU':>9}{'aim':>6}{'failed':>8}")  # fmt: skip
    for name, aim in AIMS.items():
        sides = [[median(round_[name][side][part] for round_ in rounds) for part in (0, 1)] for side in (0, 1)]
        failed = sum(round_[name][side][2] for round_ in rounds for side in (0, 1))
        times = median(round_[name][0][0] / round_[name][1][0] for round_ in rounds)
        print(f"{name:12}{sides[0][0]:>10,.0f}{sides[1][0]:>11,.0f}{sides[0][1]:>11,.0f}{sides[1][1]:>11,.0f}"
              f"{times:>8.2f}{sides[1][1] / sides[0][1]:>9.2f}{aim or '':>6}{failed:>8}")  # fmt: skip


if __name__ == "__main__":
    main()
