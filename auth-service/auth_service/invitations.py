"""Invitations: single use, expiring, at most as mighty as who sent them; the last one to an address counts."""

from collections.abc import Sequence
from datetime import timedelta

from flask import current_app
from sqlalchemy import Select, select, update

from auth_service import audit, codes, identities, letters, locking, outbox, users
from auth_service.letters import Letter
from auth_service.models import Business, Invitation, User, db
from servicekit import paging
from servicekit.auth import Actor
from servicekit.database import now
from servicekit.problems import Conflict, DomainError, Invalid, NotFound
from servicekit.texts import fold


def scoped(actor: Actor) -> Select[tuple[Invitation]]:
    """The invitations of the caller's business."""
    return select(Invitation).where(Invitation.business_id == actor.tenant)


def page(actor: Actor, cursor: str | None, size: int) -> tuple[Sequence[Invitation], str | None]:
    """Invitations, newest first, and the cursor of the next page."""
    query = paging.page(scoped(actor), [paging.Key(Invitation.id, descending=True)], cursor, size)
    return paging.cut(db.session.scalars(query).all(), size, "id")


def send(actor: Actor, business: Business, email: str, role: str) -> tuple[Invitation, str | None]:
    """A new invitation in place of any earlier one to the address. Its code is mailed; it is here where mail is not set up.

    Conflict for a member of the business. That the address has an account elsewhere does not show: its owner is told.
    """
    users.hand_out(actor, role)
    email = identities.normal_email(email)
    key = fold(email)
    member = select(User.id).where(User.business_id == business.id, User.email_key == key, User.deleted_at.is_(None))
    if db.session.scalar(member):
        raise Conflict("this address is a member's", fields={"email": "is a member's already"}, code="taken")
    _void(business.id, key)
    code, code_hash = codes.make()
    lifetime = timedelta(hours=current_app.config["SETTINGS"].invitation_hours)
    invitation = Invitation(
        business_id=business.id,
        email=email,
        email_key=key,
        role=role,
        code_hash=code_hash,
        invited_by=actor.id,
        expires_at=now() + lifetime,
    )
    db.session.add(invitation)
    db.session.flush()
    by_mail = current_app.config["SETTINGS"].mails
    target = f"invitation:{invitation.id}"
    audit.record("invitation.created", business.id, actor.id, target, email=email, role=role, code_shown=not by_mail)
    if by_mail:
        outbox.add("invitation", invitation.id)
    return invitation, None if by_mail else code


def _void(business_id: int, email_key: str) -> None:
    """Takes the open invitations of a locked business to that address back."""
    of_address = (Invitation.business_id == business_id) & (Invitation.email_key == email_key)
    still_open = Invitation.accepted_at.is_(None) & Invitation.revoked_at.is_(None)
    db.session.execute(
        update(Invitation).where(of_address, still_open).values(revoked_at=now()),
        execution_options={"synchronize_session": "fetch"},
    )


def prepare(invitation_id: int) -> Letter | None:
    """The letter with a code; None for an invitation that does not stand any more.

    To an account of another business it says that it cannot be accepted.
    """
    business_id = db.session.scalar(select(Invitation.business_id).where(Invitation.id == invitation_id))
    if business_id is None:
        return None
    locking.business(business_id)
    invitation = db.session.get_one(Invitation, invitation_id, populate_existing=True)
    if invitation.state != "open" or not _still_stands(invitation):
        return None
    inviter = db.session.get_one(User, invitation.invited_by)
    owner = identities.owner(invitation.email_key or "")
    if owner is not None:
        return letters.invited_elsewhere(invitation, inviter, owner)
    code, invitation.code_hash = codes.make()
    invitation.code_mailed = True
    return letters.invitation(invitation, inviter, code)


def sent(invitation_id: int) -> None:
    """The letter is on its way."""
    invitation = db.session.get_one(Invitation, invitation_id)
    audit.record("invitation.mailed", invitation.business_id, None, f"invitation:{invitation.id}")


def refused(invitation_id: int) -> None:
    """The mail server will not have the address: whoever invited sees it in the list."""
    invitation = db.session.get_one(Invitation, invitation_id)
    audit.record("invitation.undeliverable", invitation.business_id, None, f"invitation:{invitation.id}")
    invitation.refused_at = now()


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
    """The invited person's account; the code is spent, and so are the business's others to the address."""
    business = locking.business(find(code).business_id)
    invitation = find(code, lock=True)
    user = users.create(
        business,
        password_hash,
        username=username,
        email=invitation.email,
        role=invitation.role,
        confirmed=invitation.code_mailed,
        first_name=first_name,
        last_name=last_name,
    )
    invitation.accepted_at, invitation.accepted_by = now(), user.id
    db.session.flush()
    _void(business.id, fold(invitation.email))
    audit.record("invitation.accepted", user.business_id, user.id, f"invitation:{invitation.id}")
    return user
