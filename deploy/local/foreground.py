"""`make up`: start everything, say when it is ready, stop everything."""

import sys
from functools import partial

import requests

from deploy.demo import load as demo
from gateway import openapi

from . import credentials, gateway, leftovers, ports, processes, readiness
from .banner import already_running, banner
from .folders import Copy
from .lock import Lock
from .ports import InnerPorts
from .problems import Problem
from .processes import Process
from .supervisor import Supervisor

READY_WITHIN = 120  # seconds; a first start migrates three databases


def up(copy: Copy) -> int:
    """Run until somebody says stop; the exit code. Problem when it cannot start."""
    lock = Lock(copy.run)
    if not lock.take():
        print(already_running(lock.holder() or {}))
        return 0
    lock.write(address=copy.address, ready=False)
    leftovers.stop(copy.data)
    copy.clear_scratch()
    if not ports.is_free(copy.port, host=copy.host):
        another = f"make up VETTED_PORT={_other(copy)}"
        raise Problem(f"port {copy.port} is in use by another program. Choose another one: {another}")
    inner = ports.choose(copy.data)
    plan = processes.of(copy, inner, credentials.ensure(copy.data))
    supervisor = Supervisor(plan, partial(_make_ready, copy, inner, plan, lock))
    try:
        code = supervisor.run()
    finally:
        leftovers.stop(copy.data)
        copy.forget()
    for reason in supervisor.why_it_ended():
        print(f"vetted: {reason}; everything was stopped", file=sys.stderr)
    return code


def _make_ready(copy: Copy, inner: InnerPorts, plan: list[Process], lock: Lock, supervisor: Supervisor) -> None:
    """What is left to do once the processes run: wait, load demo data, say so."""
    urls = {process.name: process.ready_url for process in plan if process.ready_url}
    missing = readiness.wait(urls, READY_WITHIN, lambda: supervisor.stopping)
    if supervisor.stopping:
        return
    if missing:
        supervisor.fail(f"not ready after {READY_WITHIN} seconds: {', '.join(missing)}")
        return
    try:
        _publish_api_document(copy, inner, supervisor)
        _load_demo(copy, inner, supervisor)
    except (demo.LoadError, requests.RequestException, OSError, ValueError) as error:
        supervisor.fail(f"could not finish the start: {error}")
        return
    lock.write(address=copy.address, ready=True)
    supervisor.say(banner(copy, "Stop it with Ctrl-C, or with `make down` from another terminal."))


def _publish_api_document(copy: Copy, inner: InnerPorts, supervisor: Supervisor) -> None:
    try:
        gateway.publish_api_document(copy, inner)
    except openapi.Collision as error:  # somebody is changing a service: all but the reference works
        supervisor.say(f"the API reference could not be written: {error}")


def _load_demo(copy: Copy, inner: InnerPorts, supervisor: Supervisor) -> None:
    if not copy.demo or copy.demo_stamp.exists():
        return
    supervisor.say("loading demo data (once)")
    try:
        demo.load(f"http://127.0.0.1:{inner.auth}", f"http://127.0.0.1:{inner.catalog}")
    except demo.NoMailbox as reason:
        supervisor.say(str(reason))
    else:
        copy.demo_stamp.touch()


def _other(copy: Copy) -> int:
    """A free port to propose, near the one that was asked for."""
    near = range(copy.port + 1, min(copy.port + 100, 65536))
    return next((port for port in near if ports.is_free(port, copy.host)), ports.any_free())
