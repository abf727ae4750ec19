"""Mails that wait, of whatever kind: one that is not taken delays itself alone."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update

from auth_service.models import Mail, db
from servicekit.database import now

# Longer than a mail server may take to accept a mail; then another worker takes it that the mail was forgotten.
MAILING_SECONDS = 120
FIRST_DELAY_SECONDS = 5
LONGEST_DELAY_SECONDS = 300


def add(kind: str, subject_id: int) -> None:
    """Has the worker mail what `kind` writes about the row of that number, once the transaction has committed."""
    db.session.add(Mail(kind=kind, subject_id=subject_id))
    db.session.flush()


def due(limit: int = 20) -> Sequence[int]:
    """The mails whose time has come, longest due first."""
    return db.session.scalars(select(Mail.id).where(Mail.due_at <= now()).order_by(Mail.due_at).limit(limit)).all()


def take(mail_id: int) -> Mail | None:
    """The mail, if it is ours to send; of several workers it is one's."""
    taken: Any = db.session.execute(
        update(Mail)
        .where(Mail.id == mail_id, Mail.due_at <= now())
        .values(due_at=now() + timedelta(seconds=MAILING_SECONDS)),
        execution_options={"synchronize_session": False},
    )
    return db.session.get(Mail, mail_id, populate_existing=True) if taken.rowcount else None


def delay(mail: Mail) -> None:
    """It was not taken: it is tried again after a while, each time a longer one."""
    wait = min(LONGEST_DELAY_SECONDS, FIRST_DELAY_SECONDS * 2 ** min(mail.failures, 10))
    values = {"failures": mail.failures + 1, "due_at": now() + timedelta(seconds=wait)}
    db.session.execute(update(Mail).where(Mail.id == mail.id).values(**values))


def drop(mail: Mail) -> None:
    """It has left, was refused for good, or is of no use any more."""
    db.session.execute(delete(Mail).where(Mail.id == mail.id))
