"""What catalog-service does outside of requests: follows auth-service, forgets what has expired."""

import time

from flask import Flask

from catalog_service import create_app, idempotency
from catalog_service.content import skus
from catalog_service.models import FeedCursor, Revocation, db
from catalog_service.public import account_events, batches, changes
from catalog_service.review import decisions
from catalog_service.search import counts, facet_cache, places, words
from servicekit import trust, worker
from servicekit.feeds import BATCH, Follower, chain

# How long others have SQLite's database for themselves between two steps of merging.
REST_SECONDS = 0.05


def follower(app: Flask) -> Follower:
    """Applies auth-service's feed: revocations, names, suspensions."""
    lifetime = app.config["SETTINGS"].access_token_seconds
    handlers = chain(trust.handlers(Revocation, lifetime), account_events.HANDLERS)
    return Follower(db, FeedCursor, "auth", app.extensions["auth"], handlers)


def recount() -> None:
    """Makes places, totals and keys right again after a version that did not know of them."""
    with db.reading() as connection:
        are_wrong = places.are_wrong(connection)
    with db.transaction() as session:
        changes.queue(session)
        if are_wrong:
            places.mend(session.connection())
        counts.repair(session)
        skus.fill(session)
        facet_cache.renew(session)


def merge() -> bool:
    """Keeps SQLite's indexes of words in few parts, a little at a time, so that no writer has to merge them all."""
    with db.transaction() as session:
        is_more = words.merge(session)
    if is_more:
        batches.checkpoint()  # or the next writer finds a long log to copy
        time.sleep(REST_SECONDS)
    return is_more


def prune() -> None:
    """Takes expired revocations and answers away."""
    with db.transaction() as session:
        trust.prune(session, Revocation)
        idempotency.prune(session)


def anchor() -> None:
    """Keeps the heads of the decision logs, so that one cut short is noticed."""
    with db.transaction() as session:
        decisions.anchor(session)


def optimize() -> None:
    """Keeps SQLite's statistics true, by which it chooses indexes; PostgreSQL does so by itself."""
    if db.engine.dialect.name == "sqlite":
        # PRAGMA optimize would look at what this connection has read alone, and the public is read by others.
        with db.reading() as connection:
            connection.exec_driver_sql("PRAGMA analysis_limit=1000")
            connection.exec_driver_sql("ANALYZE")


def main() -> None:
    app = create_app()
    follow = follower(app)
    worker.run(
        app,
        [
            worker.Step("follow auth-service", app.config["SETTINGS"].poll_seconds, lambda: follow.step() == BATCH),
            worker.Step("listings of a business", 0.5, batches.Batches().step),
            worker.Step("merge words", 5, merge),
            worker.Step("keys", 2, app.extensions["remote_keys"].fetch),
            worker.Step("prune", 60, prune),
            worker.Step("checkpoint", 60, batches.checkpoint),
            worker.Step("anchor decisions", 300, anchor),
            worker.Step("optimize", 3600, optimize),
            worker.Step("recount", 3600, recount),
        ],
    )
