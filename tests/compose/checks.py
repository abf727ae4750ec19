"""What must hold in the composed copy, beyond what the tests of a running copy ask of any."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from deploy.local.folders import ROOT
from tests.compose.stack import Failure, Stack

SERVICES = ("auth", "catalog", "chat")
ONE_SHOTS = ("secrets", "demo")


def the_whole_path(stack: Stack) -> None:
    """The end-to-end tests, as against any running copy."""
    # The pages are the same files in every mode: their browser tests run against the other copy.
    command = [
        sys.executable,
        "-m",
        "pytest",
        "tests/e2e",
        "--ignore=tests/e2e/browser",
        "--ignore=tests/e2e/test_operation.py",
    ]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, "VETTED_URL": stack.address}, check=False)
    assert done.returncode == 0, "the end-to-end tests failed"


def demo_is_public(stack: Stack) -> None:
    """The demo one-shot fills the public list; it may still be at it when the services are ready."""
    until = time.monotonic() + 60
    while len(stack.get("/api/products/public/?page_size=100").json()) < 50:
        assert time.monotonic() < until, "the demo is not public after a minute"
        time.sleep(0.5)


def containers_have_no_rights(stack: Stack) -> None:
    """Nobody is root, nothing can write to its image, nothing can gain rights."""
    for name, container in stack.containers():
        host = container["HostConfig"]
        assert host["ReadonlyRootfs"], f"{name} has a writable root"
        assert host["CapDrop"] == ["ALL"], f"{name} keeps capabilities"
        assert "no-new-privileges:true" in host["SecurityOpt"], name
        if name not in ONE_SHOTS:
            assert stack.inside(name, "id", "-u").strip() != "0", f"{name} runs as root"
            assert _refuses(stack, name, "touch", "/app/x"), f"{name} can write below /app"


def only_the_gateway_is_published(stack: Stack) -> None:
    """Every other port stays inside."""
    published = {name for name, container in stack.containers() if any(container["NetworkSettings"]["Ports"].values())}

    assert published == {"gateway"}


def no_service_enters_anothers_database(stack: Stack) -> None:
    """The right password of one service opens its own database and no other."""
    for service in SERVICES:
        for database in (*SERVICES, "postgres", "template1"):
            opened = not _refuses(stack, f"{service}-service", "python", "-c", CONNECT, database)
            assert opened == (service == database), f"{service} and the database {database}"


def public_pages_are_read_with_a_role_of_their_own(stack: Stack) -> None:
    """What answers strangers cannot read the working tables, nor write anything."""
    for statement, allowed in (("SELECT count(*) FROM listings", True), ("SELECT count(*) FROM revisions", False)):
        answered = not _refuses(stack, "catalog-service", "python", "-c", AS_THE_PUBLIC, statement)
        assert answered == allowed, statement
    assert _refuses(stack, "catalog-service", "python", "-c", AS_THE_PUBLIC, "DELETE FROM listings")


def secrets_are_not_in_the_environment(stack: Stack) -> None:
    """`docker inspect` shows no secret."""
    token = stack.inside("auth-service", "cat", "/run/secrets/vetted/internal_token").strip()
    for name, container in stack.containers():
        assert token not in " ".join(container["Config"]["Env"]), name
    assert _refuses(stack, "chat-service", "cat", "/run/secrets/vetted/key_passphrase")


def workers_tell_how_they_are(stack: Stack) -> None:
    """Prometheus reads each worker's metrics inside the network; those who follow auth-service say how far behind."""
    for service in SERVICES:
        address = f"http://{service}-worker:8000/metrics"
        read = f"import urllib.request; print(urllib.request.urlopen({address!r}, timeout=5).read().decode())"
        told = stack.inside("auth-service", "python", "-c", read)
        assert "worker_step_failures_total{" in told, service
        assert ('feed_lag_seconds{feed="auth' in told) == (service != "auth"), service


def three_instances_share_the_work(stack: Stack) -> None:
    """Scaled while it runs, without a restart of the gateway, each instance gets requests and none fails."""
    gateway = stack.of_service("gateway")[0]["State"]["StartedAt"]
    stack.compose("up", "--detach", "--no-recreate", "--scale", "catalog-service=3")
    _until(lambda: _healthy(stack, "catalog-service") == 3, 120, "three healthy instances")
    time.sleep(3)  # the gateway looks names up every second
    before = _served(stack)

    statuses = [stack.get(f"/api/products/public/?q=spread{number}").status_code for number in range(120)]

    after = _served(stack)
    assert set(statuses) == {200}, statuses
    assert len(after) == 3
    assert all(after[one] - before[one] >= 10 for one in after), (before, after)
    assert stack.of_service("gateway")[0]["State"]["StartedAt"] == gateway


def a_lost_instance_is_not_noticed(stack: Stack) -> None:
    """One of three instances is killed under way; readers get their answers."""
    victim = stack.of_service("catalog-service")[0]["Id"]
    statuses = []
    for number in range(150):
        if number == 30:
            subprocess.run(["docker", "kill", victim], capture_output=True, check=True)
        statuses.append(stack.get(f"/api/products/public/?q=lost{number}").status_code)

    assert set(statuses) == {200}, statuses


def data_survives_new_containers(stack: Stack) -> None:
    """Down and up again: the same products, the same accounts, no second demo."""
    before = _public(stack)
    stack.compose("down")
    stack.start()

    assert _public(stack) == before


ALL: list[tuple[str, Callable[[Stack], None]]] = [
    (check.__name__.replace("_", " "), check)
    for check in (
        demo_is_public,
        containers_have_no_rights,
        only_the_gateway_is_published,
        no_service_enters_anothers_database,
        public_pages_are_read_with_a_role_of_their_own,
        secrets_are_not_in_the_environment,
        workers_tell_how_they_are,
        the_whole_path,
        three_instances_share_the_work,
        a_lost_instance_is_not_noticed,
        data_survives_new_containers,
    )
]

CONNECT = """
import sys, psycopg
url = open("/run/secrets/vetted/database_url").read().replace("+psycopg", "").rsplit("/", 1)[0]
psycopg.connect(f"{url}/{sys.argv[1]}", connect_timeout=5).execute("SELECT 1")
"""

AS_THE_PUBLIC = """
import sys, psycopg
url = open("/run/secrets/vetted/public_database_url").read().replace("+psycopg", "")
psycopg.connect(url, connect_timeout=5).execute(sys.argv[1])
"""

COUNT = """
import re, urllib.request
text = urllib.request.urlopen("http://127.0.0.1:8000/metrics").read().decode()
lines = [line for line in text.splitlines() if "_count{" in line and "/public" in line]
print(int(sum(float(line.rsplit(" ", 1)[1]) for line in lines)))
"""


def _refuses(stack: Stack, service: str, *command: str) -> bool:
    try:
        stack.inside(service, *command)
    except Failure:
        return True
    return False


def _healthy(stack: Stack, service: str) -> int:
    states = [container["State"] for container in stack.of_service(service)]
    return sum(state["Running"] and state["Health"]["Status"] == "healthy" for state in states)


def _served(stack: Stack) -> dict[str, int]:
    """Requests for public products that each instance answered so far."""
    instances = sorted(container["Name"].lstrip("/") for container in stack.of_service("catalog-service"))
    return {name: int(stack.engine("exec", name, "python", "-c", COUNT)) for name in instances}


def _public(stack: Stack) -> list[Any]:
    products: list[Any] = stack.get("/api/products/public/?page_size=100").json()
    return products


def _until(condition: Callable[[], bool], seconds: float, words: str) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"no {words} within {seconds:.0f} s"
        time.sleep(1)
