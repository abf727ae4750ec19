"""A service scaled 1 → 4 → 1 and rolled under load, then one of two instances killed and started, again and again.

`python -m tests.faults gateway_scaling [--short]`. The clients count. The gateway knows four addresses and is left
alone: it finds out by itself which of them answer.
"""

from tests.faults import gateways
from tests.faults.crowd import Crowd
from tests.faults.instances import Instance


def run(short=False):
    """Figures by name; `failed` counts every request that did not end in success."""
    instances = [Instance() for _ in range(4)]
    kills = 5 if short else 100

    instances[0].start()
    with gateways.started(" ".join(instance.address for instance in instances)) as (gateway, bearer):

        def reads(number):
            return "GET", f"/api/products/?{number}", None, bearer

        def mixed(number):
            return reads(number) if number % 5 else ("POST", "/api/products/", b"{}", bearer)

        try:
            with Crowd(gateway.port, 8, mixed) as rolled:
                _scale_and_roll(instances, rolled, 50 if short else 1000)
            with Crowd(gateway.port, 8, reads) as killed:
                for _ in range(kills):
                    instances[1].start()
                    killed.wait_for(100)
                    instances[1].kill()
                    killed.wait_for(60)
        finally:
            for instance in instances:
                if instance.process and instance.process.poll() is None:
                    instance.stop()
    return {
        "rolled: requests": rolled.total,
        "rolled: failed": rolled.failed(),
        "rolled: p99 ms": round(rolled.percentile(200, 99), 1),
        "killed": kills,
        "one killed: reads": killed.total,
        "one killed: failed": killed.failed(),
        "one killed: p99 ms": round(killed.percentile(200, 99), 1),
    }


def _scale_and_roll(instances, crowd, step):
    crowd.wait_for(step)
    for instance in instances[1:]:
        instance.start()
        crowd.wait_for(step)
    for instance in instances:
        instance.stop()
        crowd.wait_for(step)
        instance.start()
        crowd.wait_for(step)
    for instance in instances[1:]:
        instance.stop()
        crowd.wait_for(step)
