"""The worker's batches for a whole business: as large as others can wait for, and with room for them in between."""

import time

from sqlalchemy.orm import Session

from catalog_service.models import db
from catalog_service.public import changes, storefronts
from servicekit import worker
from servicekit.database import connection_of

FEWEST, FIRST, MOST = 10, 50, 500  # listings
# How long a batch is to keep other writers waiting, and how much longer they then have for themselves: most of them
# are to find nobody before them, and SQLite's other processes only try again now and then.
HOLD_SECONDS, REST = 0.08, 1.25
# SQLite: what a batch changes lies all over the file; it is gathered in memory (KiB), and copied there afterwards.
_PRAGMAS = ("PRAGMA cache_size=-32768", "PRAGMA wal_autocheckpoint=0")


class Batches:
    """Follows the marks of businesses that were hidden, restored or renamed."""

    def __init__(self, first: int = FIRST, most: int = MOST) -> None:
        self._first, self._most = first, most
        self._size, self._due = first, 0.0

    def step(self) -> bool:
        """The next batch; returns whether there may be more."""
        with db.reading() as connection:
            waiting = connection.scalars(storefronts.WAITING).all()
        worker.JOBS.labels("listings of a business").set(len(waiting))
        if not waiting:
            return False
        business_id = waiting[0]
        made = storefronts.prepare(db.session(), business_id, self._size)
        db.session.remove()
        time.sleep(max(0.0, self._due - time.monotonic()))
        with db.transaction() as session:
            _make_room(session)
            changes.queue(session)
            began = time.monotonic()  # to wait for others is not to hold them up
            more = storefronts.advance(session, business_id, self._size, made)
        held = time.monotonic() - began
        self._size = min(self._most, sized(self._size, held)) if more else self._first
        self._due = time.monotonic() + REST * held
        checkpoint()
        return True


def sized(size: int, held: float) -> int:
    """How many listings the next batch takes, after one of `size` that took `held` seconds."""
    return max(FEWEST, int(size * HOLD_SECONDS / max(held, HOLD_SECONDS / 2)))


def _make_room(session: Session) -> None:
    connection = connection_of(session)
    for pragma in _PRAGMAS if connection.dialect.name == "sqlite" else ():
        connection.exec_driver_sql(pragma)


def checkpoint() -> None:
    """Copies what SQLite has written lately into its file, while others write on."""
    if db.engine.dialect.name == "sqlite":
        with db.reading() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")
