"""A gunicorn worker whose threads take turns, and that can be stopped, and killed, under load."""

import select
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from gunicorn import util
from gunicorn.http import wsgi
from gunicorn.workers import base
from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, TConn, ThreadWorker

from servicekit import refusals
from servicekit.logs import bind_request_id

TURN_SECONDS = 0.02
IDLE_SECONDS = 1.0
ONCE = select.EPOLLIN | select.EPOLLONESHOT


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


class Turn:
    """One thread's time at the connections: which request it is at, and whether it is at one."""

    def __init__(self) -> None:
        self.requests = 0
        self.busy = False


class Worker(ThreadWorker):
    """One thread at a time takes requests; when one takes longer than TURN_SECONDS, another thread goes on with the rest.

    gthread's own loop hands each request to a thread and back, and threads that run at once wait for the interpreter's
    lock: that costs more than most requests of ours. Here a thread reads, answers and reads the next, and a slow request,
    a stream or a wait for another machine holds nobody up for longer than a turn.
    """

    alive: bool

    def init_process(self) -> None:
        """Called by gunicorn in the new process."""
        self.tpool = ThreadPoolExecutor(self.cfg.threads)
        self._readable = select.epoll()
        self._doors: dict[int, socket.socket] = {listener.fileno(): listener for listener in self.sockets}
        self._open: set[TConn] = set()
        # By the name that gunicorn counts them by: connections that wait for their next request, by descriptor.
        self.keepalived_conns: dict[int, TConn] = {}
        self._turn: Turn | None = None
        self._asleep, self._seen = False, 0
        self._bell = threading.Lock()
        self._bell.acquire()
        base.Worker.init_process(self)

    def run(self) -> None:
        """Called by gunicorn; returns when the worker is to end."""
        for descriptor, listener in self._doors.items():
            listener.setblocking(False)
            self._readable.register(descriptor, select.EPOLLIN | select.EPOLLEXCLUSIVE)
        self._pass_on()
        while self.alive and self.is_parent_alive():
            self._supervise()
        self.alive = False
        self._close_doors()
        deadline = time.monotonic() + self.cfg.graceful_timeout
        linger = time.monotonic() + STOP_KEEPALIVE_LINGER
        while self._open and time.monotonic() < deadline:
            self._supervise(linger)
        self._turn = None
        self.tpool.shutdown(wait=False)

    def handle_exit(self, sig: int, frame: Any) -> None:
        """Called by gunicorn for SIGTERM."""
        self.alive = False
        self._ring()

    def handle_quit(self, sig: int, frame: Any) -> None:
        """Called by gunicorn for SIGINT and SIGQUIT."""
        self._turn = None
        base.Worker.handle_quit(self, sig, frame)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Called by gunicorn with `req` None for what it could not read: that has no id but what it is logged with."""
        if req is None:
            bind_request_id(None)
        super().handle_error(req, client, addr, exc)

    def _supervise(self, linger: float = float("inf")) -> None:
        """About a second of looking whether the turn must be passed on; ends what idles too long, or beyond `linger`."""
        self.notify()
        end = time.monotonic() + IDLE_SECONDS
        while (now := time.monotonic()) < end and (self.alive or self._open):
            turn = self._turn
            at = turn.requests if turn else 0
            # Under load the next request is there already: to be woken for each would cost what this worker is to save.
            if turn and (turn.busy or at != self._seen):
                self._seen = at
                time.sleep(TURN_SECONDS)
                if turn is self._turn and turn.busy and turn.requests == at:
                    self._pass_on()
            elif now > linger:
                break
            else:
                self._sleep(min(end, linger) - now)
        self._end_idle(linger)

    def _sleep(self, seconds: float) -> None:
        """Until the bell rings: the thread that takes the first request after a pause, or whoever stops us, rings it."""
        self._asleep = True
        turn = self._turn
        if not (turn and turn.busy):
            self._bell.acquire(timeout=max(0.0, seconds))
        self._asleep = False

    def _ring(self) -> None:
        with suppress(RuntimeError):  # it rings already
            self._bell.release()

    def _pass_on(self) -> None:
        """The next free thread goes on; when none is, the first that becomes free."""
        self._turn = None
        self.tpool.submit(self._serve)

    def _serve(self) -> None:
        turn = self._turn = Turn()
        while turn is self._turn:
            for descriptor, _ in self._readable.poll(IDLE_SECONDS, 1):
                turn.requests += 1
                turn.busy = True
                if self._asleep:
                    self._asleep = False
                    self._ring()
                self._attend(descriptor)
                turn.busy = False

    def _attend(self, descriptor: int) -> None:
        listener = self._doors.get(descriptor)
        if listener:
            self._welcome(listener)
            return
        # Of a thread and `_end_idle`, one gets it.
        connection = self.keepalived_conns.pop(descriptor, None)
        if connection is None:
            return
        keep = self.handle(connection)
        while keep and connection.parser.unreader.buf.getvalue():
            keep = self.handle(connection)
        if keep:
            self._wait_for_more(connection, self._readable.modify)
        else:
            self._open.discard(connection)
            connection.close(graceful=True)

    def _welcome(self, listener: socket.socket) -> bool:
        """Takes one connection, unless another process was faster."""
        try:
            client, address = listener.accept()
        except OSError:
            return False
        connection = TConn(self.cfg, client, address, listener.getsockname())
        connection.data_ready = True  # it is read when there is something to read
        self._open.add(connection)
        self._wait_for_more(connection, self._readable.register)
        return True

    def _wait_for_more(self, connection: TConn, watch: Any) -> None:
        connection.set_timeout()
        self.keepalived_conns[connection.sock.fileno()] = connection
        watch(connection.sock.fileno(), ONCE)

    def _end_idle(self, linger: float) -> None:
        now = time.monotonic()
        for descriptor, connection in list(self.keepalived_conns.items()):
            if (now > min(connection.timeout, linger)) and self.keepalived_conns.pop(descriptor, None):
                self._open.discard(connection)
                connection.close()

    def _close_doors(self) -> None:
        """Takes who waits outside, then shuts the door.

        A listener that stays open until the last connection ends queues newcomers up, who are reset at the end; a gateway
        cannot repair that for a write. A closed port sends them elsewhere.
        """
        for descriptor, listener in list(self._doors.items()):
            self._readable.unregister(descriptor)
            del self._doors[descriptor]
            while select.select([listener], [], [], 0)[0] and self._welcome(listener):
                pass
            listener.close()


# gunicorn offers no setting for the class of its answers, or for what it refuses with.
wsgi.Response = Answer
util.write_error = refusals.write
