"""A gunicorn worker that can be stopped under load."""

import select

from gunicorn.workers.gthread import ThreadWorker


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
