"""Starting, stopping, and what happens when a program ends by itself; with real processes."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.local import leftovers
from deploy.local.folders import ROOT
from deploy.local.lock import Lock
from deploy.local.processes import MARK
from tests.copies import cpu_seconds

PROGRAM = """
import json, sys
from deploy.local.processes import Process
from deploy.local.supervisor import Supervisor

commands = json.loads(sys.argv[1])
plan = [Process(name, command, {"PATH": "/usr/bin:/bin"}) for name, command in commands.items()]
supervisor = Supervisor(plan, eval(sys.argv[2]))
code = supervisor.run()
print("why:", *supervisor.why_it_ended(), flush=True)
sys.exit(code)
"""
FOREVER = ["sleep", "600"]


def start(
    commands: dict[str, list[str]], then: str = "lambda supervisor: supervisor.say('all started')"
) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", PROGRAM, json.dumps(commands), then]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )


def read_until(process: "subprocess.Popen[str]", words: str) -> str:
    assert process.stdout is not None
    return next(line for line in process.stdout if words in line)


def eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 10
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def test_lines_carry_the_name_of_their_process() -> None:
    process = start({"web": ["sh", "-c", "echo hello; sleep 600"]})

    assert "web" in read_until(process, "hello")
    process.terminate()
    process.communicate(timeout=20)


def test_process_cannot_forge_a_line_of_another_or_drive_the_terminal() -> None:
    process = start({"gateway": ["sh", "-c", "printf 'path \\033[2J\\302\\205catalog | paid\\r\\n'; sleep 600"]})

    line = read_until(process, "paid")

    assert line.rstrip("\n").endswith(r"path \u001b[2J\u0085catalog | paid\u000d")
    process.terminate()
    process.communicate(timeout=20)


def test_full_disk_below_the_log_stops_nothing(tmp_path: Path) -> None:
    commands = {"web": ["sh", "-c", f"echo hello; sleep 1; touch {tmp_path}/goes-on; sleep 600"]}
    command = [sys.executable, "-c", PROGRAM, json.dumps(commands), "lambda supervisor: None"]
    with open("/dev/full", "w") as full:
        process = subprocess.Popen(command, cwd=ROOT, stdout=full, env={**os.environ, "PYTHONPATH": str(ROOT)})

    goes_on = eventually((tmp_path / "goes-on").exists)
    process.terminate()
    process.wait(20)

    assert goes_on


def test_line_costs_little_to_relay_and_none_is_lost() -> None:
    """At most 20 microseconds: nginx and a service write one each for every request."""
    lines = 100_000
    writer = f"import sys, time\nfor n in range({lines}): print('GET /api/products/', n, 'x' * 100)\nsys.stdout.flush(); time.sleep(600)"
    process = start({"web": [sys.executable, "-c", writer]}, then="lambda supervisor: None")
    assert process.stdout is not None
    read_until(process, " 0 x")
    before = cpu_seconds([process.pid])

    numbers = [int(process.stdout.readline().split()[-2]) for _ in range(1, lines)]

    assert numbers == list(range(1, lines))
    assert (cpu_seconds([process.pid]) - before) / lines < 20e-6
    process.terminate()
    process.communicate(timeout=20)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asked_to_stop_it_stops_everything_and_is_content(number: signal.Signals) -> None:
    process = start({"one": FOREVER, "two": FOREVER})
    read_until(process, "all started")

    process.send_signal(number)
    output, _ = process.communicate(timeout=20)

    assert process.returncode == 0
    assert "one stopped" in output
    assert "two stopped" in output


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (["sh", "-c", "echo no such key; exit 3"], "ended with exit code 3 (no such key)"),
        (["sh", "-c", "printf 'looking\\nno such'; printf ' key'; exit 3"], "ended with exit code 3 (no such key)"),
        (["sh", "-c", "kill -9 $$"], "was killed by signal 9"),
    ],
)
def test_one_that_ends_stops_the_others_and_is_named(command: list[str], reason: str) -> None:
    process = start({"good": FOREVER, "bad": command})

    output, _ = process.communicate(timeout=20)

    assert process.returncode == 1
    assert f"why: bad {reason}" in output
    assert "good stopped" in output


def test_failed_start_stops_everything_and_says_why() -> None:
    process = start({"one": FOREVER}, then="lambda supervisor: supervisor.fail('no demo data')")

    output, _ = process.communicate(timeout=20)

    assert process.returncode == 1
    assert "one stopped" in output
    assert "why: no demo data" in output


def test_children_of_a_killed_program_do_not_stay(tmp_path: Path) -> None:
    pid_file = tmp_path / "child"
    process = start({"parent": ["sh", "-c", f"sleep 600 & echo $! > {pid_file}; wait"]})
    assert eventually(lambda: pid_file.exists() and pid_file.read_text().strip() != "")
    child = int(pid_file.read_text())
    parent = int(Path(f"/proc/{child}/stat").read_text().split()[3])

    os.kill(parent, signal.SIGKILL)
    process.communicate(timeout=20)

    assert eventually(lambda: not _runs(child))


def test_what_a_killed_launcher_left_is_found_by_its_mark(tmp_path: Path) -> None:
    ours = subprocess.Popen(FOREVER, env={**os.environ, MARK: str(tmp_path)})
    other = subprocess.Popen(FOREVER, env={**os.environ, MARK: f"{tmp_path}-other"})
    try:
        assert leftovers.stop(tmp_path) == [ours.pid]
        assert ours.wait(10) == -signal.SIGTERM
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


HOLDER = """
import sys, time
from pathlib import Path
from deploy.local.lock import Lock

lock = Lock(Path(sys.argv[1]))
assert lock.take()
lock.write(address="http://127.0.0.1:8080", ready=True)
print("held", flush=True)
time.sleep(600)
"""


def test_lock_names_its_holder_and_ends_with_it(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    holder = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    read_until(holder, "held")
    lock = Lock(tmp_path)

    assert lock.holder() == {"pid": holder.pid, "address": "http://127.0.0.1:8080", "ready": True}
    assert not lock.take()

    holder.kill()
    holder.communicate()

    assert lock.holder() is None
    assert lock.take()


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
