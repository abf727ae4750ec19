"""Rows are locked in one order, so that nobody waits in a circle.

First a business, then one of its people, then what is theirs (invitations, codes, service accounts, sessions), and the
feed's head at the very end, which `events.publish` sees to. An entry in the audit holds its business and its actor, as
every foreign key does: they are locked, or it is written, before anything that comes later. On SQLite one transaction
writes at a time.
"""

from sqlalchemy import select

from auth_service.models import Business, User, db


def business(business_id: int) -> Business:
    """Lets one transaction at a time decide who is in the business and what they may."""
    query = select(Business).where(Business.id == business_id).with_for_update(key_share=True)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def user(business_id: int | None, user_id: int) -> User | None:
    """The account as it is now, which nobody else changes, names or signs in to until the commit."""
    if business_id is not None:
        db.session.execute(
            select(Business.id).where(Business.id == business_id).with_for_update(read=True, key_share=True)
        )
    query = select(User).where(User.id == user_id).with_for_update(of=User)
    return db.session.scalar(query.execution_options(populate_existing=True))
