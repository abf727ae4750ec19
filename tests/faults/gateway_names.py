"""A service behind a name is scaled 1 → 4 → 1 and rolled under load; only its name server is told.

`python -m tests.faults gateway_names [--short]`. This is how containers and clusters scale; it needs an nginx that looks
names up while it runs (1.27.3 or later).
"""

import time
from pathlib import Path

from gateway.render import nginx_facts
from tests.faults import gateways
from tests.faults.crowd import Crowd
from tests.faults.instances import Instance
from tests.faults.names import Names
from tests.gateway.harness import binaries, free_port

NAME = "catalog-service.vetted.svc.cluster.local"
# nginx asks for names again every second.
NOTICED_SECONDS = 2.5


def run(short=False):
    """Figures by name; `failed` counts every request that did not end in success."""
    binary = next(path for path in binaries() if nginx_facts(path)[0] >= (1, 27, 3))
    names, port = Names(NAME), free_port()
    instances = [Instance(f"127.0.0.{number}", port) for number in range(2, 6)]

    instances[0].start()
    names.addresses = [instances[0].host]
    with gateways.started(f"{NAME}:{port}", binary, GATEWAY_RESOLVER=names.address) as (gateway, bearer):

        def mixed(number):
            if number % 5 == 0:
                return "POST", "/api/products/", b"{}", bearer
            return "GET", f"/api/products/?{number}", None, bearer

        try:
            time.sleep(NOTICED_SECONDS)
            with Crowd(gateway.port, 6, mixed, 0.002) as crowd:
                _up(instances[1:], names)
                crowd.wait_for(100 if short else 3000)
                served = sum(_has_served(instance) for instance in instances)
                _roll(instances[:1] if short else instances, crowd, 50 if short else 500)
                _down(instances[1:], names, crowd, 50 if short else 1000)
        finally:
            for instance in instances:
                if instance.process and instance.process.poll() is None:
                    instance.stop()
            names.close()
    return {
        "questions to the name server": names.asked,
        "instances that served": served,
        "requests": crowd.total,
        "failed": crowd.failed(),
        "p99 ms": round(crowd.percentile(200, 99), 1),
    }


def _up(instances, names):
    for instance in instances:
        instance.start()
        names.addresses = [*names.addresses, instance.host]
    time.sleep(NOTICED_SECONDS)


def _has_served(instance):
    """Whether the gateway keeps a connection to it."""
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    ends = [line.split()[1:4] for line in lines]
    own = f"{int.from_bytes(bytes(map(int, instance.host.split('.'))), 'little'):08X}:{instance.port:04X}"
    return any(local == own and state == "01" for local, _, state in ends)


def _roll(instances, crowd, step):
    """Each is stopped and started again: the name server still names it, as for the first seconds of any roll."""
    for instance in instances:
        instance.stop()
        crowd.wait_for(step)
        instance.start()
        crowd.wait_for(step)


def _down(instances, names, crowd, step):
    """First unnamed, then stopped: nginx gives a request up whose instance refuses it while the names change."""
    leaving = {instance.host for instance in instances}
    names.addresses = [address for address in names.addresses if address not in leaving]
    time.sleep(NOTICED_SECONDS)
    for instance in instances:
        instance.stop()
        crowd.wait_for(step)
