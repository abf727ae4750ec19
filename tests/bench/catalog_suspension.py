"""A large business suspended, restored and renamed: how soon that is seen, and how long another writer waits meanwhile."""

import multiprocessing
import random
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import orjson

from tests.bench.catalog_service import SIGNER, Service, create

BUSINESS, OTHER = 1, 2
LONGEST = 900  # seconds that one step may take
PAUSE = 0.04  # seconds at most between two publications of somebody else; by chance, or they keep step with the worker
LOOK = 0.5  # seconds between two looks at what the public sees
ALONE = 50  # of them while nothing else is written


def show(service: Service) -> None:
    name = f"Business {BUSINESS}"
    [product] = read(service, f"?business={BUSINESS}&page_size=1")
    product["query"] = f"&q={product['name'].split()[0]}"
    listed, _ = shown(service, product)
    print(f"\n  {f'a business of {listed:,} listings':32}   seen after   all written   p50 and longest of another's draft"
          "   approval")  # fmt: skip
    alone: dict[str, list[float]] = {"draft": [], "approval": []}
    for _ in range(ALONE):
        publish(service, alone)
    print(f"  {'nothing':59}{told(alone)}")
    with worker(service):
        steps = (
            ("suspended", name, 0),
            ("restored", name, listed),
            ("renamed", "Renamed", listed),
            ("renamed", name, listed),
        )
        for kind, called, wanted in steps:
            tell(service, kind, called)
            started = time.perf_counter()
            seen, waits = watch(service, product, called, wanted)
            written = time.perf_counter() - started
            print(f"  {kind:32}{seen:>11.2f} s{written:>12.1f} s{told(waits)}", flush=True)


def told(waits: dict[str, list[float]]) -> str:
    return "".join(f"{statistics.median(found) * 1e3:>12.1f} ms{max(found) * 1e3:>6.0f} ms" for found in waits.values())


def tell(service: Service, kind: str, name: str) -> None:
    """What the feed's follower does with such an event."""
    from catalog_service.models import db
    from catalog_service.public import account_events

    with service.app.app_context(), db.transaction() as session:
        account_events.HANDLERS[f"business.{kind}"](session, {"business_id": BUSINESS, "name": name})


def watch(service: Service, product: Any, name: str, wanted: int) -> tuple[float, dict[str, list[float]]]:
    """Seconds until the public sees it, and those that each write of somebody else took until all was written."""
    started, seen, looked = time.perf_counter(), 0.0, float("-inf")
    waits: dict[str, list[float]] = {"draft": [], "approval": []}
    while time.perf_counter() - started < LONGEST:
        if not seen and time.perf_counter() - looked > LOOK:
            looked = time.perf_counter()
            is_seen = shown(service, product) == (wanted, {name} if wanted else set())
            seen = time.perf_counter() - started if is_seen else 0.0
        publish(service, waits)
        if seen and not is_waiting(service):
            break
        time.sleep(random.uniform(0, PAUSE))
    return seen, waits


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


def shown(service: Service, product: Any) -> tuple[int, set[str]]:
    """How many listings of the business facets count, and by what names list, search, detail and facets call it."""
    listed, found = (read(service, f"?business={BUSINESS}&page_size=1{query}") for query in ("", product["query"]))
    detail = read(service, f"{product['id']}/")
    facets = read(service, f"facets/?business={BUSINESS}")
    answers = [*listed, *found, *([detail] if "business_name" in detail else [])]
    return facets["total"], {*(one["business_name"] for one in answers), *(one["name"] for one in facets["businesses"])}


def read(service: Service, address: str) -> Any:
    return orjson.loads(service.call("GET", f"/api/products/public/{address}")[1])


def is_waiting(service: Service) -> bool:
    from catalog_service.public.storefronts import WAITING

    with service.app.app_context(), service.app.extensions["projection"].connect() as connection:
        return connection.scalar(WAITING) is not None


@contextmanager
def worker(service: Service) -> Iterator[None]:
    """A worker in a process of its own, as it is deployed."""
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    process = context.Process(target=work, args=(service.url, service.folder, stop))
    process.start()
    try:
        yield
    finally:
        stop.set()
        process.join()


def work(url: str, folder: Path, stop: Any) -> None:
    from catalog_service.worker import indexer, tell

    from servicekit.worker import Step, repeat

    app = create(url, folder)
    steps = ([Step("listings of a business", 0.2, tell)], [Step("index", 0.1, indexer(app).step)])
    lanes = [Thread(target=repeat, args=(app, some, stop)) for some in steps]
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join()
