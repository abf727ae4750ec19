"""`make bench`: speed of the whole beside its baselines, in one run; then every other script of this folder.

Figures, not verdicts: nothing here fails because of a time. SHORT=1 takes under a minute, BENCH_PRODUCTS=1000000 another
size (default 20000, short 2000; the catalogue by itself: a million). Every round measures each case once, so a busy moment of the machine hits all alike.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from math import inf
from pathlib import Path
from statistics import median

from deploy.local.folders import ROOT
from tests import copies
from tests.bench.load import CONNECTIONS, WRK, measure
from tests.bench.servers import Servers

SHORT = os.environ.get("SHORT", "0") not in {"", "0"}
ROUNDS, SECONDS = (1, 1) if SHORT else (5, 1)
LOGIN_SECONDS = 2 if SHORT else 3
WHOLE_SECONDS = 2700
# By themselves they take more rounds. The catalogue is measured with a thousand and a million products.
SIZES = {
    "auth": ["--rounds", "3"],
    "catalog": ["--rounds", "30", "--samples", "100"],
    "gateway_jwt": ["--rounds", "5", "--requests", "200"],
}
WHAT = {
    "file": "nginx: a file of the list's size, through the gateway",
    "bare": "bare WSGI application, the list's bytes, gunicorn",
    "list, kept": "public list through the gateway, kept 1 s",
    "list, not kept": "public pages at any depth through the gateway, each once",
    "list, service": "public list at catalog-service, no cache",
    "list, plain": "plain Flask: page of 20 with total",
    "list of 100, service": "public list of 100 at catalog-service, no cache",
    "list of 100, plain": "plain Flask: page of 100 with total",
    "detail": "signed detail through the gateway",
    "detail, service": "signed detail at catalog-service",
    "detail, plain": "plain Flask: signed detail",
    "create": "create through the gateway, with its decision log",
    "create, service": "create at catalog-service, with its decision log",
    "create, plain": "plain Flask: create, without a log",
    "login": "login through the gateway (argon2id 19 MiB, 2 passes)",
    "login, plain pbkdf2": "plain Flask: login (PBKDF2, 1,000,000 rounds)",
    "login, plain scrypt": "plain Flask: login (scrypt, Werkzeug's default)",
    "chat": "chat without a model through the gateway",
    "chat, plain": "plain Flask: chat by LIKE, over the same products",
}
# (case, what it is compared with, the aim in words, the aim as a ratio or None)
RATIOS = [
    ("list, kept", "file", "public list >= 0.9 of nginx serving a file", 0.9),
    ("list, kept", "list of 100, plain", "public list >= 1,500 x a plain list of 100 products", 1500),
    ("list, service", "list of 100, plain", "in the service, caches off, >= 150 x the same", 150),
    ("list of 100, service", "list of 100, plain", "for the same 100 products", None),
    ("list, service", "list, plain", "for the same 20 products", None),
    ("list, service", "bare", "of what Python could do at best", None),
    ("list, not kept", "list, plain", "pages through the gateway, none kept", None),
    ("detail", "detail, plain", "signed detail >= 6 x", 6),
    ("detail, service", "bare", "of what Python could do at best", None),
    ("create", "create, plain", "create with its audit row >= 8 x", 8),
    ("login", "login, plain pbkdf2", "login >= 5 x", 5),
    ("login", "login, plain scrypt", "login against a cheaper hash", None),
    ("chat", "chat, plain", "chat without a model >= 8 x", 8),
]


class Series:
    """One case's rounds."""

    def __init__(self):
        self.rates, self.p99, self.requests, self.failed, self.cpu_seconds = [], [], 0, 0, 0.0

    def add(self, figures, cpu_seconds):
        self.rates.append(figures.rate)
        self.p99.append(figures.p99)
        self.requests += figures.requests
        self.failed += figures.failed
        self.cpu_seconds += cpu_seconds

    @property
    def micros(self):
        return self.cpu_seconds / max(1, self.requests) * 1e6

    def times(self, other):
        """How many times the other's throughput, as the median of the rounds: each compares neighbours in time."""
        return median(mine / theirs if theirs else inf for mine, theirs in zip(self.rates, other.rates, strict=True))


