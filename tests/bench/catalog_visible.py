"""How soon searches know what was just approved, while others publish and search."""

import statistics
import threading
import time

import orjson

from tests.bench.catalog_service import SIGNER, Service
from tests.bench.catalog_suspension import OTHER, publish, worker

SAMPLES = 200


def show(service: Service) -> None:
    found: list[float] = []
    stop = threading.Event()
    beside = threading.Thread(target=load, args=(service, stop))
    with worker(service):
        seen_after(service, "zqfirst")  # when the worker has opened the index
        beside.start()
        for number in range(SAMPLES):
            found.append(seen_after(service, f"zq{number:03}x"))
        stop.set()
        beside.join()
    longest = sorted(found)[int(SAMPLES * 0.99)]
    print(
        f"\n  an approval is seen by searches after {statistics.median(found) * 1e3:.0f} ms as a rule, "
        f"{longest * 1e3:.0f} ms for 99 of 100, {max(found) * 1e3:.0f} ms at most"
    )


def seen_after(service: Service, word: str) -> float:
    """Seconds from the answer to the approval until a search has it."""
    editor, approver = (
        SIGNER.token(sub=sub, business_id=OTHER, role=role, sid=f"bench-{sub}")
        for sub, role in (("201", "editor"), ("202", "approver"))
    )
    made = service.call("POST", "/api/products/", editor, {"name": f"Lamp {word}", "price": "1.00"})[1]
    address = f"/api/products/{orjson.loads(made)['id']}"
    assert service.call("POST", f"{address}/submit/", editor, {})[0] == 200
    assert service.call("POST", f"{address}/approve/", approver, {})[0] == 200
    began = time.perf_counter()
    while orjson.loads(service.call("GET", f"/api/products/public/?q={word}&ordering=-published_at")[1]) == []:
        time.sleep(0.005)
    return time.perf_counter() - began


def load(service: Service, stop: threading.Event) -> None:
    """Another who publishes, and a search between every two."""
    while not stop.is_set():
        publish(service, {"draft": [], "approval": []})
        service.call("GET", "/api/products/public/?q=oak")
        time.sleep(0.02)
