"""An endpoint that answers with raw bytes at its own pace: what no well-behaved server can be made to do."""

import socket
import threading
import time
from collections.abc import Callable

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"


class RawServer:
    """Each connection is handled by `behave(connection)`; `open` counts those that the client has not closed."""

    def __init__(self) -> None:
        self.behave: Callable[[socket.socket], None] = lambda connection: None
        self.accepted = 0
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=512)
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}/v1"

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.accepted += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                connection.recv(65536)
                self.behave(connection)
            except OSError:
                return

    def stop(self) -> None:
        self._socket.close()


def drip(data: bytes, seconds: float) -> Callable[[socket.socket], None]:
    """One byte every so many seconds."""

    def behave(connection: socket.socket) -> None:
        for byte in data:
            connection.sendall(bytes([byte]))
            time.sleep(seconds)

    return behave


def send(data: bytes) -> Callable[[socket.socket], None]:
    return lambda connection: connection.sendall(data)
