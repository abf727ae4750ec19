"""What auth-service does outside of requests: sends mail, forgets what has expired."""

from collections.abc import Callable
from dataclasses import dataclass

import structlog
from flask import current_app

from auth_service import (
    audit,
    create_app,
    email_changes,
    invitations,
    keys,
    outbox,
    registrations,
    resets,
    sessions,
)
from auth_service.clients import mail as client
from auth_service.letters import Letter
from auth_service.models import Mail, Revocation, db
from servicekit import trust, worker
from servicekit.problems import Unavailable

log = structlog.get_logger(__name__)


def _nothing(subject_id: int) -> None:
    """Nobody needs to know."""


@dataclass(frozen=True, slots=True)
class Kind:
    """`prepare` writes the letter about a row, or None where nothing is left to say; the others note what became of it."""

    prepare: Callable[[int], Letter | None]
    sent: Callable[[int], None] = _nothing
    refused: Callable[[int], None] = _nothing


KINDS = {
    "reset": Kind(resets.prepare, resets.sent, resets.refused),
    "registration": Kind(registrations.prepare, registrations.sent, registrations.refused),
    "invitation": Kind(invitations.prepare, invitations.sent, invitations.refused),
    "email_change": Kind(email_changes.prepare, refused=email_changes.refused),
    "email_changed": Kind(email_changes.notice),
}


def prune() -> None:
    """Takes expired revocations, old sessions and spent keys away."""
    with db.transaction() as session:
        trust.prune(session, Revocation)
        sessions.prune()
        audit.prune()
        resets.prune()
        registrations.prune()
        email_changes.prune()
        keys.prune(session, current_app.config["SETTINGS"].access_token_seconds)


def mail() -> bool:
    """Sends the mails that are due. Unavailable when no mail is taken at present, which the next call tries again."""
    found = outbox.due()
    worker.JOBS.labels("mail").set(len(found))
    for mail_id in found:
        with db.transaction():
            row = outbox.take(mail_id)
        if row is not None:
            _send(row)
    return bool(found)


def _send(row: Mail) -> None:
    """Sends one mail. What the server says of this one decides about it alone."""
    kind = KINDS[row.kind]
    with db.transaction():
        letter = kind.prepare(row.subject_id)
        if letter is None:
            outbox.drop(row)
    if letter is None:
        return
    try:
        client.send(current_app.config["SETTINGS"], letter.to, letter.subject, letter.text)
    except client.Refused as refusal:
        log.warning("mail was refused for good", kind=row.kind, subject_id=row.subject_id, answer=str(refusal))
        _close(row, kind.refused)
    except client.Delayed as reason:
        log.warning("mail is tried again later", kind=row.kind, subject_id=row.subject_id, answer=str(reason))
        with db.transaction():
            outbox.delay(row)
    except Unavailable:
        with db.transaction():
            outbox.delay(row)
        raise
    else:
        _close(row, kind.sent)


def _close(row: Mail, note: Callable[[int], None]) -> None:
    with db.transaction():
        note(row.subject_id)
        outbox.drop(row)


def main() -> None:
    worker.run(create_app(), [worker.Step("mail", 1, mail), worker.Step("prune", 60, prune)])
