"""Clients that send headers or bodies drop by drop or never read, beside ordinary ones.

`python -m tests.faults gateway_slow_clients [--short]`
"""

import contextlib
import select
import socket
import time

from tests.faults import gateways
from tests.faults.crowd import Crowd
from tests.gateway.harness import Answer, Service

CLIENT_TIMEOUT = 2
LARGE = Answer(b"x" * 8_000_000)


def run(short=False):
    """Figures by name: how ordinary clients fare without and with slow ones, and when those are cut."""
    size, seconds = (30, 1.5) if short else (150, 8)
    catalog = Service(answer=lambda seen: LARGE if "large" in seen.path else Answer())
    with gateways.started(catalog.address, CLIENT_TIMEOUT=f"{CLIENT_TIMEOUT}s") as (gateway, bearer):

        def ask(number):
            return "GET", f"/api/products/?{number}", None, bearer

        try:
            with Crowd(gateway.port, 4, ask) as alone:
                time.sleep(seconds)
            slow = _slow_clients(gateway.port, size, bearer["Authorization"].encode())
            started = time.monotonic()
            with Crowd(gateway.port, 4, ask) as beside:
                cut_after, left = _until_cut(slow, started)
                time.sleep(max(0, seconds - cut_after))
        finally:
            catalog.close()
    bodies_seen = [seen for seen in catalog.seen if seen.method == "POST"]
    return {
        "slow clients": len(slow),
        "cut": len(slow) - left,
        "all cut after seconds": round(cut_after, 1),
        "bodies that reached the service": len(bodies_seen),
        "ordinary alone: a second": round(alone.total / seconds),
        "ordinary alone: p99 ms": round(alone.percentile(200, 99), 1),
        "ordinary beside: failed": beside.failed(),
        "ordinary beside: p99 ms": round(beside.percentile(200, 99), 1),
    }


def _slow_clients(port, size, authorization):
    """Three kinds in equal parts: half a header, half a body, and an answer of 8 MB that is never read."""
    starts = [
        b"GET /api/products/ HTTP/1.1\r\nHost: x\r\nX-A: ",
        b"POST /api/products/ HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\nAuthorization: %b\r\n\r\n{" % authorization,
        b"GET /api/products/?large HTTP/1.1\r\nHost: x\r\nAuthorization: %b\r\n\r\n" % authorization,
    ]
    clients = []
    for number in range(size):
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(("127.0.0.1", port))
        client.sendall(starts[number % 3])
        clients.append(client)
    return clients


def _until_cut(clients, started):
    """Seconds until the gateway had hung up on every one of them, and how many were left when we gave up."""
    poller = select.poll()
    for client in clients:
        poller.register(client, select.POLLHUP | select.POLLERR | select.POLLRDHUP)
    waiting = {client.fileno(): client for client in clients}
    while waiting and time.monotonic() - started < 10 * CLIENT_TIMEOUT:
        for number, _ in poller.poll(100):
            poller.unregister(number)
            with contextlib.suppress(OSError):
                waiting.pop(number).close()
    return time.monotonic() - started, len(waiting)
