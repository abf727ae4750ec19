"""What catalog-service does outside of requests: follows auth-service, forgets what has expired."""

from flask import Flask

from catalog_service import create_app, decisions, idempotency, mirrors
from catalog_service.models import FeedCursor, Revocation, db
from servicekit import trust, worker
from servicekit.feeds import BATCH, Follower, chain


def follower(app: Flask) -> Follower:
    """Applies auth-service's feed: revocations, names, suspensions."""
    lifetime = app.config["SETTINGS"].access_token_seconds
    handlers = chain(trust.handlers(Revocation, lifetime), mirrors.HANDLERS)
    return Follower(db, FeedCursor, "auth", app.extensions["auth"], handlers)


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
        with db.reading() as connection:
            connection.exec_driver_sql("PRAGMA analysis_limit=1000")
            connection.exec_driver_sql("PRAGMA optimize")


def main() -> None:
    app = create_app()
    follow = follower(app)
    worker.run(
        app,
        [
            worker.Step("follow auth-service", app.config["SETTINGS"].poll_seconds, lambda: follow.step() == BATCH),
            worker.Step("keys", 2, app.extensions["remote_keys"].fetch),
            worker.Step("prune", 60, prune),
            worker.Step("anchor decisions", 300, anchor),
            worker.Step("optimize", 3600, optimize),
        ],
    )
