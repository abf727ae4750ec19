"""One service goes away under load and comes back; the others and the public list are watched.

`python -m tests.faults gateway_dead_service [--short]`
"""

import time

from tests.copies import wait_until
from tests.faults import gateways
from tests.faults.crowd import Crowd
from tests.faults.instances import Instance


def run(short=False):
    """Figures by name: how its own routes, the others' and the kept public answers fare."""
    seconds = 1 if short else 8
    catalog = Instance().start()
    with gateways.started(catalog.address) as (gateway, bearer):

        def asking(path):
            return lambda number: ("GET", path, None, bearer)

        try:
            gateway.get("/api/products/public/")
            catalog.kill()
            with (
                Crowd(gateway.port, 2, asking("/api/products/"), 0.005) as own,
                Crowd(gateway.port, 2, asking("/api/users/"), 0.005) as others,
                Crowd(gateway.port, 2, asking("/api/products/public/"), 0.005) as public,
            ):
                time.sleep(seconds)
            catalog.start()
            back = wait_until(lambda: gateway.get("/api/products/", **bearer).status == 200)
        finally:
            catalog.stop()
    return {
        "own routes": dict(own.outcomes),
        "own routes: p99 ms": round(own.percentile(503, 99), 1),
        "other services: failed": others.failed(),
        "public list: asked": public.total,
        "public list: failed": public.failed(),
        "back after seconds": round(back, 2),
    }
