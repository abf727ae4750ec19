"""A gunicorn worker that can be stopped, and killed, under load."""

import select
from typing import Any

from gunicorn.http import wsgi
from gunicorn.workers.gthread import ThreadWorker


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
            while select.select([listener], [], [], 0)[0]:
                self.accept(listener)
            listener.close()


# gunicorn offers no setting for the class of its answers.
wsgi.Response = Answer