def rounds(servers):
    """Every case, ROUNDS times in turn."""
    found = {name: Series() for name in WHAT}
    servers.sign_in()
    for _ in range(ROUNDS):
        servers.sign_in()
        for name, (workers, asked) in servers.cases().items():
            # Connections, caches and the kept list are warm: a first crowd on a cold address waits 500 ms for one fetch.
            token = asked.headers.get("Authorization", "").removeprefix("Bearer ")
            body = asked.bodies[0] if asked.bodies else None
            servers.copy.call(asked.method, asked.paths[0], body, token, asked.port)
            before = copies.cpu_seconds(servers.pids(workers))
            figures = measure(asked, LOGIN_SECONDS if name.startswith("login") else SECONDS)
            found[name].add(figures, copies.cpu_seconds(servers.pids(workers)) - before)
    return found


def report(servers, found):
    generator = "wrk" if WRK else "own processes (wrk is not installed, so the fastest cases are held back)"
    print(f"\n{servers.count:,} products, list of 20 = {servers.bytes:,} bytes; {os.cpu_count()} cores, one web process"
          f" with 4 threads a service; {CONNECTIONS} connections by {generator}; medians of {ROUNDS} rounds of"
          f" {SECONDS} s\n")  # fmt: skip
    print(f"{'requests/s':>10}{'p99 ms':>8}{'CPU µs':>8}{'requests':>10}{'failed':>7}  case")
    for name, series in found.items():
        print(f"{median(series.rates):>10,.0f}{median(series.p99):>8.1f}{series.micros:>8.0f}"
              f"{series.requests:>10,}{series.failed:>7}  {WHAT[name]}")  # fmt: skip
    print(
        "\nCPU µs: of all server processes that work for it, per request. Ratios of throughput (median of the rounds') and of"
        " CPU time:\n"
    )
    print(f"{'through':>9}{'CPU':>9}{'aim':>9}  of what, to what")
    for name, base, aim, wanted in RATIOS:
        one, other = found[name], found[base]
        cpu = other.micros / one.micros if one.micros else inf
        print(f"{one.times(other):>9,.2f}{cpu:>9,.2f}{wanted or '':>9}  {aim}: {name} / {base}")


def footprint(servers):
    """What each web service needed to start and holds in memory before and after the load."""
    print("\nCPU s to start, MB held (worker's own, by PSS):")
    for name in ("auth", "catalog", "chat"):
        print(
            f"{servers.started[name]:>8.2f}{servers.held[name]:>8.0f} at first{_megabytes(servers, name):>8.0f} now  {name}"
        )


def _megabytes(servers, name):
    worker = servers.copy.pids(name)[-1]
    rollup = Path(f"/proc/{worker}/smaps_rollup").read_text()
    return int(re.search(r"Pss:\s+(\d+)", rollup)[1]) / 1024


def others(until):
    """The further scripts, each in a process of its own; one that runs out of time is cut off."""
    folder = Path(__file__).parent
    # The longest comes last: it is the one to be cut off.
    for path in sorted(folder.glob("*.py"), key=lambda path: (path.stem == "catalog", path.stem)):
        if not re.match(r"(gateway|auth|catalog|chat)", path.stem) or "\ndef main(" not in path.read_text():
            continue
        run(path.stem, *SIZES.get(path.stem, []), until=until)


def run(name, *arguments, until):
    """One script of this folder, cut off when the time is up."""
    command = [sys.executable, "-m", f"tests.bench.{name}", *arguments]
    print(f"\n== {' '.join(command[1:])}", flush=True)
    script = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
    try:
        script.wait(max(10, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        print("cut off, no time left; run it by itself")
    finally:
        _end(script)


def _end(script):
    """Ends a script that still runs as Ctrl-C would, so that it ends what it started."""
    if script.poll() is None:
        script.send_signal(signal.SIGINT)
        try:
            script.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(script.pid, signal.SIGKILL)
            script.wait()


def main():
    started = time.monotonic()
    count = int(os.environ.get("BENCH_PRODUCTS") or (2_000 if SHORT else 20_000))
    with tempfile.TemporaryDirectory(prefix="vt-") as folder:
        servers = Servers(Path(folder), count)
        try:
            servers.started = {
                name: copies.cpu_seconds(servers.copy.pids(name)) for name in ("auth", "catalog", "chat")
            }
            servers.held = {name: _megabytes(servers, name) for name in servers.started}
            found = rounds(servers)
            report(servers, found)
            footprint(servers)
        finally:
            servers.stop()
    run("rival", until=started + WHOLE_SECONDS)
    if SHORT:
        print("\nThe further scripts of this folder are left out of the short form.")
    else:
        others(started + WHOLE_SECONDS)
    print(f"\nall in {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
