"""Where a request comes from."""

from functools import lru_cache
from ipaddress import ip_address, ip_network

from flask import g, request

# Where a gateway can be: this machine, and the private networks of RFC 1918 and RFC 4193.
PRIVATE = [
    ip_network(text) for text in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
]


def address() -> str:
    """The client's address: what is limited and audited by it reads this.

    The gateway sets X-Forwarded-For to the socket's address and passes nothing of a client's own on. The header
    counts only when the peer is on a private address, as the gateway is; anybody else is who the socket says.
    """
    if "address" not in g:
        peer = request.remote_addr or ""
        forwarded = request.headers.get("X-Forwarded-For", "").split(",")[-1].strip()
        # Whoever comes without an address (a test's WSGI call) shares one budget rather than having none.
        g.address = (forwarded if _is_private(peer) and _is_address(forwarded) else peer) or "unknown"
    found: str = g.address
    return found


def remember() -> None:
    """Keeps the address as `g.address`, for use cases that commands and workers run as well."""
    address()


@lru_cache(maxsize=1024)
def _is_private(text: str) -> bool:
    return _is_address(text) and any(ip_address(text) in network for network in PRIVATE)


@lru_cache(maxsize=1024)
def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
