"""The index for searches is damaged in every way while people search; the worker mends it by itself.

`python -m tests.faults search_damaged [--short]`: its writer is killed, its folder removed, one of its files cut off, and no
file of the worker may grow, as when the disk is full. After each, what was just approved is looked for.
"""

import contextlib
import resource
import shutil
import time
from pathlib import Path

from tests import copies
from tests.faults import services
from tests.faults.crowd import Crowd

HEALED_SECONDS = 60


def run(short=False, given=None):
    """Figures by name: searches that failed, and how long at most until a search found what was approved meanwhile."""
    rounds = 1 if short else 25
    found = {damage.__name__.strip("_"): [] for damage in (_killed, _removed, _cut, _full)}
    with services.prepared(given) as copy:
        before = _published(copy, "first")
        _seen(copy, before)
        with Crowd(copy.port, 2, services.asking("/api/products/public/?q=stool"), 0.005) as public:
            for number in range(rounds):
                for damage in (_killed, _removed, _cut, _full):
                    name = damage.__name__.strip("_")
                    with damage(copy):
                        product = _published(copy, f"{name}{number}")
                    found[name].append(_seen(copy, product))
        old = {"first": before, "tern": copy.product}
        missing = [product for word, product in old.items() if product not in _listed(copy, word)]
    return {
        "searches": public.total,
        "searches: failed": public.failed(),
        **{f"{name}: found after at most s": round(max(times), 2) for name, times in found.items()},
        "missing or wrong": missing,
    }


@contextlib.contextmanager
def _killed(copy):
    copy.kill("catalog-worker")
    yield
    copy.start("catalog-worker")


@contextlib.contextmanager
def _removed(copy):
    shutil.rmtree(_folder(copy), ignore_errors=True)
    yield


@contextlib.contextmanager
def _cut(copy):
    files = sorted(_folder(copy).glob("*/*.term"), key=lambda file: file.stat().st_size)
    # As a file system leaves it after a crash: whoever has the old one open reads on.
    part = files[-1].with_suffix(".part")
    part.write_bytes(files[-1].read_bytes()[: files[-1].stat().st_size // 2])
    part.replace(files[-1])
    yield


@contextlib.contextmanager
def _full(copy):
    pids = copy.pids("catalog-worker")
    for pid in pids:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
    yield
    time.sleep(1)
    for pid in pids:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def _folder(copy):
    return Path(copy.environment("catalog")["SEARCH_FOLDER"])


def _published(copy, word):
    return copy.publish(copy.token, name=f"Folding stool {word}")


def _seen(copy, product):
    """Seconds until a search finds it."""
    return copies.wait_until(lambda: product in _listed(copy, "folding&ordering=-published_at"), HEALED_SECONDS)


def _listed(copy, words):
    status, listed = copy.call("GET", f"/api/products/public/?q={words}&page_size=100")
    return [one["id"] for one in listed] if status == 200 else []
