"""A gateway for the scripts that break what is behind it, with auth-service's keys and somebody signed in."""

import contextlib
import tempfile
from pathlib import Path

from tests.gateway.harness import Answer, Gateway, Keys, Service, binaries

FAR = 4102444800  # 2100-01-01


@contextlib.contextmanager
def started(catalog, binary=None, **settings):
    """The gateway before the service at this address, and headers of a good token."""
    keys = Keys()
    auth = Service(answer=lambda seen: Answer(keys.published()))
    addresses = {"AUTH_UPSTREAM": auth.address, "CATALOG_UPSTREAM": catalog}
    with tempfile.TemporaryDirectory(prefix="vt-") as folder:
        gateway = Gateway(Path(folder), binary or binaries()[0], **addresses, **settings)
        try:
            yield gateway.start(), keys.bearer(exp=FAR)
        finally:
            gateway.stop()
            auth.close()
