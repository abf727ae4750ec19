"""A large business suspended, restored and renamed: how soon that is seen, and how long another writer waits meanwhile."""

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson

from tests.bench.catalog_service import SIGNER, Service, create

BUSINESS, OTHER = 1, 2
LONGEST = 900  # seconds that one step may take
PAUSE = 0.02  # seconds between two writes of the other writer


def show(service: Service) -> None:
    name = f"Business {BUSINESS}"
    listed = counted(service)
    print(f"\n  {f'a business of {listed:,} listings':24}{'seen after':>12}{'all written':>13}{'another writer: p50':>21}"
          f"{'longest':>11}")  # fmt: skip
    with worker(service.url):
        steps = (
            ("suspended", name, 0),
            ("restored", name, listed),
            ("renamed", "Renamed", listed),
            ("renamed", name, listed),
        )
        for kind, called, wanted in steps:
            tell(service, kind, called)
            started = time.perf_counter()
            seen, waits = watch(service, called, wanted)
            written = time.perf_counter() - started
            waits.sort()
            print(
                f"  {kind:24}{seen:>10.2f} s{written:>11.1f} s{waits[len(waits) // 2] * 1e3:>18.1f} ms{waits[-1] * 1e3:>8.0f} ms",
                flush=True,
            )


def tell(service: Service, kind: str, name: str) -> None:
    """What the feed's follower does with such an event."""
    from catalog_service import mirrors
    from catalog_service.models import db

    with service.app.app_context(), db.transaction() as session:
        mirrors.HANDLERS[f"business.{kind}"](session, {"business_id": BUSINESS, "name": name})


def watch(service: Service, name: str, wanted: int) -> tuple[float, list[float]]:
    """Seconds until the public sees it, and those that each write of somebody else took until all was written."""
    editor = SIGNER.token(sub="201", business_id=OTHER, role="editor", sid="bench-3")
    body = {"name": "Bench lamp", "price": "19.90", "description": "A lamp. " * 10}
    started, seen, waits = time.perf_counter(), 0.0, []
    while time.perf_counter() - started < LONGEST:
        before = time.perf_counter()
        status, _, _ = service.call("POST", "/api/products/", editor, body)
        waits.append(time.perf_counter() - before)
        assert status == 201, status
        if not seen and shown(service) == (wanted, name if wanted else None):
            seen = time.perf_counter() - started
        if seen and not is_waiting(service):
            break
        time.sleep(PAUSE)
    return seen, waits


def shown(service: Service) -> tuple[int, str | None]:
    """How many listings of the business the public is told of, and by what name."""
    _, content, _ = service.call("GET", f"/api/products/public/?business={BUSINESS}&page_size=1")
    found = orjson.loads(content)
    return counted(service), found[0]["business_name"] if found else None


def counted(service: Service) -> int:
    _, content, _ = service.call("GET", f"/api/products/public/facets/?business={BUSINESS}")
    return int(orjson.loads(content)["total"])


def is_waiting(service: Service) -> bool:
    from catalog_service.storefronts import WAITING

    with service.app.app_context(), service.app.extensions["projection"].connect() as connection:
        return connection.scalar(WAITING) is not None


@contextmanager
def worker(url: str) -> Iterator[None]:
    """A worker in a process of its own, as it is deployed."""
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    process = context.Process(target=work, args=(url, stop))
    process.start()
    try:
        yield
    finally:
        stop.set()
        process.join()


def work(url: str, stop: Any) -> None:
    from catalog_service.batches import Batches
    from catalog_service.models import db

    app, batches = create(url), Batches()
    while not stop.is_set():
        with app.app_context():
            if not batches.step():
                time.sleep(0.05)
            db.session.remove()
