"""The signing key is changed under load: tokens of the old and of the new key are served by everyone.

`python -m tests.faults keys_rotated [--short]`
"""

import base64
import contextlib
import json
import sqlite3
import time

from tests.faults import services
from tests.faults.crowd import Crowd

# A key signs no earlier than this after it was published.
APART_SECONDS = 31


def run(short=False, given=None):
    """Figures by name: requests with tokens of every key, and those that were refused."""
    times = 1 if short else 3
    with services.prepared(given) as copy:
        tokens = [copy.sign_in()]

        def signed(number):
            path = ("/api/products/", "/api/me/", "/api/conversations/")[number % 3]
            # Each third the newest: it has just been signed, by a key that hardly anybody has seen in use.
            token = tokens[-1] if number % 3 else tokens[number // 3 % len(tokens)]
            return "GET", path, None, {"Authorization": f"Bearer {token}"}

        with Crowd(copy.port, 4, signed, 0.005) as crowd:
            for _ in range(times):
                if short:
                    _age(copy)
                else:
                    time.sleep(APART_SECONDS)
                copy.flask("auth", "rotate-keys")
                tokens.append(copy.sign_in())
                crowd.wait_for(100 if short else 1000)
    return {
        "rotations": times,
        "keys in use": len({_kid(token) for token in tokens}),
        "requests": crowd.total,
        "requests: failed": crowd.failed(),
        "requests: p99 ms": round(crowd.percentile(200, 99), 1),
    }


def _age(copy):
    """Half a minute passes for the keys, which everyone here has already read."""
    earlier = f"strftime('%Y-%m-%d %H:%M:%f000', created_at, '-{APART_SECONDS} seconds')"
    with contextlib.closing(sqlite3.connect(copy.copy.data / "auth.db")) as connection, connection:
        connection.execute(f"UPDATE signing_keys SET created_at = {earlier}")


def _kid(token):
    header = token.split(".")[0]
    return json.loads(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)))["kid"]
