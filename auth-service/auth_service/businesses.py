"""Tenants: made by registration, changed by their admins."""

from collections.abc import Sequence

from sqlalchemy import Select, select

from auth_service import audit, events, users
from auth_service.models import Business, User, db
from auth_service.names import fold
from servicekit import paging
from servicekit.auth import Actor
from servicekit.permissions import Permission, Role
from servicekit.problems import Conflict, Invalid, NotFound


def scoped(actor: Actor) -> Select[tuple[Business]]:
    """The caller's own business; all of them for the platform's operators."""
    found = select(Business).where(Business.status != "deleted")
    if actor.can(Permission.PLATFORM_MANAGE):
        return found
    return found.where(Business.id == actor.tenant)


def get(actor: Actor, business_id: int) -> Business:
    """A business that the caller may see; NotFound for any other."""
    business = db.session.scalar(scoped(actor).where(Business.id == business_id))
    if business is None:
        raise NotFound("business")
    return business


def page(actor: Actor, cursor: str | None, size: int) -> tuple[Sequence[Business], str | None]:
    query = paging.page(scoped(actor), [paging.Key(Business.id)], cursor, size)
    return paging.cut(db.session.scalars(query).all(), size, "id")


def register(
    name: str, username: str, email: str, password_hash: str, first_name: str = "", last_name: str = ""
) -> User:
    """A business and its first admin, both or neither."""
    business = Business(name=name, name_key=_free_key(name))
    db.session.add(business)
    db.session.flush()
    events.business(db.session(), "created", business)
    user = users.create(
        business,
        password_hash,
        username=username,
        email=email,
        role=Role.ADMIN,
        first_name=first_name,
        last_name=last_name,
    )
    audit.record("business.created", business.id, user.id, f"business:{business.id}", name=business.name)
    return user


def rename(actor: Actor, business: Business, name: str) -> Business:
    """Gives the business another name; the public name follows through the feed."""
    audit.record("business.renamed", business.id, actor.id, f"business:{business.id}", name=[business.name, name])
    business.name, business.name_key = name, _free_key(name, but=business.id)
    db.session.flush()
    events.business(db.session(), "renamed", business)
    return business


def _free_key(name: str, but: int = 0) -> str:
    key = fold(name)
    if not key:
        raise Invalid(fields={"business_name": "must not be blank"})
    if db.session.scalar(select(Business.id).where(Business.name_key == key, Business.id != but)):
        raise Conflict("a business of this name is here already", fields={"business_name": "is taken"}, code="taken")
    return key
