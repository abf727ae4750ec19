"""Invitations: single use, expiring, at most as mighty as who sent them."""

from collections.abc import Sequence
from datetime import timedelta

from flask import current_app
from sqlalchemy import Select, select

from auth_service import audit, codes, locking, users
from auth_service.models import Business, Invitation, User, db
from servicekit import paging
from servicekit.auth import Actor
from servicekit.database import now
from servicekit.problems import Conflict, DomainError, Invalid, NotFound


def scoped(actor: Actor) -> Select[tuple[Invitation]]:
    """The invitations of the caller's business."""
    return select(Invitation).where(Invitation.business_id == actor.tenant)


def page(actor: Actor, cursor: str | None, size: int) -> tuple[Sequence[Invitation], str | None]:
    """Invitations, newest first, and the cursor of the next page."""
    query = paging.page(scoped(actor), [paging.Key(Invitation.id, descending=True)], cursor, size)
    return paging.cut(db.session.scalars(query).all(), size, "id")


def send(actor: Actor, business: Business, email: str, role: str) -> tuple[Invitation, str]:
    """A new invitation and its code, which nobody can read again; Conflict when the address has an account."""
    users.hand_out(actor, role)
    email = users.normal_email(email)
    users.ensure_free(email=email)
    code, code_hash = codes.make()
    lifetime = timedelta(hours=current_app.config["SETTINGS"].invitation_hours)
    invitation = Invitation(
        business_id=business.id,
        email=email,
        role=role,
        code_hash=code_hash,
        invited_by=actor.id,
        expires_at=now() + lifetime,
    )
    db.session.add(invitation)
    db.session.flush()
    audit.record("invitation.created", business.id, actor.id, f"invitation:{invitation.id}", email=email, role=role)
    return invitation, code


def revoke(actor: Actor, invitation_id: int) -> None:
    """Takes an invitation back; Conflict when it was accepted already, nothing when it is void anyway."""
    locking.business(actor.tenant)
    query = scoped(actor).where(Invitation.id == invitation_id).with_for_update(of=Invitation, key_share=True)
    invitation = db.session.scalar(query)
    if invitation is None:
        raise NotFound("invitation")
    if invitation.accepted_at:
        raise Conflict("the invitation was accepted", code="accepted")
    if invitation.revoked_at is None:
        invitation.revoked_at = now()
        audit.record("invitation.revoked", actor.tenant, actor.id, f"invitation:{invitation.id}")


def find(code: str, lock: bool = False) -> Invitation:
    """The open invitation of that code. Unknown, used, expired and revoked are refused in the same words."""
    query = select(Invitation).where(Invitation.code_hash == codes.digest(code))
    if lock:
        query = query.with_for_update(of=Invitation, key_share=True).execution_options(populate_existing=True)
    invitation = db.session.scalar(query)
    if invitation is None or invitation.state != "open" or not _still_stands(invitation):
        raise Invalid(fields={"code": "is not an open invitation"})
    return invitation


def _still_stands(invitation: Invitation) -> bool:
    """Whether the business is in use and who invited could still do so today."""
    inviter = db.session.get_one(User, invitation.invited_by)
    business = db.session.get_one(Business, invitation.business_id)
    if business.status != "active" or not inviter.is_active:
        return False
    try:
        users.ensure_may_hand_out(inviter.role, invitation.role)
    except DomainError:
        return False
    return inviter.business_id in {None, business.id}


def accept(code: str, password_hash: str, username: str, first_name: str, last_name: str) -> User:
    """The invited person's account; the code is spent."""
    business = locking.business(find(code).business_id)
    invitation = find(code, lock=True)
    user = users.create(
        business,
        password_hash,
        username=username,
        email=invitation.email,
        role=invitation.role,
        first_name=first_name,
        last_name=last_name,
    )
    invitation.accepted_at, invitation.accepted_by = now(), user.id
    audit.record("invitation.accepted", user.business_id, user.id, f"invitation:{invitation.id}")
    return user
