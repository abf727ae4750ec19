"""A gunicorn worker that can be stopped, and killed, under load."""

import contextlib
import ctypes
import os
import select
import socket
import struct
from pathlib import Path
from typing import Any

from gunicorn import util
from gunicorn.http import wsgi
from gunicorn.workers.gthread import ThreadWorker

from servicekit import refusals
from servicekit.logs import bind_request_id


class Answer(wsgi.Response):
    """Its headers leave together with the first part of its body, in one system call.

    gunicorn sends them one after the other. A process killed in between leaves an answer that a gateway has begun to
    pass on and can no longer ask another instance for; what was written in one piece the kernel delivers, whatever
    becomes of the process.
    """

    sock: Any

    def write(self, arg: bytes) -> None:
        """Called by gunicorn with each part of the body."""
        if self.headers_sent:
            super().write(arg)
            return
        wire, pieces = self.sock, _Pieces()
        self.sock = pieces
        try:
            super().write(arg)
        finally:
            self.sock = wire
            wire.sendall(b"".join(pieces))


class _Pieces(list[bytes]):
    """Stands for a socket while one answer's beginning is put together."""

    sendall = list.append


# Classic BPF (Linux, networking/filter.rst) over a TCP segment (RFC 9293, section 3.1): drops it when its flags have SYN.
_SYN = 0x02
_DROP_SYN = b"".join(
    struct.pack("HBBI", *step)
    for step in (
        (0x30, 0, 0, 13),  # ldb [13], the flags
        (0x45, 0, 1, _SYN),  # jset SYN, the next, the one after
        (0x06, 0, 0, 0),  # ret 0: drop
        (0x06, 0, 0, 0xFFFF),  # ret 65535: keep
    )
)
_SO_ATTACH_FILTER = 26  # asm-generic/socket.h; the module `socket` does not name it.
# How long a connection that was begun before may take to arrive: several times a data centre's round trip.
ARRIVAL_SECONDS = 0.05


def bar(listener: socket.socket) -> None:
    """No connection can begin at that listener any more, in whichever process; who tries hears nothing until it closes.

    A client repeats its SYN after a second (RFC 6298), finds the port closed, and goes elsewhere with nothing sent.
    OSError where the kernel has no such filters, or the listener is not of TCP.
    """
    program = ctypes.create_string_buffer(_DROP_SYN)
    steps = struct.pack("HL", len(_DROP_SYN) // 8, ctypes.addressof(program))
    listener.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, steps)


def is_held_by(process: int, listener: socket.socket) -> bool:
    """Whether another process of this machine has the listener open, too; True when it cannot be looked at."""
    try:
        mine = os.fstat(listener.fileno())
        return any(os.path.samestat(entry.stat(), mine) for entry in Path(f"/proc/{process}/fd").iterdir())
    except OSError:
        return True


class Worker(ThreadWorker):
    """Takes who waits at the door, then shuts it.

    The listener of a stopping gthread worker stays open until its last connection ends: newcomers queue up behind
    it and are reset at the end, which a gateway cannot repair for a write. A closed port sends them elsewhere.
    """

    def set_accept_enabled(self, enabled: bool) -> None:
        """Called by gunicorn, with False and `alive` unset when the worker begins to stop."""
        super().set_accept_enabled(enabled)
        if self.alive or enabled:
            return
        for listener in self.sockets:
            patience = 0.0
            # The arbiter gives its own up first when the whole service stops; one worker of many must bar nobody.
            if not is_held_by(self.ppid, listener):
                with contextlib.suppress(OSError):
                    bar(listener)
                    patience = ARRIVAL_SECONDS
            while select.select([listener], [], [], patience)[0]:
                self.accept(listener)
            listener.close()

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Called by gunicorn with `req` None for what it could not read: that has no id but what it is logged with."""
        if req is None:
            bind_request_id(None)
        super().handle_error(req, client, addr, exc)


# gunicorn offers no setting for the class of its answers, or for what it refuses with.
wsgi.Response = Answer
util.write_error = refusals.write
