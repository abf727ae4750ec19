"""The one process that writes tantivy's index: the worker."""

import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import structlog
import tantivy
from tantivy import Document

from catalog_service.search import folders, schema
from catalog_service.search.port import Entry, Position
from catalog_service.search.reader import State, opened

log = structlog.get_logger(__name__)

# Memory for what is not written yet (bytes), while changes are followed and while everything is built anew.
FOLLOWING_BYTES, BUILDING_BYTES = 16_000_000, 32_000_000
# How often what it consists of is looked at.
CHECKED_SECONDS = 1.0


class Writer:
    """Keeps the folder's index, as port.SearchWriter; it is usable only by the process that holds the folder's lock."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock: IO[str] | None = None
        self._open: _Open | None = None

    def is_mine(self) -> bool:
        """Whether this process is the one that writes; another takes over when that one ends."""
        self._lock = folders.lock(self._root, self._lock)
        return self._lock is not None

    def close(self) -> None:
        """Lets go of the index and of the right to write it."""
        self._open = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def position(self) -> Position | None:
        if self._open is not None and not self._open.is_whole():
            log.warning("index is damaged", path=self._open.path.name)
            self._open = None
        if self._open is None:
            path = folders.current(self._root)
            self._open = _opened(path) if path is not None else None
        return self._open.position if self._open else None

    def is_outdated(self) -> bool:
        return self._open is not None and not folders.is_up_to_date(self._open.path)

    def contents(self) -> tuple[int, int]:
        assert self._open is not None, "position() says whether there is an index to read"
        return self._open.contents() if folders.is_intact(self._open.path) else (-1, -1)

    def apply(self, entries: Sequence[Entry], gone: Sequence[int], position: Position) -> None:
        assert self._open is not None, "position() says whether there is an index to write"
        with self._or_reopened():
            self._open.apply(entries, gone, position)

    def rebuild(self, snapshot: Iterable[Sequence[Entry]], position: Position) -> Iterator[int]:
        folders.discard(self._root, but=self._open.path if self._open else folders.current(self._root))
        path = folders.new(self._root)
        try:
            count = 0
            for count in _built(path, snapshot, position):
                yield count
        except BaseException:
            shutil.rmtree(path, ignore_errors=True)  # or it would go on filling a disk that is full
            raise
        folders.use(path)
        self._open = None
        log.info("index built", path=path.name, listings=count, seq=position.seq)

    @contextmanager
    def _or_reopened(self) -> Iterator[None]:
        """What fails half-way (a full disk) leaves the index as the last commit did, and a writer of no more use."""
        try:
            yield
        except BaseException:
            self._open = None
            raise


class _Open:
    """An index that is being written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._index = opened(path)
        self._writer = self._index.writer(FOLLOWING_BYTES, 1)
        self.position = State(self._index).position()
        self._sizes: dict[str, int] = {}
        self._check_at = time.monotonic() + CHECKED_SECONDS

    def apply(self, entries: Sequence[Entry], gone: Sequence[int], position: Position) -> None:
        for product_id in (*gone, *(entry.id for entry in entries)):
            self._writer.delete_documents_by_term("id", str(product_id))
        for entry in entries:
            self._writer.add_document(schema.document(entry))
        _commit(self._writer, position)
        self.position = position

    def contents(self) -> tuple[int, int]:
        self._index.reload()
        return State(self._index).contents()

    def is_whole(self) -> bool:
        """Whether others find it, and its files are whole and as long as they were, when last looked at."""
        if time.monotonic() < self._check_at:
            return True
        self._check_at = time.monotonic() + CHECKED_SECONDS
        if folders.current(self.path.parent) != self.path:
            return False
        try:
            files = {file.name: file for file in folders.files(self.path)}
            sizes = {name: file.stat().st_size for name, file in files.items()}
            is_new_cut = any(folders.is_cut(files[name]) for name in sizes.keys() - self._sizes.keys())
        except (OSError, ValueError, KeyError):
            return False
        is_whole = not is_new_cut and all(self._sizes.get(name, size) == size for name, size in sizes.items())
        self._sizes = sizes
        return is_whole


def _opened(path: Path) -> _Open | None:
    try:
        is_intact = folders.is_intact(path)
        if is_intact:
            State(opened(path))
    except (OSError, ValueError, KeyError) as error:
        log.warning("index cannot be opened", path=path.name, error=str(error))
        return None
    if not is_intact:
        log.warning("index is damaged", path=path.name)
        return None
    return _Open(path)


def _built(path: Path, snapshot: Iterable[Sequence[Entry]], position: Position) -> Iterator[int]:
    writer = tantivy.Index(schema.schema(), path=str(path)).writer(BUILDING_BYTES, 1)
    count = 0
    for chunk in snapshot:
        for entry in chunk:
            writer.add_document(schema.document(entry))
        count += len(chunk)
        yield count
    _commit(writer, position)
    writer.wait_merging_threads()


def _commit(writer: tantivy.IndexWriter, position: Position) -> None:
    writer.delete_documents_by_term("id", schema.POSITION_ID)
    writer.add_document(Document(id=schema.POSITION_ID, position=f"{position.seq} {position.mark}"))
    writer.commit()
