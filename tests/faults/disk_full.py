"""No service may write a byte more into any file, as when the disk is full; then there is room again.

`python -m tests.faults disk_full [--short]`. A limit of the kernel on the size of files (setrlimit(2), RLIMIT_FSIZE) stands
for the full disk, since it can be set on a running process by whoever started it, and taken away again.
"""

import contextlib
import resource
import time
from collections import Counter

from tests.builders import PASSWORD
from tests.faults import services
from tests.faults.crowd import Crowd

LIMITED = ("auth", "catalog", "chat")
WRITES = ("product", "sign-in", "question")


def run(short=False, given=None):
    """Figures by name: how writes were refused, how readers fared, and what was acknowledged and is missing."""
    seconds = 1 if short else 15
    acknowledged, refusals = {}, Counter()
    with services.prepared(given) as copy:
        # Each once before: the limit would hold for files in memory, too, which the services count in.
        for what in WRITES:
            _write(copy, acknowledged, refusals, what)
        with (
            _full(copy),
            Crowd(copy.port, 2, services.asking("/api/products/", copy.token), 0.005) as own,
            Crowd(copy.port, 2, services.asking("/api/products/public/"), 0.005) as public,
        ):
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                for what in WRITES:
                    _write(copy, acknowledged, refusals, what)
        started = time.monotonic()
        while not _write(copy, acknowledged, Counter(), "after"):
            time.sleep(0.02)
        back = time.monotonic() - started
        shown = {number: copy.call("GET", f"/api/products/{number}/", token=copy.token)[1] for number in acknowledged}
    return {
        "refused: status, Retry-After": dict(refusals),
        "signed reads": own.total,
        "signed reads: failed": own.failed(),
        "public reads": public.total,
        "public reads: failed": public.failed(),
        "acknowledged": len(acknowledged),
        "missing or wrong": [number for number, name in acknowledged.items() if shown[number].get("name") != name],
        "written again after s": round(back, 2),
    }


@contextlib.contextmanager
def _full(copy):
    """No file of the services may grow beyond one byte."""
    pids = [pid for name in LIMITED for pid in copy.pids(name)]
    try:
        for pid in pids:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
        yield
    finally:
        for pid in pids:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def _write(copy, acknowledged, refusals, what):
    """Whether it was taken; a product is remembered by its id."""
    asked = {
        "sign-in": ("POST", "/api/login/", {"username": "owner", "password": PASSWORD}),
        "question": ("POST", "/api/chatbot/", {"message": "What does the Tern folding stool cost?"}),
    }
    product = ("POST", "/api/products/", {"name": f"Stool {what} {len(acknowledged)}", "price": "59.50"}, copy.token)
    reply = copy.ask(*asked.get(what, product))
    if reply.status == 201:
        acknowledged[reply.json()["id"]] = reply.json()["name"]
    if reply.status not in (200, 201):
        refusals[reply.status, reply.header("Retry-After")] += 1
    return reply.status in (200, 201)
