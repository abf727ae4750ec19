"""What chat-service does outside of requests: follows auth-service, erases what is gone or old."""

from typing import Any

from flask import current_app

from chat_service import budgets, conversations, create_app
from chat_service.models import FeedCursor, Revocation, db
from servicekit import feeds, trust, worker
from servicekit.neighbours import Neighbour

HANDLERS: dict[str, feeds.Handler] = {
    "user.deleted": lambda session, data: conversations.erase_user(session, data["user_id"], data["business_id"]),
    "business.deleted": lambda session, data: conversations.erase_business(session, data["business_id"]),
}


def follower(settings: Any) -> feeds.Follower:
    """Applies auth-service's changes: revocations first, then erasure."""
    auth = Neighbour("auth-service", str(settings.auth_url), settings.internal_token.get_secret_value())
    handlers = feeds.chain(trust.handlers(Revocation, settings.access_token_seconds), HANDLERS)
    return feeds.Follower(db, FeedCursor, "auth", auth, handlers)


def prune() -> None:
    """Erases conversations past their retention, and forgets spent budgets and expired revocations."""
    settings = current_app.config["SETTINGS"]
    with db.transaction() as session:
        trust.prune(session, Revocation)
        budgets.prune(session)
        conversations.prune(session, settings.chat_retention_days, settings.chat_anonymous_retention_days)


def main() -> None:
    app = create_app()
    settings = app.config["SETTINGS"]
    auth = follower(settings)
    steps = [
        worker.Step("follow auth", settings.poll_seconds, lambda: auth.step() == feeds.BATCH),
        worker.Step("keys", 2, app.extensions["remote_keys"].fetch),
        worker.Step("prune", 60, prune),
    ]
    worker.run(app, steps)
