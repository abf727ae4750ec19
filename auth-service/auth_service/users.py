"""People of a business, managed by its admins."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from auth_service import audit, events, identities, locking, passwords, resets, sessions
from auth_service.models import Business, User, db
from servicekit import paging
from servicekit.auth import Actor
from servicekit.database import now
from servicekit.permissions import BUSINESS_ROLES, Role, granted
from servicekit.prepared import Prepared
from servicekit.problems import Conflict, Forbidden, Invalid, NotFound, Unauthorized
from servicekit.texts import fold

OWN_EMAIL = "is changed by its owner alone, at /api/me/email/"

# Core, and made once: asked for at the start of every visit, it would cost the ORM four times what the rest does.
_PROFILE = Prepared(
    select(
        *(User.__table__.c[name] for name in ("id", "username", "email", "email_confirmed", "first_name", "last_name")),
        *(User.__table__.c[name] for name in ("role", "is_active", "business_id", "controllers")),
        Business.name.label("business_name"),
    )
    .select_from(User)
    .outerjoin(Business, Business.id == User.business_id)
    .where(User.id == bindparam("id"), User.deleted_at.is_(None))
)


def scoped(actor: Actor) -> Select[tuple[User]]:
    """The people of the caller's business: the one entry to users for anything that acts for somebody."""
    here = User.business_id == actor.tenant
    return select(User).where(here, User.deleted_at.is_(None), User.role != Role.SERVICE)


def get(actor: Actor, user_id: int, lock: bool = False) -> User:
    """A person of the caller's business; NotFound for anybody else. `lock` holds the business as well."""
    query = scoped(actor).where(User.id == user_id)
    if lock:
        locking.business(actor.tenant)
        query = query.with_for_update(of=User)
    user = db.session.scalar(query)
    if user is None:
        raise NotFound("user")
    return user


def page(actor: Actor, cursor: str | None, size: int) -> tuple[Sequence[User], str | None]:
    """People by id, and the cursor of the next page."""
    query = paging.page(scoped(actor), [paging.Key(User.id)], cursor, size)
    return paging.cut(db.session.scalars(query).all(), size, "id")


def me(actor: Actor, lock: bool = False) -> User:
    """The caller's own account."""
    user = locking.user(actor.business_id, actor.id) if lock else db.session.get(User, actor.id)
    if user is None or user.deleted_at is not None:
        raise _gone()
    return user


def _gone() -> Unauthorized:
    return Unauthorized("this account is gone", invalid_token=True)


def profile(actor: Actor) -> Any:
    """What the caller's own account says of itself: a row to read alone, with `business_name`."""
    with db.reading() as connection:
        row = _PROFILE.first(connection, {"id": actor.id})
    if row is None:
        raise _gone()
    return row


def create(
    business: Business | None,
    password_hash: str,
    *,
    username: str,
    email: str,
    role: str,
    confirmed: bool,
    by: int | None = None,
    **profile: str,
) -> User:
    """A new active user; Conflict when the name or the address is taken.

    `confirmed` says whether a mailed code has proved that the address is the owner's; else it is a claim. `by` is who chose the password where that is not the owner: they control the account until the owner sets another.
    """
    email = identities.normal_email(email)
    identities.ensure_own(username, email, confirmed)
    business_id = business.id if business else None
    identities.ensure_free(username, email, confirmed=confirmed, business_id=business_id)
    user = User(
        business=business,
        business_id=business_id,
        role=role,
        password_hash=password_hash,
        email_confirmed=confirmed,
        controllers=[by] if by else [],
        **profile,
    )
    identities.rename(user, username, email)
    db.session.add(user)
    db.session.flush()
    audit.record("user.created", user.business_id, by or user.id, f"user:{user.id}", username=user.username, role=role)
    events.user(db.session(), "created", user)
    return user


def hand_out(actor: Actor, role: str) -> None:
    """Forbidden when a role is above the caller's own, Invalid when it is not one of a business."""
    ensure_may_hand_out(actor.role, role)


