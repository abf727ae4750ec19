"""Runs the processes of one copy side by side until one ends or somebody says stop."""

import errno
import os
import shlex
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from honcho.manager import Manager
from honcho.printer import Message, Printer

from servicekit.controls import escaped

from .folders import ROOT
from .processes import Process

WATCH_EVERY = 0.5  # seconds
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
ASKED_TO_STOP = (128 + signal.SIGINT, 128 + signal.SIGTERM)


class Log(Printer):
    """Knows each process's last words. Loses what there is no room for: a full disk must not end what goes on reading."""

    def __init__(self) -> None:
        super().__init__(sys.stdout)
        self.last_words: dict[str, str] = {}

    def write(self, message: Message) -> None:
        raw = message.data if isinstance(message.data, str) else message.data.decode(errors="replace")
        # What nginx writes of a request, a stranger has chosen.
        said = "\n".join(escaped(line) for line in raw.split("\n"))
        if message.name and said.strip():
            self.last_words[message.name] = said.strip()
        try:
            super().write(message._replace(data=said))
        except OSError as error:
            if error.errno not in NO_ROOM:
                raise


class Supervisor(Manager):
    """Honcho's manager, plus: work to do once all have started, and who ended first."""

    def __init__(self, processes: list[Process], then: Callable[["Supervisor"], None]) -> None:
        self._log = Log()
        super().__init__(self._log)
        self.first_to_end: list[str] = []
        self.failure = ""
        self._then = then
        self._stop_soon = False
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

    def fail(self, reason: str) -> None:
        """Stop everything, from any thread, with a non-zero exit code."""
        self.failure = reason
        self.returncode = 1
        self.terminate()

    def terminate(self) -> None:
        if not self._all_started():
            self._stop_soon = True  # a signal during the start: there is nothing to signal yet
            return
        if not self.stopping:
            self.first_to_end = [name for name, state in self._processes.items() if "returncode" in state]
        super().terminate()

    def why_it_ended(self) -> list[str]:
        """What nobody asked for, in words: programs that ended by themselves, a start that failed."""
        ended = [f"{name} {self.how_it_ended(name)}" for name in self.first_to_end]
        return [*ended, self.failure] if self.failure else ended

    def how_it_ended(self, name: str) -> str:
        """In words: the signal that ended the process, or the exit code with what it said last."""
        code = self._processes[name]["returncode"]
        if code < 0:
            return f"was killed by signal {-code}"
        said = self._log.last_words.get(name, "")
        return f"ended with exit code {code}" + (f" ({said})" if said else "")

    def _start(self) -> None:
        super()._start()
        early = []
        while not self._all_started():
            message = self.events.get()
            if message.type == "start":
                self._processes[message.name]["pid"] = message.data["pid"]
            else:
                early.append(message)
        for message in early:
            self.events.put(message)
        if self._stop_soon:
            self.terminate()
        # The threads start after the forks: a fork copies locks, not the threads that hold them.
        threading.Thread(target=self._watch, daemon=True).start()
        threading.Thread(target=self._then, args=(self,), daemon=True).start()

    def _watch(self) -> None:
        """End the children of a killed program: they hold its output open, so it would look alive."""
        while not self.stopping:
            for state in self._processes.values():
                if "returncode" not in state and _is_dead(state["pid"]):
                    _kill_group(state["pid"])
            time.sleep(WATCH_EVERY)

    def _end_groups(self) -> None:
        for state in self._processes.values():
            _kill_group(state["pid"])


def _is_dead(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return False


def _kill_group(pid: int) -> None:
    # Every program leads a group of its own, which keeps its number until the last member is gone.
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
