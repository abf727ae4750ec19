"""Runs the processes of one copy side by side until one ends or somebody says stop."""

import os
import shlex
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from honcho.manager import Manager
from honcho.printer import Message, Printer

from .folders import ROOT
from .processes import Process

ASKED_TO_STOP = (128 + signal.SIGINT, 128 + signal.SIGTERM)


class Supervisor(Manager):
    """Honcho's manager, plus: work to do once all have started, and who ended first."""

    def __init__(self, processes: list[Process], then: Callable[["Supervisor"], None]) -> None:
        super().__init__(Printer(sys.stdout))
        self.first_to_end: list[str] = []
        self._then = then
        for process in processes:
            # exec: the process that is signalled is the program, not a shell around it.
            command = "exec " + shlex.join(process.command)
            self.add_process(process.name, command, env=process.environment, cwd=str(ROOT))

    @property
    def stopping(self) -> bool:
        return bool(self._terminating)

    def run(self) -> int:
        """Exit code: 0 when somebody asked to stop, else 1."""
        # A closed terminal stops everything as Ctrl-C does.
        signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
        try:
            self.loop()
        finally:
            self._end_groups()
        return 0 if self.returncode in ASKED_TO_STOP else 1

    def say(self, text: str) -> None:
        """Print text among the logs; safe from any thread."""
        self.events.put(Message("line", text, datetime.now(), "vetted", None))

    def fail(self) -> None:
        """Stop everything, from any thread, with a non-zero exit code."""
        self.returncode = 1
        self.terminate()

    def terminate(self) -> None:
        if not self.stopping:
            self.first_to_end = [name for name, state in self._processes.items() if "returncode" in state]
        super().terminate()

    def how_it_ended(self, name: str) -> str:
        """In words: the exit code or the signal that ended the process."""
        code = self._processes[name]["returncode"]
        return f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"

    def _end_groups(self) -> None:
        """Kill children of a program that was killed before it could stop them."""
        for state in self._processes.values():
            with suppress(ProcessLookupError):
                os.killpg(state["pid"], signal.SIGKILL)

    def _start(self) -> None:
        # The thread starts after the forks: a fork copies locks, not the threads that hold them.
        super()._start()
        threading.Thread(target=self._then, args=(self,), daemon=True).start()
