"""A large business suspended, restored and renamed: how soon that is seen, and how long another writer waits meanwhile."""

import multiprocessing
import statistics
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
    print(f"\n  {f'a business of {listed:,} listings':32}   seen after   all written   p50 and longest of another's draft"
          "   approval")  # fmt: skip
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
            told = "".join(f"{median * 1e3:>12.1f} ms{longest * 1e3:>6.0f} ms" for median, longest in waits)
            print(f"  {kind:32}{seen:>11.2f} s{written:>12.1f} s{told}", flush=True)


def tell(service: Service, kind: str, name: str) -> None:
    """What the feed's follower does with such an event."""
    from catalog_service import mirrors
    from catalog_service.models import db

    with service.app.app_context(), db.transaction() as session:
        mirrors.HANDLERS[f"business.{kind}"](session, {"business_id": BUSINESS, "name": name})


def watch(service: Service, name: str, wanted: int) -> tuple[float, list[tuple[float, float]]]:
    """Seconds until the public sees it; the median and the longest of somebody else's writes until all was written."""
    started, seen = time.perf_counter(), 0.0
    waits: dict[str, list[float]] = {"draft": [], "approval": []}
    while time.perf_counter() - started < LONGEST:
        if not seen and shown(service) == (wanted, name if wanted else None):
            seen = time.perf_counter() - started
        publish(service, waits)
        if seen and not is_waiting(service):
            break
        time.sleep(PAUSE)
    return seen, [(statistics.median(found), max(found)) for found in waits.values()]


def publish(service: Service, waits: dict[str, list[float]]) -> None:
    """Another business writes a product, submits and approves it."""
    editor, approver = (
        SIGNER.token(sub=sub, business_id=OTHER, role=role, sid=f"bench-{sub}")
        for sub, role in (("201", "editor"), ("202", "approver"))
    )
    body = {"name": "Bench lamp", "price": "19.90", "description": "A lamp. " * 10}
    content = timed(service, waits["draft"], "/api/products/", editor, body)
    address = f"/api/products/{orjson.loads(content)['id']}"
    timed(service, [], f"{address}/submit/", editor, {})
    timed(service, waits["approval"], f"{address}/approve/", approver, {})


def timed(service: Service, waits: list[float], address: str, token: str, body: dict[str, str]) -> bytes:
    before = time.perf_counter()
    status, content, _ = service.call("POST", address, token, body)
    waits.append(time.perf_counter() - before)
    assert status < 300, content
    return content


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
