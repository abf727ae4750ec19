"""Ten times the load that a service can carry, then the usual load again.

`python -m tests.faults gateway_overload [--short]`. The service answers in 50 ms with four threads: 80 a second.
"""

import time

from tests.copies import wait_until
from tests.faults import gateways
from tests.faults.crowd import Crowd
from tests.faults.instances import Instance


def run(short=False):
    """Figures by name: answers a second at peak and overload, how the rest was refused, when all was well."""
    seconds = 1.5 if short else 10
    instance = Instance(ANSWER_SECONDS="0.05").start()
    with gateways.started(instance.address, CATALOG_MAX_CONNECTIONS="8") as (gateway, bearer):

        def ask(number):
            return "GET", f"/api/products/?{number}", None, bearer

        try:
            peak = _phase(gateway, 6, 0, ask, seconds)
            # 80 clients that wait 90 ms between questions ask ten times of what the service can answer.
            overload = _phase(gateway, 80, 0.09, ask, seconds)
            recovered = wait_until(lambda: gateway.get("/api/products/", **bearer).status == 200)
            after = _phase(gateway, 6, 0, ask, seconds)
        finally:
            instance.stop()
    refused = overload.outcomes[503]
    return {
        "peak: answers a second": round(peak.outcomes[200] / seconds),
        "overload: asked a second": round(overload.total / seconds),
        "overload: answers a second": round(overload.outcomes[200] / seconds),
        "overload: goodput": round(overload.outcomes[200] / peak.outcomes[200], 2),
        "overload: refused": refused,
        "overload: refused p99 ms": round(overload.percentile(503, 99), 1),
        "overload: other outcomes": {what: n for what, n in overload.failed().items() if what != 503},
        "recovered after seconds": round(recovered, 2),
        "afterwards: failed": after.failed(),
    }


def _phase(gateway, size, pause, ask, seconds):
    with Crowd(gateway.port, size, ask, pause) as crowd:
        time.sleep(seconds)
    return crowd
