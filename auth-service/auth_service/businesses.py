"""Tenants: made by registration, changed by their admins."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select

from auth_service import audit, events, identities, users
from auth_service.models import Business, User, db
from servicekit import paging
from servicekit.auth import Actor
from servicekit.permissions import Permission, Role
from servicekit.problems import NotFound
from servicekit.texts import fold


def scoped(actor: Actor) -> Select[tuple[Business]]:
    """The caller's own business; all of them for the platform's operators."""
    found = select(Business).where(Business.status != "deleted")
    if actor.can(Permission.PLATFORM_MANAGE):
        return found
    return found.where(Business.id == actor.tenant)


def get(actor: Actor, business_id: int, lock: bool = False) -> Business:
    """A business that the caller may see; NotFound for any other.

    `lock` is for whoever adds to it or changes it: until the commit nobody else does, renames or deletes it.
    """
    query = scoped(actor).where(Business.id == business_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    business = db.session.scalar(query)
    if business is None:
        raise NotFound("business")
    return business


def page(actor: Actor, q: str | None, cursor: str | None, size: int) -> tuple[Sequence[Business], str | None]:
    """Businesses by id, of those whose names hold the text, and the cursor of the next page."""
    found = scoped(actor)
    if q:
        found = found.where(Business.name_key.contains(fold(q), autoescape=True))
    query = paging.page(found, [paging.Key(Business.id)], cursor, size)
    return paging.cut(db.session.scalars(query).all(), size, "id")


def register(
    name: str, username: str, email: str, password_hash: str, first_name: str, last_name: str, confirmed: bool
) -> User:
    """A business and its first admin, both or neither; `confirmed` as in `users.create`."""
    business = _add(name)
    user = users.create(
        business,
        password_hash,
        username=username,
        email=email,
        role=Role.ADMIN,
        confirmed=confirmed,
        first_name=first_name,
        last_name=last_name,
    )
    audit.record("business.created", business.id, user.id, f"business:{business.id}", name=business.name)
    return user


def create(actor: Actor, name: str) -> Business:
    """A business without anybody in it yet, made by an operator."""
    business = _add(name)
    audit.record("business.created", business.id, actor.id, f"business:{business.id}", name=business.name)
    return business


def _add(name: str) -> Business:
    identities.ensure_business_free(name)
    business = Business()
    identities.name_business(business, name)
    db.session.add(business)
    db.session.flush()
    events.business(db.session(), "created", business)
    return business


def change(actor: Actor, business: Business, name: str | None, settings: dict[str, Any] | None) -> Business:
    """Another name, which the public pages follow through the feed, or other settings; null takes one away."""
    if name is not None and name != business.name:
        _rename(actor, business, name)
    if settings:
        merged = {**business.settings, **settings}
        business.settings = {key: value for key, value in merged.items() if value is not None}
        audit.record("business.settings", business.id, actor.id, f"business:{business.id}", changed=sorted(settings))
    db.session.flush()
    return business


def _rename(actor: Actor, business: Business, name: str) -> None:
    audit.record("business.renamed", business.id, actor.id, f"business:{business.id}", name=[business.name, name])
    identities.ensure_business_free(name, but=business.id)
    identities.name_business(business, name)
    db.session.flush()
    events.business(db.session(), "renamed", business)


# From, to, and what the feed calls it; a business that is there already stays as it is.
MOVES = {"suspend": ("active", "suspended", "suspended"), "restore": ("suspended", "active", "restored")}


def move(actor: Actor, business_id: int, action: str) -> Business:
    """Suspends or restores a business: its tokens are refused everywhere within seconds, or hold again."""
    business = get(actor, business_id, lock=True)
    source, target, event = MOVES[action]
    if business.status == source:
        business.status = target
        audit.record(f"business.{event}", business.id, actor.id, f"business:{business.id}")
        events.business(db.session(), event, business)
    return business


def delete(actor: Actor, business_id: int) -> None:
    """Takes a business away with everybody in it; rows stay as tombstones, names are free again."""
    business = get(actor, business_id, lock=True)
    members = select(User).where(User.business_id == business.id, User.deleted_at.is_(None))
    found = db.session.scalars(members.order_by(User.id).with_for_update(of=User)).all()
    for user in found:
        users.erase(user, actor.id)
    audit.record("business.deleted", business.id, actor.id, f"business:{business.id}", name=business.name)
    events.business(db.session(), "deleted", business)
    business.status = "deleted"
    identities.unname_business(business)
    business.settings = {}
    db.session.flush()
