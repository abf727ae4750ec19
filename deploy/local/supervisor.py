"""Runs the processes of one copy side by side until one ends or somebody says stop."""

import errno
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

from servicekit.controls import escaped

from .folders import ROOT
from .processes import Process

# What the processes wrote meanwhile is relayed together: to wake for each line would cost more than the line.
RELAY_EVERY = 0.05  # seconds
PIPE_BYTES = 1024 * 1024  # holds 5,000 lines of nginx, which it writes in that time at 100,000 requests a second
READ_BYTES = 64 * 1024
STOPPED_WITHIN = 5.0  # seconds
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
COLOURS = (36, 33, 32, 35, 31, 34, 96)  # ECMA-48, section 8.3.117


class Child:
    """A process that was started, in a group of its own, and what it writes."""

    def __init__(self, process: Process) -> None:
        self.name = process.name
        self.last_words = ""
        self._program = subprocess.Popen(
            process.command,
            cwd=ROOT,
            env=process.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pipesize=PIPE_BYTES,
        )
        assert self._program.stdout is not None
        self._output = self._program.stdout.fileno()
        os.set_blocking(self._output, False)
        self._begun = b""

    @property
    def pid(self) -> int:
        return self._program.pid

    def code(self) -> int | None:
        """The exit code, or minus the signal that killed it; None while it runs."""
        return self._program.poll()

    def lines(self, ended: bool = False) -> list[str]:
        """The whole lines that it wrote since, and what it broke off in when it has ended."""
        parts = [self._begun]
        with suppress(BlockingIOError):
            while part := os.read(self._output, READ_BYTES):
                parts.append(part)
        whole, _, self._begun = b"".join(parts).rpartition(b"\n")
        if self._begun and (ended or len(self._begun) > READ_BYTES):
            whole, self._begun = b"\n".join(filter(None, (whole, self._begun))), b""
        # What nginx writes of a request, a stranger has chosen.
        lines = [escaped(line) for line in whole.decode(errors="replace").split("\n")] if whole else []
        self.last_words = next((line.strip() for line in reversed(lines) if line.strip()), self.last_words)
        return lines

    def kill(self) -> None:
        """End it and its children. The group keeps its number until the last member is gone."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    def how_it_ended(self) -> str:
        """In words: the signal that ended the process, or the exit code with what it wrote last."""
        code = self.code() or 0
        if code < 0:
            return f"was killed by signal {-code}"
        return f"ended with exit code {code}" + (f" ({self.last_words})" if self.last_words else "")


class Supervisor:
    """Starts the processes, calls `then` in a thread of its own, and relays what all of them write."""

    def __init__(self, plan: list[Process], then: Callable[["Supervisor"], None]) -> None:
        self.failure = ""
        self._plan = plan
        self._then = then
        self._running: list[Child] = []
        self._first_to_end: list[Child] = []
        self._asked = ""
        self._texts: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._width = max(len(process.name) for process in plan)

    @property
    def stopping(self) -> bool:
        return bool(self._asked or self.failure or self._first_to_end)

    def say(self, text: str) -> None:
        """Print text among the logs; safe from any thread."""
        self._texts.put(text)

    def fail(self, reason: str) -> None:
        """Stop everything, from any thread, with a non-zero exit code."""
        self.failure = reason

    def why_it_ended(self) -> list[str]:
        """What nobody asked for, in words: programs that ended by themselves, a start that failed."""
        ended = [f"{child.name} {child.how_it_ended()}" for child in self._first_to_end]
        return [*ended, self.failure] if self.failure else ended

    def run(self) -> int:
        """Exit code: 0 when somebody asked to stop, else 1."""
        # A closed terminal stops everything as Ctrl-C does.
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._ask)
        children: list[Child] = []
        try:
            for process in self._plan:
                if not self.stopping:
                    children.append(Child(process))
                    self._write("system", [f"{process.name} started (pid={children[-1].pid})"])
            self._running = list(children)
            threading.Thread(target=self._then, args=(self,), daemon=True).start()
            while not self.stopping:
                self._relay()
            self._stop()
        finally:
            for child in children:
                child.kill()
        return 1 if self.failure or self._first_to_end else 0

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self._asked = signal.Signals(number).name

    def _stop(self) -> None:
        if self._asked:
            self._write("system", [f"{self._asked} received"])
        for child in self._running:
            self._write("system", [f"sending SIGTERM to {child.name} (pid {child.pid})"])
            os.kill(child.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOPPED_WITHIN
        while self._running:
            if time.monotonic() > deadline:
                for child in self._running:
                    child.kill()
            self._relay()

    def _relay(self) -> None:
        """Wait a moment, then write what came, and notice who has ended."""
        time.sleep(RELAY_EVERY)
        ended = [child for child in self._running if child.code() is not None]
        for child in self._running:
            self._write(child.name, child.lines(ended=child in ended))
        while not self._texts.empty():
            self._write("vetted", self._texts.get().split("\n"))
        if not self.stopping:
            self._first_to_end = ended
        for child in ended:
            self._running.remove(child)
            child.kill()
            self._write("system", [f"{child.name} stopped (rc={child.code()})"])

    def _write(self, name: str, lines: list[str]) -> None:
        """Loses what there is no room for: a full disk must not end what goes on reading."""
        if not lines:
            return
        prefix = f"{time.strftime('%H:%M:%S')} {name.ljust(self._width)} | "
        if sys.stdout.isatty():
            names = [process.name for process in self._plan]
            colour = COLOURS[names.index(name) % len(COLOURS)] if name in names else 0
            prefix = f"\033[{colour}m{prefix}\033[0m"
        left = "".join(f"{prefix}{line}\n" for line in lines).encode()
        try:
            while left:
                left = left[os.write(sys.stdout.fileno(), left) :]
        except OSError as error:
            if error.errno not in NO_ROOM:
                raise
