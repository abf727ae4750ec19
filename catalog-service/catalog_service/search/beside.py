"""Makes one chunk after the other in a process of its own, while this one goes on with the chunk before."""

import gc
import multiprocessing
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from multiprocessing.connection import Connection
from typing import Any, TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")
# Forked, so that it shares what is loaded.
_CONTEXT = multiprocessing.get_context("fork")


def made(make: Callable[[Given], Made], chunks: Iterable[Given]) -> Generator[Made, None, None]:
    """What `make` makes of each chunk, in their order; it must need no thread, lock or connection of this process."""
    rest = iter(chunks)
    # Where there is no second chunk a process is not worth its start.
    for first in islice(rest, 1):
        yield make(first)
    for second in islice(rest, 1):
        with _child(make) as child:
            child.send(second)
            for following in rest:
                found = child.recv()
                child.send(following)
                yield found
            yield child.recv()


@contextmanager
def _child(make: Callable[[Any], Any]) -> Iterator[Connection]:
    here, there = _CONTEXT.Pipe()
    process = _CONTEXT.Process(target=_serve, args=(make, here, there), daemon=True)
    process.start()
    there.close()
    try:
        yield here
    finally:
        here.close()
        process.join()


def _serve(make: Callable[[Any], Any], here: Connection, there: Connection) -> None:
    here.close()
    gc.freeze()  # what is shared stays so where the collector does not write into it
    # Until the other end is closed, by its process or with it.
    with suppress(EOFError, OSError):
        while True:
            there.send(make(there.recv()))
