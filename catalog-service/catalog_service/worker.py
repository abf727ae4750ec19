"""What catalog-service does outside of requests: follows auth-service, forgets what has expired."""

from flask import Flask

from catalog_service import create_app, idempotency
from catalog_service.content import skus
from catalog_service.models import FeedCursor, Revocation, db
from catalog_service.public import account_events, storefronts
from catalog_service.review import decisions
from catalog_service.search import engines
from catalog_service.search.follower import Follower as Indexer
from servicekit import trust, worker
from servicekit.feeds import BATCH, Follower, chain


def follower(app: Flask) -> Follower:
    """Applies auth-service's feed: revocations, names, suspensions."""
    lifetime = app.config["SETTINGS"].access_token_seconds
    handlers = chain(trust.handlers(Revocation, lifetime), account_events.HANDLERS)
    return Follower(db, FeedCursor, "auth", app.extensions["auth"], handlers)


def indexer(app: Flask) -> Indexer:
    """Keeps the index of words in step with the public catalogue."""
    return Indexer(engines.writer(app.config["SETTINGS"]))


def fill_keys() -> None:
    """Makes the keys of SKUs right again after a version that did not know of them."""
    with db.transaction() as session:
        skus.fill(session)


def tell() -> None:
    """Tells partners of a business that was hidden, restored or renamed; in between, others have room to write."""
    storefronts.step()


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
            worker.Step("listings of a business", 0.2, tell),
            worker.Step("index", 0.1, indexer(app).step, lane="index"),
            worker.Step("keys", 2, app.extensions["remote_keys"].fetch),
            worker.Step("prune", 60, prune),
            worker.Step("anchor decisions", 300, anchor),
            worker.Step("optimize", 3600, optimize),
            worker.Step("keys of SKUs", 3600, fill_keys),
        ],
    )
