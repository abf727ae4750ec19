"""Asks a server as fast as it answers: by wrk where it is installed, else by several processes of our own."""

import http.client
import json
import random
import re
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from multiprocessing import Process, Queue

CONNECTIONS = 8
WRK = shutil.which("wrk")
SCRIPT = """
local paths, bodies = {%(paths)s}, {%(bodies)s}
local n = %(start)d
wrk.method = %(method)s
%(headers)s
request = function()
  n = n + 1
  local body = nil
  if #bodies > 0 then body = bodies[n %% #bodies + 1] end
  return wrk.format(nil, paths[n %% #paths + 1], nil, body)
end
done = function(summary, latency, requests)
  io.write(string.format("RESULT %%d %%d %%f %%f\\n", summary.requests,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout,
    summary.duration / 1e6, latency:percentile(99) / 1000))
end
"""


@dataclass
class Requests:
    """What is asked, in turn."""

    port: int
    paths: list
    method: str = "GET"
    bodies: list = field(default_factory=list)
    headers: dict = field(default_factory=dict)
    clients: int = CONNECTIONS


@dataclass
class Figures:
    """What came of it; `p99` in milliseconds."""

    requests: int
    failed: int
    seconds: float
    p99: float

    @property
    def rate(self):
        return self.requests / self.seconds


def measure(asked: Requests, seconds: float) -> Figures:
    """That many keep-alive clients, for so long."""
    return _wrk(asked, seconds) if WRK else _own(asked, seconds)


def _wrk(asked, seconds):
    script = SCRIPT % {
        "paths": ", ".join(map(json.dumps, asked.paths)),
        "bodies": ", ".join(json.dumps(json.dumps(body)) for body in asked.bodies),
        "start": random.randrange(1_000_000),
        "method": json.dumps(asked.method),
        "headers": "\n".join(f"wrk.headers[{json.dumps(k)}] = {json.dumps(v)}" for k, v in asked.headers.items()),
    }
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        command = [
            WRK,
            "-t1",
            f"-c{asked.clients}",
            f"-d{max(1, round(seconds))}s",
            "--timeout",
            "20s",
            "-s",
            file.name,
        ]
        done = subprocess.run(
            [*command, f"http://127.0.0.1:{asked.port}"], capture_output=True, text=True, check=False, timeout=120
        )
    found = re.search(r"RESULT (\d+) (\d+) ([\d.]+) ([\d.]+)", done.stdout)
    assert found, done.stdout + done.stderr
    return Figures(int(found[1]), int(found[2]), float(found[3]), float(found[4]))


def _own(asked, seconds):
    results: Queue = Queue()
    clients = [Process(target=_client, args=(asked, seconds, results)) for _ in range(asked.clients)]
    for client in clients:
        client.start()
    found = [results.get() for _ in clients]
    for client in clients:
        client.join()
    times = sorted(one for times, _ in found for one in times)
    return Figures(len(times), sum(failed for _, failed in found), seconds, times[int(len(times) * 0.99)] * 1000)


def _client(asked, seconds, results):
    connection = http.client.HTTPConnection("127.0.0.1", asked.port, timeout=20)
    number, failed, times = random.randrange(1_000_000), 0, []
    end = time.perf_counter() + seconds
    while (started := time.perf_counter()) < end:
        number += 1
        body = json.dumps(asked.bodies[number % len(asked.bodies)]) if asked.bodies else None
        try:
            connection.request(asked.method, asked.paths[number % len(asked.paths)], body, asked.headers)
            reply = connection.getresponse()
            reply.read()
            failed += reply.status >= 400
        except (OSError, http.client.HTTPException):
            connection.close()
            failed += 1
        times.append(time.perf_counter() - started)
    results.put((times, failed))
