"""What auth-service does outside of requests: forgets what has expired."""

from flask import current_app

from auth_service import audit, create_app, keys, sessions
from auth_service.models import Revocation, db
from servicekit import trust, worker


def prune() -> None:
    """Takes expired revocations, old sessions and spent keys away."""
    with db.transaction() as session:
        trust.prune(session, Revocation)
        sessions.prune()
        audit.prune()
        keys.prune(session, current_app.config["SETTINGS"].access_token_seconds)


def main() -> None:
    worker.run(create_app(), [worker.Step("prune", 60, prune)])
