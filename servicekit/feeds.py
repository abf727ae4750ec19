"""The feed: an ordered, replayable list of changes under one gapless sequence assigned in commit order."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson
import structlog
from prometheus_client import Gauge
from pydantic import BaseModel, Field
from sqlalchemy import JSON, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from servicekit.api import Blueprint, Moment, Query, validate_request
from servicekit.auth import internal
from servicekit.database import Database, Id, Timestamp, insert, now
from servicekit.neighbours import Neighbour

log = structlog.get_logger(__name__)

Handler = Callable[[Session, dict[str, Any]], None]
BATCH = 500
LAG_CHANGES = Gauge("feed_lag_changes", "Changes of a feed that were not applied here when it was last read", ["feed"])
LAG_SECONDS = Gauge(
    "feed_lag_seconds", "Time since all of a feed was last known to be applied here, in seconds", ["feed"]
)


RESTORED = "its database was restored from an older backup than this one"


class EventColumns:
    """One change. `data` names what changed by id and carries what followers keep of it."""

    __tablename__ = "events"
    seq: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    type: Mapped[str] = mapped_column(String(64))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    occurred_at: Mapped[datetime] = mapped_column(Timestamp, default=now)


class FeedHeadColumns:
    """One row: the last sequence number given out. Its lock orders the writers."""

    __tablename__ = "feed_head"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(Id)


class CursorColumns:
    """How far a feed has been applied here. `mark` is of the last change, none where an earlier version applied it."""

    __tablename__ = "feed_cursors"
    feed: Mapped[str] = mapped_column(String(32), primary_key=True)
    seq: Mapped[int] = mapped_column(Id)
    mark: Mapped[str | None] = mapped_column(String(64))


class Feed:
    """A service's own feed."""

    def __init__(self, event: Any, head: Any) -> None:
        self._event = event
        self._head = head

    def append(self, session: Session, kind: str, data: Mapping[str, Any]) -> int:
        """Adds a change to the open transaction and returns its number. Append last: writers queue here.

        The head row stays locked until the commit, so numbers are given in commit order and a
        rolled-back transaction gives its number back: no gaps, no reader ever sees 8 before 7.
        """
        head = self._head.__table__
        first = insert(session, head).values(id=1, seq=1)
        following = first.on_conflict_do_update(index_elements=[head.c.id], set_={"seq": head.c.seq + 1})
        seq = session.execute(following.returning(head.c.seq)).scalar_one()
        session.add(self._event(seq=seq, type=kind, data=dict(data)))
        session.flush()
        return int(seq)

    def after(self, session: Session, seq: int, limit: int = BATCH) -> Sequence[Any]:
        """The changes that follow number `seq`, oldest first."""
        event = self._event
        return session.scalars(select(event).where(event.seq > seq).order_by(event.seq).limit(limit)).all()

    def at(self, session: Session, seq: int) -> Any:
        """The change with this number, None where there is none."""
        return session.get(self._event, seq)

    def head(self, session: Session) -> int:
        """The last number given out, 0 before the first."""
        return session.scalar(select(self._head.seq)) or 0


class EventOut(BaseModel):
    seq: int
    type: str
    data: dict[str, Any]
    occurred_at: Moment


class EventsOut(BaseModel):
    """`last` is the change that the others follow, by which a follower knows the feed for the same."""

    events: list[EventOut]
    head: int
    last: EventOut | None


class FeedQuery(Query):
    after: int = Field(0, ge=0, description="the last number already applied")
    limit: int = Field(BATCH, ge=1, le=BATCH)


def blueprint(db: Database, feed: Feed) -> Blueprint:
    """GET /internal/feed for the other services."""
    bp = Blueprint("feed", __name__)

    @bp.get("/internal/feed")
    @internal
    @validate_request()
    def read_feed(query: FeedQuery) -> EventsOut:
        """The changes after a number, oldest first."""
        rows = feed.after(db.session(), query.after, query.limit)
        events = [EventOut.model_validate(row, from_attributes=True) for row in rows]
        before = feed.at(db.session(), query.after)
        last = EventOut.model_validate(before, from_attributes=True) if before else None
        return EventsOut(events=events, head=feed.head(db.session()), last=last)

    return bp


