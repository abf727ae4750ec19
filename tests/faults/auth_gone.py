"""auth-service is killed: tokens are still served, catalog-service and gateway restart without it, and it comes back.

`python -m tests.faults auth_gone [--short]`
"""

import time

from tests.builders import PASSWORD
from tests.faults import services
from tests.faults.crowd import Crowd


def run(short=False, given=None):
    """Figures by name: what signed-in and anonymous clients got without auth-service."""
    seconds = 1 if short else 15
    with services.prepared(given) as copy:
        tokens = [copy.sign_in() for _ in range(2 if short else 10)]

        def signed(number):
            path = ("/api/products/", f"/api/products/{copy.product}/", "/api/conversations/")[number % 3]
            return "GET", path, None, {"Authorization": f"Bearer {tokens[number % len(tokens)]}"}

        with (
            Crowd(copy.port, 3, signed, 0.005) as own,
            Crowd(copy.port, 2, services.asking("/api/products/public/"), 0.005) as public,
        ):
            time.sleep(0.2)
            copy.kill("auth")
            time.sleep(seconds)
            started = time.monotonic()
            login = copy.ask("POST", "/api/login/", {"username": "owner", "password": PASSWORD})
            refused_in = time.monotonic() - started
        # Now what has to verify the same tokens starts anew and finds nobody to ask for keys.
        again = ["catalog"] if short else ["catalog", "catalog-worker", "gateway"]
        copy.kill(*again)
        copy.start(*again)
        with Crowd(copy.port, 3, signed, 0.005) as restarted:
            time.sleep(seconds)
        copy.start("auth")
        back = services.first_good(copy, "/api/me/", copy.token)
    return {
        "tokens": len(tokens),
        "signed requests": own.total,
        "signed requests: failed": own.failed(),
        "public reads": public.total,
        "public reads: failed": public.failed(),
        "login: status": login.status,
        "login: Retry-After": login.header("Retry-After"),
        "login: refused in s": round(refused_in, 3),
        f"{' and '.join(one for one in again if '-' not in one)} restarted: signed": restarted.total,
        "restarted: failed": restarted.failed(),
        "back after s": back,
    }
