"""Everything is killed at once in the midst of writes; afterwards every acknowledged write must be there.

`python -m tests.faults power_cut [--short]`. It stands in for a power cut as far as processes go: what the kernel holds
survives here; that it is on the disk by then is for `synchronous=FULL` and PostgreSQL's fsync.
"""

import http.client
import json
import tempfile
import threading
import time

from tests import copies
from tests.faults import services

NEEDED = ("gateway", "auth", "catalog")


class Writer(threading.Thread):
    """Creates one thing after the other and remembers which were acknowledged."""

    def __init__(self, port, token, path, body):
        super().__init__(daemon=True)
        self.port, self.token, self.path, self.body = port, token, path, body
        self.acknowledged, self.stopped = {}, False

    def run(self):
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        while not self.stopped:
            try:
                connection.request("POST", self.path, json.dumps(self.body(len(self.acknowledged))), headers)
                reply = connection.getresponse()
                answer = json.loads(reply.read())
                if reply.status == 201:
                    self.acknowledged[answer["id"]] = answer.get("name") or answer["username"]
            except (OSError, ValueError, http.client.HTTPException):
                return


def run(short=False, given=None):
    """Figures by name: acknowledged writes, and those that were missing or wrong afterwards."""
    cuts, seconds = (1, 1) if short else (5, 4)
    products, people, missing, started_in = {}, {}, [], []
    with services.prepared(given) as copy:
        for cut in range(cuts):
            makers = [Writer(copy.port, copy.token, "/api/products/", _product(f"{cut}-{place}")) for place in range(3)]
            makers.append(Writer(copy.port, copy.token, "/api/users/", _person(f"p{cut}")))
            for maker in makers:
                maker.start()
            time.sleep(seconds)
            copies.wait_until(lambda makers=makers: all(maker.acknowledged for maker in makers))
            copy.kill()
            for maker in makers:
                maker.stopped = True
                maker.join(timeout=15)
                (people if maker.path == "/api/users/" else products).update(maker.acknowledged)
            started = time.monotonic()
            copy.start(*NEEDED)
            services.first_good(copy, "/api/products/", copy.token)
            started_in.append(time.monotonic() - started)
        for number, name in products.items():
            shown = copy.call("GET", f"/api/products/{number}/", token=copy.token)
            log = copy.call("GET", f"/api/products/{number}/history/", token=copy.token)
            if shown[1].get("name") != name or [one["action"] for one in log[1]] != ["create"]:
                missing.append(number)
        for number, name in people.items():
            if copy.call("GET", f"/api/users/{number}/", token=copy.token)[1].get("username") != name:
                missing.append(name)
        checked = "not asked" if short else verified(copy)
    return {
        "cuts": cuts,
        "acknowledged products": len(products),
        "acknowledged people": len(people),
        "missing or wrong": missing,
        "decision log": checked,
        "everything up again after at most s": round(max(started_in), 1),
    }


def verified(copy):
    """What the service's own check says of its decision log."""
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as file:
        copy.flask("catalog", "export-decisions", file.name)
        return copy.flask("catalog", "verify-decisions", file.name).strip()


def _product(tag):
    return lambda number: {"name": f"Stool {tag}-{number}", "price": "59.50"}


def _person(tag):
    return lambda number: {
        "username": f"{tag}n{number}", "email": f"{tag}n{number}@example.org", "password": "plum-tree & lantern 7"
    }  # fmt: skip
