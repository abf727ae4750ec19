"""What is measured: a whole copy of the product and the baselines, all with the same products."""

import contextlib
import http.client
import json
import os
import subprocess
import sys
from pathlib import Path

from deploy.local import readiness
from deploy.local.folders import ROOT
from deploy.local.ports import any_free
from servicekit import paging
from tests import copies
from tests.bench import catalog_loader
from tests.bench.baseline import HASHES
from tests.bench.load import Requests
from tests.builders import PASSWORD

# A name, a category with a limit, words that go together.
QUESTIONS = ["What does the {} cost?", "Show me lighting under 50 EUR", "Do you have an oak desk?"]
PRODUCT = {
    "name": "Tern folding stool",
    "description": "A beech stool that folds flat and hangs on a nail.",
    "price": "59.50",
    "currency": "EUR",
    "category": "Furniture",
}
JSON = {"Content-Type": "application/json"}


class Baseline:
    """A WSGI application under the services' own gunicorn settings."""

    def __init__(self, application, **settings):
        self.port = any_free()
        environment = {**os.environ, "BIND": f"127.0.0.1:{self.port}", "PYTHONPATH": str(ROOT), **settings}
        command = [sys.executable, "-m", "gunicorn", "-c", "python:tests.bench.baseline.gunicorn", application]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)

    def pids(self):
        pid = self.process.pid
        return [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=30)


class Servers:
    """The copy and the baselines, started; `count` products in each."""

    def __init__(self, folder, count):
        self.count = count
        self.copy = copies.Stack(folder / "copy")
        self.copy.migrate("catalog")
        self.loaded_in = catalog_loader.load(self.copy.environment("catalog")["DATABASE_URL"], count)
        self.copy.start()
        self.copy.register()
        answer = self._listed()
        self.questions = [{"message": one.format(json.loads(answer)[0]["name"])} for one in QUESTIONS]
        (self.copy.copy.www / "bench.json").write_bytes(answer)
        (folder / "answer.json").write_bytes(answer)
        self.bytes = len(answer)
        database = f"sqlite:///{folder / 'shop.db'}"
        fill = [sys.executable, "-m", "tests.bench.baseline.fill", str(count)]
        subprocess.run(fill, cwd=ROOT, env={**os.environ, "DATABASE_URL": database}, check=True)
        self.bare = Baseline("tests.bench.baseline.bare:application", BODY_FILE=str(folder / "answer.json"))
        self.shop = Baseline("tests.bench.baseline.shop:app", DATABASE_URL=database)
        missing = readiness.wait({"shop": f"http://127.0.0.1:{self.shop.port}/products/"}, 30, lambda: False)
        assert not missing

    def _listed(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.copy.ports.catalog, timeout=20)
        connection.request("GET", "/api/products/public/")
        body = connection.getresponse().read()
        connection.close()
        return body

    def stop(self):
        for baseline in (self.bare, self.shop):
            with contextlib.suppress(ProcessLookupError):
                baseline.stop()
        self.copy.kill()

    def pids(self, name):
        """The processes that work for a request to `name`."""
        if name in {"bare", "shop"}:
            return getattr(self, name).pids()
        return [pid for one in name.split("+") for pid in self.copy.pids(one)]

    def sign_in(self):
        """Fresh tokens of the owner of business 1, here and at the baseline."""
        body = {"username": "owner", "password": PASSWORD}
        self.token = self.copy.call("POST", "/api/login/", body)[1]["access"]
        theirs = {"username": "scrypt", "password": PASSWORD}
        self.theirs = self.copy.call("POST", "/login/", theirs, port=self.shop.port)[1]["access"]
        found = self.copy.call("GET", "/api/products/?page_size=100&status=approved", token=self.token)[1]
        self.own = [one["id"] for one in found if one["id"] <= self.count]

    def cases(self):
        """Name → (the processes that work for it, what is asked)."""
        gateway, inner, shop = self.copy.port, self.copy.ports, self.shop.port
        signed = {**JSON, "Authorization": f"Bearer {self.token}"}
        theirs = {**JSON, "Authorization": f"Bearer {self.theirs}"}
        step = max(1, self.count // 20_000)
        pages = [f"/api/products/public/?cursor={paging.encode([n])}" for n in range(self.count, 20, -step)]
        details = [f"/api/products/{number}/" for number in self.own]
        login = {"username": "owner", "password": PASSWORD}

        def post(port, path, *bodies, headers=JSON):
            return Requests(port, [path], "POST", list(bodies), headers)

        def slowly(asked):
            """As many at once as there are cores: hashing passwords is nothing but work."""
            asked.clients = os.cpu_count() or 1
            return asked

        return {
            "file": ("gateway", Requests(gateway, ["/bench.json"])),
            "bare": ("bare", Requests(self.bare.port, ["/"])),
            "list, kept": ("gateway+catalog", Requests(gateway, ["/api/products/public/"])),
            "list, not kept": ("gateway+catalog", Requests(gateway, pages)),
            "list, service": ("catalog", Requests(inner.catalog, ["/api/products/public/"])),
            "list, plain": ("shop", Requests(shop, ["/products/"])),
            "list of 100, service": ("catalog", Requests(inner.catalog, ["/api/products/public/?page_size=100"])),
            "list of 100, plain": ("shop", Requests(shop, ["/products/?per_page=100"])),
            "detail": ("gateway+catalog", Requests(gateway, details, headers=signed)),
            "detail, service": ("catalog", Requests(inner.catalog, details, headers=signed)),
            "detail, plain": ("shop", Requests(shop, [path[4:] for path in details], headers=theirs)),
            "create": ("gateway+catalog", post(gateway, "/api/products/", PRODUCT, headers=signed)),
            "create, service": ("catalog", post(inner.catalog, "/api/products/", PRODUCT, headers=signed)),
            "create, plain": ("shop", post(shop, "/products/", PRODUCT, headers=theirs)),
            "login": ("gateway+auth", slowly(post(gateway, "/api/login/", login))),
            **{
                f"login, plain {name}": ("shop", slowly(post(shop, "/login/", {**login, "username": name})))
                for name in HASHES
            },
            "chat": ("gateway+chat+catalog", post(gateway, "/api/chatbot/", *self.questions)),
            "chat, plain": ("shop", post(shop, "/chat/", *self.questions)),
        }