def chain(*tables: Mapping[str, Handler]) -> dict[str, Handler]:
    """One table of handlers from several; those of the same type run in the order given."""

    def both(first: Handler, second: Handler) -> Handler:
        def apply(session: Session, data: dict[str, Any]) -> None:
            first(session, data)
            second(session, data)

        return apply

    found: dict[str, Handler] = {}
    for table in tables:
        for kind, handler in table.items():
            found[kind] = both(found[kind], handler) if kind in found else handler
    return found


def _mark(event: Mapping[str, Any]) -> str:
    """What tells a change from another with its number."""
    return sha256(orjson.dumps(dict(event), option=orjson.OPT_SORT_KEYS)).hexdigest()


class Follower:
    """Applies another service's feed, each change once, together with its cursor."""

    def __init__(
        self, db: Database, cursor: Any, name: str, neighbour: Neighbour, handlers: Mapping[str, Handler]
    ) -> None:
        self._db = db
        self._cursor = cursor
        self._name = name
        self._neighbour = neighbour
        self._handlers = handlers
        self._level_at = time.monotonic()
        LAG_SECONDS.labels(name).set_function(lambda: time.monotonic() - self._level_at)

    def step(self) -> int:
        """Fetches and applies one batch; returns how many changes it applied. Unavailable when the other is down.

        RuntimeError when another change than the feed's has its number here, or more were applied than it has: its
        database was restored from an older backup, and its next changes would be taken for old ones.
        """
        seen, mark = self._reached()
        answer = self._neighbour.get("/internal/feed", {"after": seen, "limit": BATCH})
        self._check(seen, mark, answer)
        applied = self.apply(answer["events"])
        reached = answer["events"][-1]["seq"] if answer["events"] else seen
        self._note(max(0, answer.get("head", reached) - reached))
        return applied

    def _check(self, seen: int, mark: str | None, answer: Mapping[str, Any]) -> None:
        # An earlier version says neither where its feed ends nor what its last change was.
        if answer.get("head", seen) < seen:
            raise RuntimeError(f"feed {self._name} ends with {answer['head']}, but {seen} was applied here: {RESTORED}")
        last = answer.get("last")
        if mark and last and _mark(last) != mark:
            raise RuntimeError(f"feed {self._name} has another change {seen} than was applied here: {RESTORED}")

    def _note(self, behind: int) -> None:
        LAG_CHANGES.labels(self._name).set(behind)
        if behind == 0:
            self._level_at = time.monotonic()

    def position(self) -> int:
        """The last number applied here, 0 before the first."""
        return self._reached()[0]

    def _reached(self) -> tuple[int, str | None]:
        with self._db.reading() as connection:
            cursor = self._cursor
            row = connection.execute(select(cursor.seq, cursor.mark).where(cursor.feed == self._name)).first()
            return (row.seq, row.mark) if row else (0, None)

    def apply(self, events: Sequence[Mapping[str, Any]]) -> int:
        """Applies those events that were not applied yet, in order; a gap is an error, a repeat is nothing."""
        with self._db.transaction() as session:
            cursor = self._locked(session)
            fresh = [event for event in events if event["seq"] > cursor.seq]
            for event in fresh:
                if event["seq"] != cursor.seq + 1:
                    raise RuntimeError(f"feed {self._name}: {event['seq']} follows {cursor.seq}")
                handler = self._handlers.get(event["type"])
                if handler:
                    handler(session, event["data"])
                cursor.seq, cursor.mark = event["seq"], _mark(event)
        if fresh:
            log.info("feed applied", feed=self._name, changes=len(fresh), seq=fresh[-1]["seq"])
        return len(fresh)

    def _locked(self, session: Session) -> Any:
        """The cursor's row; its lock lets one follower through at a time, however many workers run."""
        cursor = session.get(self._cursor, self._name, with_for_update=True)
        if cursor is None:
            first = insert(session, self._cursor.__table__).values(feed=self._name, seq=0)
            session.execute(first.on_conflict_do_nothing())
            cursor = session.get_one(self._cursor, self._name, with_for_update=True)
        return cursor