def ensure_may_hand_out(own: str, role: str) -> None:
    """A role is given by those who may all that it may, and by the platform's operators."""
    if role not in BUSINESS_ROLES:
        raise Invalid(fields={"role": f"must be one of {', '.join(BUSINESS_ROLES)}"})
    if own != Role.OPERATOR and not granted(role) <= granted(own):
        raise Forbidden("nobody hands out a role above their own")


def change(actor: Actor, user: User, changes: dict[str, Any]) -> User:
    """Applies an admin's or the owner's changes to a locked account; role and state obey the last-admin rule.

    Forbidden for another address: its owner changes that with the password and a code (`email_changes`).
    """
    if fold(changes.pop("email", user.email)) != user.email_key:
        raise Forbidden(fields={"email": OWN_EMAIL}, detail=f"an e-mail address {OWN_EMAIL}")
    role, is_active = changes.get("role", user.role), changes.get("is_active", user.is_active)
    if (role, is_active) != (user.role, user.is_active):
        if user.id == actor.id:
            raise Forbidden("nobody changes their own role or state")
        hand_out(actor, role)
        if role != Role.ADMIN or not is_active:
            _keep_an_admin(user)
        user.token_version += 1
    before = {name: getattr(user, name) for name in changes}
    username = changes.get("username", user.username)
    # Also in another case only: capitals may look like another's name where small letters did not.
    if username != user.username:
        identities.ensure_own(username, user.email, user.email_confirmed)
        identities.ensure_free(username, but=user.id)
        identities.rename(user, username, user.email)
    for name, value in changes.items():
        setattr(user, name, value)
    db.session.flush()
    changed = {name: [before[name], value] for name, value in changes.items() if before[name] != value}
    if changed:
        audit.record("user.changed", user.business_id, actor.id, f"user:{user.id}", **changed)
    if not user.is_active:
        sessions.end_all(user)
    events.user(db.session(), "changed", user)
    return user


def names(user: User) -> tuple[str, ...]:
    """What a password of this account must not be made of."""
    return user.username, user.email, user.first_name, user.last_name, user.business_name or ""


def change_password(actor: Actor, old_password: str, old_hash: str, password_hash: str) -> None:
    """Stores the new hash, spends all codes and ends every other session.

    Invalid when the old password is not the present one any more.
    """
    user = me(actor, lock=True)
    # A sign-in may have replaced the hash by a stronger one: the password is checked again, which is seldom, and slow.
    if user.password_hash != old_hash and not passwords.verify(old_password, user.password_hash):
        raise Invalid(fields={"old_password": "is not the present password"})
    user.password_hash = password_hash
    resets.spend(user)
    audit.record("password.changed", user.business_id, user.id, f"user:{user.id}")
    sessions.end_all(user, keep=actor.session_id)


def delete(actor: Actor, user: User) -> None:
    """Takes the account away; its row stays without personal data, so that authorship keeps its number."""
    if user.id == actor.id:
        raise Forbidden("nobody deletes their own account")
    _keep_an_admin(user)
    erase(user, actor.id)


def erase(user: User, by: int) -> None:
    """The account without its person: signed out, unnamed, its number kept."""
    audit.record("user.deleted", user.business_id, by, f"user:{user.id}", username=user.username, role=user.role)
    sessions.end_all(user)
    user.deleted_at, user.is_active, user.token_version = now(), False, user.token_version + 1
    identities.unname(user)
    user.first_name = user.last_name = user.password_hash = ""
    db.session.flush()
    events.user(db.session(), "deleted", user)


def create_operator(password_hash: str, *, username: str, email: str) -> User:
    """A platform operator, who belongs to no business. Only the command line makes one."""
    return create(None, password_hash, username=username, email=email, role=Role.OPERATOR, confirmed=True)


def _keep_an_admin(user: User) -> None:
    """Conflict when no other active admin would be left; of two who take each other down one waits for the business."""
    if user.role != Role.ADMIN or not user.is_active:
        return
    others = select(func.count()).where(
        User.business_id == user.business_id, User.role == Role.ADMIN, User.is_active, User.id != user.id
    )
    if not db.session.scalar(others):
        raise Conflict("the last active admin of a business stays", code="last_admin")
