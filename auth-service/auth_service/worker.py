"""What auth-service does outside of requests: sends mail, forgets what has expired."""

from flask import current_app

from auth_service import audit, create_app, keys, letters, resets, sessions
from auth_service.models import Revocation, db
from servicekit import trust, worker


def prune() -> None:
    """Takes expired revocations, old sessions and spent keys away."""
    with db.transaction() as session:
        trust.prune(session, Revocation)
        sessions.prune()
        audit.prune()
        resets.prune()
        keys.prune(session, current_app.config["SETTINGS"].access_token_seconds)


def mail() -> bool:
    """Mails the codes that were asked for; a mail that was not taken is tried again, with another code."""
    found = resets.waiting()
    worker.JOBS.labels("mail").set(len(found))
    for reset_id in found:
        with db.transaction():
            prepared = resets.prepare(reset_id)
        if prepared is None:
            continue
        try:
            letters.password_reset(*prepared)
        except Exception:
            with db.transaction():
                resets.put_back(reset_id)
            raise
        with db.transaction():
            resets.sent(reset_id)
    return bool(found)


def main() -> None:
    worker.run(create_app(), [worker.Step("mail", 1, mail), worker.Step("prune", 60, prune)])
