"""What the gateway's token check costs: none, remembered, made anew in njs, and asked of a Flask service.

`python -m tests.bench.gateway_jwt [--rounds N] [--requests N]`. All four nginx run at once and take turns, so that a
busy moment of the machine hits all alike. CPU time is that of the servers involved, read from /proc, per request.
"""

import argparse
import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from gateway import render
from tests.gateway.harness import ROOT, Answer, Keys, Service, binaries, free_port

TICKS = os.sysconf("SC_CLK_TCK")
UPSTREAM = """
server {
    listen 127.0.0.1:%d;
    access_log off;
    location / { default_type application/json; return 200 '{"id":1}'; }
}
"""
FLASK_CHECK = """
location = /_token {
    internal;
    proxy_pass http://127.0.0.1:%d/;
    proxy_http_version 1.1;
    proxy_pass_request_headers off;
    proxy_pass_request_body off;
    proxy_set_header Host auth;
    proxy_set_header Connection "";
    proxy_set_header Content-Length "";
    proxy_set_header Authorization $http_authorization;
}
"""
FLASK_APP = """
import json, os
import jwt
from flask import Flask, request
app = Flask(__name__)
key = jwt.PyJWK(json.loads(os.environ["KEY"]))
@app.get("/")
def check():
    token = request.headers["Authorization"][7:]
    claims = jwt.decode(token, key, algorithms=["ES256"], issuer="vetted-auth", audience="vetted")
    return "", 204, {"X-Token-User": claims["sub"]}
"""


class Variant:
    """One nginx, its way of checking, and the tokens that it is sent."""

    def __init__(self, name, folder, auth, edit, tokens):
        self.name, self.port, self.tokens = name, free_port(), tokens
        upstream = free_port()
        environ = {
            "GATEWAY_LISTEN": f"127.0.0.1:{self.port}", "GATEWAY_NGINX": binaries()[0], "GATEWAY_WORKERS": "1",
            "GATEWAY_ACCESS_LOG": "off", "LIMITS": "off", "AUTH_UPSTREAM": auth,
            "CATALOG_UPSTREAM": f"127.0.0.1:{upstream}",
        }  # fmt: skip
        nginx, _ = render.render(folder, environ)
        edit(folder)
        with (folder / "snippets" / "private.conf").open("a") as private:
            private.write(UPSTREAM % upstream)
        command = [nginx, "-p", f"{folder}/", "-c", folder / "nginx.conf", "-e", "stderr", "-g", "daemon off;"]
        self.process = subprocess.Popen(command)
        self.others = []
        self.micros, self.cpu = [], []

    def processes(self):
        """This nginx, its children, and whatever else answers for it."""
        roots = [self.process.pid, *self.others]
        children = [
            int(pid) for root in roots for pid in Path(f"/proc/{root}/task/{root}/children").read_text().split()
        ]
        return roots + children

    def cpu_seconds(self):
        stats = [Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split() for pid in self.processes()]
        return sum(int(stat[11]) + int(stat[12]) for stat in stats) / TICKS

    def round(self, requests):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        before, times = self.cpu_seconds(), []
        for _ in range(requests):
            token = next(self.tokens)
            started = time.perf_counter()
            connection.request("GET", "/api/products/1/", headers={"Authorization": f"Bearer {token}"})
            reply = connection.getresponse()
            reply.read()
            times.append(time.perf_counter() - started)
            if reply.status != 200:
                raise SystemExit(f"{self.name}: {reply.status}")
        connection.close()
        self.micros.append(median(times) * 1e6)
        self.cpu.append((self.cpu_seconds() - before) / requests * 1e6)


def without_check(folder):
    routes = folder / "routes.conf"
    routes.write_text(routes.read_text().replace("include snippets/token.conf;", 'set $token_user "";'))


def flask_check(port):
    return lambda folder: (folder / "snippets" / "token_check.conf").write_text(FLASK_CHECK % port)


def repeated(value):
    while True:
        yield value


def measure(folder, rounds, requests):
    keys = Keys()
    auth = Service(answer=lambda seen: Answer(keys.published()))
    same = keys.token()
    fresh = (keys.token() for _ in range(rounds * requests + 100))
    prepared = iter(list(fresh))
    flask_port = free_port()
    (folder / "check.py").write_text(FLASK_APP)
    gunicorn = [
        sys.executable,
        "-m",
        "gunicorn",
        "--no-control-socket",
        "-k",
        "gthread",
        "--threads",
        "4",
        "--keep-alive",
        "75",
    ]
    flask = subprocess.Popen(
        [*gunicorn, "-b", f"127.0.0.1:{flask_port}", "--chdir", folder, "check:app"], stderr=subprocess.DEVNULL,
        env=os.environ | {"KEY": json.dumps(keys.published()["keys"][0]), "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    variants = [
        Variant("no check", folder / "none", auth.address, without_check, repeated(same)),
        Variant("verdict remembered", folder / "cached", auth.address, lambda folder: None, repeated(same)),
        Variant("njs, every token new", folder / "njs", auth.address, lambda folder: None, prepared),
        Variant("auth_request to Flask", folder / "flask", auth.address, flask_check(flask_port), repeated(same)),
    ]
    variants[-1].others = [flask.pid]
    try:
        time.sleep(2)
        for variant in variants:
            variant.round(20)
            variant.micros.clear(), variant.cpu.clear()
        for _ in range(rounds):
            for variant in variants:
                variant.round(requests)
    finally:
        for process in [*(variant.process for variant in variants), flask]:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)
        auth.close()
    return variants


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--requests", type=int, default=300, help="in each round, of each variant")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vt-") as folder:
        variants = measure(Path(folder), arguments.rounds, arguments.requests)
    base, base_cpu = median(variants[0].micros), sum(variants[0].cpu) / len(variants[0].cpu)
    print(f"{'token check':<24}{'µs a request':>14}{'ratio':>8}{'CPU µs':>9}{'ratio':>8}{'added':>8}")
    for variant in variants:
        latency, cpu = median(variant.micros), sum(variant.cpu) / len(variant.cpu)
        ratios = f"{latency / base:>8.2f}{cpu:>9.0f}{cpu / base_cpu:>8.2f}{cpu - base_cpu:>+8.0f}"
        print(f"{variant.name:<24}{latency:>14.0f}{ratios}")


if __name__ == "__main__":
    main()
