"""What auth-service's feed changes here: names, and whether a business may be seen."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from catalog_service.models import AccountController, Business, User
from catalog_service.public import public_pages, storefronts

FORMER = "former member"


def _business(session: Session, data: dict[str, Any]) -> Business:
    row = session.get(Business, data["business_id"])
    if row is None:
        row = Business(id=data["business_id"], name=data["name"], status="active")
        session.add(row)
    return row


def named(session: Session, data: dict[str, Any]) -> None:
    """A business is new or has another name."""
    _business(session, data).name = data["name"]
    session.flush()
    storefronts.rename(session, data["business_id"])


def _becomes(status: str, *then: Callable[[Session, int], None]) -> Callable[[Session, dict[str, Any]], None]:
    def apply(session: Session, data: dict[str, Any]) -> None:
        business = _business(session, data)
        if business.status == status:
            return
        business.status = status
        session.flush()
        for step in then:
            step(session, business.id)

    return apply


def person(session: Session, data: dict[str, Any]) -> None:
    """A person is new or has another name, or others can act through the account."""
    _person(session, data, data["name"], data["username"])


def left(session: Session, data: dict[str, Any]) -> None:
    """A person's account was deleted: what they wrote stays, their name does not."""
    _person(session, data, FORMER, "")


def _person(session: Session, data: dict[str, Any], name: str, username: str) -> None:
    row = session.get(User, data["user_id"]) or User(id=data["user_id"])
    row.business_id, row.name, row.username = data["business_id"], name, username
    row.version = data["token_version"]
    session.add(row)
    session.flush()
    # An event of an earlier version says nothing of them.
    if "controllers" in data:
        session.execute(delete(AccountController).filter_by(user_id=row.id))
        session.add_all(AccountController(user_id=row.id, controller_id=other) for other in data["controllers"])
        session.flush()


HANDLERS = {
    "business.created": named,
    "business.renamed": named,
    "business.suspended": _becomes("suspended", storefronts.hide, public_pages.hide),
    "business.restored": _becomes("active", storefronts.show, public_pages.show),
    "business.deleted": _becomes("deleted", storefronts.hide, public_pages.hide),
    "user.created": person,
    "user.changed": person,
    "user.deleted": left,
}
