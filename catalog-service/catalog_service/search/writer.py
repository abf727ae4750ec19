"""The one process that writes tantivy's index: the worker."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import orjson
import structlog
import tantivy
from tantivy import Document

from catalog_service.search import folders, schema
from catalog_service.search.port import Entry, Position
from catalog_service.search.reader import State, opened

log = structlog.get_logger(__name__)

# Memory for what is not written yet (bytes), while changes are followed and while everything is built anew.
FOLLOWING_BYTES, BUILDING_BYTES = 16_000_000, 96_000_000
_SUFFIXES = ("term", "idx", "store", "fast", "fieldnorm")


class Writer:
    """Keeps the folder's index, as port.SearchWriter; it is usable only by the process that holds the folder's lock."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock: IO[str] | None = None
        self._open: _Open | None = None

    def is_mine(self) -> bool:
        """Whether this process is the one that writes; another takes over when that one ends."""
        if self._lock is None:
            self._lock = folders.lock(self._root)
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
            if path is None or not folders.is_up_to_date(path):
                return None
            self._open = _opened(path)
        return self._open.position if self._open else None

    def listed(self) -> int:
        """How many listings the index holds."""
        assert self._open is not None
        return self._open.listed()

    def apply(self, entries: Sequence[Entry], gone: Sequence[int], position: Position) -> None:
        assert self._open is not None, "position() says whether there is an index to write"
        with self._or_reopened():
            self._open.apply(entries, gone, position)

    def rebuild(self, snapshot: Iterable[Sequence[Entry]], position: Position) -> Iterator[int]:
        folders.discard(self._root, but=self._open.path if self._open else folders.current(self._root))
        path = folders.new(self._root)
        index = tantivy.Index(schema.schema(), path=str(path))
        writer = index.writer(BUILDING_BYTES, 2)
        count = 0
        for chunk in snapshot:
            for entry in chunk:
                writer.add_document(schema.document(entry))
            count += len(chunk)
            yield count
        _commit(writer, position)
        writer.wait_merging_threads()
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

    def apply(self, entries: Sequence[Entry], gone: Sequence[int], position: Position) -> None:
        for product_id in (*gone, *(entry.id for entry in entries)):
            self._writer.delete_documents_by_term("id", str(product_id))
        for entry in entries:
            self._writer.add_document(schema.document(entry))
        _commit(self._writer, position)
        self.position = position

    def listed(self) -> int:
        self._index.reload()
        return int(self._index.searcher().num_docs) - 1

    def is_whole(self) -> bool:
        """Whether the files that the index consists of are there, and as long as they were."""
        try:
            segments = orjson.loads((self.path / "meta.json").read_bytes())["segments"]
            names = [f"{one['segment_id'].replace('-', '')}.{suffix}" for one in segments for suffix in _SUFFIXES]
            sizes = {name: (self.path / name).stat().st_size for name in names}
        except (OSError, ValueError, KeyError):
            return False
        is_whole = all(self._sizes.get(name, size) == size for name, size in sizes.items())
        self._sizes = sizes
        return is_whole


def _opened(path: Path) -> _Open | None:
    try:
        return _Open(path)
    except (OSError, ValueError) as error:
        log.warning("index cannot be opened", path=path.name, error=str(error))
        return None


def _commit(writer: tantivy.IndexWriter, position: Position) -> None:
    writer.delete_documents_by_term("id", schema.POSITION_ID)
    writer.add_document(Document(id=schema.POSITION_ID, position=f"{position.seq} {position.mark}"))
    writer.commit()
