"""Service accounts: a partner's programs, with scopes, an expiry and secrets that can be replaced without a gap."""

import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import Select, select

from auth_service import audit, businesses, codes, events, locking, sessions, users
from auth_service.models import ServiceAccount, ServiceSecret, User, db
from servicekit import paging
from servicekit.auth import Actor
from servicekit.database import now
from servicekit.permissions import SCOPES, Permission, Role
from servicekit.problems import Invalid, NotFound

CLIENT_ID = re.compile(r"sa_[0-9a-f]{24}")
MOST_SECRETS = 2


def scoped(actor: Actor) -> Select[tuple[ServiceAccount]]:
    """The service accounts of the caller's business."""
    here = ServiceAccount.business_id == actor.tenant
    return select(ServiceAccount).where(here, ServiceAccount.deleted_at.is_(None))


def get(actor: Actor, account_id: int, lock: bool = False) -> ServiceAccount:
    """One of them; NotFound for any other. `lock` holds the business as well."""
    query = scoped(actor).where(ServiceAccount.id == account_id)
    if lock:
        locking.business(actor.tenant)
        query = query.with_for_update(of=ServiceAccount, key_share=True)
    account = db.session.scalar(query)
    if account is None:
        raise NotFound("service account")
    return account


def page(actor: Actor, cursor: str | None, size: int) -> tuple[Sequence[ServiceAccount], str | None]:
    """Service accounts by id, and the cursor of the next page."""
    query = paging.page(scoped(actor), [paging.Key(ServiceAccount.id)], cursor, size)
    return paging.cut(db.session.scalars(query).all(), size, "id")


def create(actor: Actor, name: str, scopes: Sequence[str], expires_at: datetime | None) -> tuple[ServiceAccount, str]:
    """A new account and its secret, which nobody can read again."""
    _check(scopes, expires_at)
    businesses.get(actor, actor.tenant, lock=True)
    client_id = f"sa_{secrets.token_hex(12)}"
    user = _user(actor, name, client_id)
    account = ServiceAccount(
        user=user,
        business_id=actor.tenant,
        client_id=client_id,
        scopes=" ".join(sorted(set(scopes))),
        created_by=actor.id,
        expires_at=expires_at,
    )
    db.session.add(account)
    db.session.flush()
    secret = _add_secret(account)
    target = f"service_account:{account.id}"
    audit.record("service_account.created", actor.tenant, actor.id, target, name=name, scopes=account.scopes)
    return account, secret


def _check(scopes: Sequence[str], expires_at: datetime | None) -> None:
    may = frozenset[Permission]().union(*(SCOPES[scope] for scope in scopes))
    wrong = {}
    if {Permission.PRODUCT_WRITE, Permission.PRODUCT_APPROVE} <= may:
        wrong["scopes"] = "writing and approving never go together"
    if expires_at is not None and (expires_at.tzinfo is None or expires_at <= now()):
        wrong["expires_at"] = "must be a time in the future, with its zone"
    if wrong:
        raise Invalid(fields=wrong)


def _user(actor: Actor, name: str, client_id: str) -> User:
    """The user that the account acts as. It has no password and no address that mail could reach."""
    user = User(
        business_id=actor.tenant,
        username=client_id,
        username_key=client_id,
        email=f"{client_id}@service.invalid",
        email_key=f"{client_id}@service.invalid",
        first_name=name,
        role=Role.SERVICE,
        password_hash="",
        controllers=[actor.id],
    )
    db.session.add(user)
    db.session.flush()
    events.user(db.session(), "created", user)
    return user


def _add_secret(account: ServiceAccount) -> str:
    secret, secret_hash = codes.make()
    account.secrets.append(ServiceSecret(secret_hash=secret_hash))
    db.session.flush()
    return secret


def rotate(actor: Actor, account_id: int, overlap_hours: int) -> tuple[ServiceAccount, str]:
    """Another secret; the newest earlier one works for the overlap, older ones end now.

    A secret takes its tokens with it. Whoever has seen one controls the account from now on, also when it has ended: what
    they made stays.
    """
    account = get(actor, account_id, lock=True)
    until = now() + timedelta(hours=overlap_hours)
    for secret in account.secrets[-1:]:
        secret.expires_at = min(secret.expires_at or until, until)
    ending = account.secrets[: 1 - MOST_SECRETS] if overlap_hours else account.secrets[:]
    for secret in ending:
        db.session.delete(secret)
    events.sessions_revoked(db.session(), [session_id(account, secret) for secret in ending])
    db.session.flush()
    db.session.refresh(account)
    new = _add_secret(account)
    if actor.id not in account.user.controllers:
        account.user.controllers = [*account.user.controllers, actor.id]
        events.user(db.session(), "changed", account.user)
    audit.record("service_account.rotated", actor.tenant, actor.id, f"service_account:{account.id}")
    return account, new


def delete(actor: Actor, account_id: int) -> None:
    """Takes the account away; its tokens are refused everywhere within seconds."""
    account = get(actor, account_id, lock=True)
    audit.record("service_account.deleted", actor.tenant, actor.id, f"service_account:{account.id}", name=account.name)
    account.deleted_at = now()
    for secret in account.secrets:
        db.session.delete(secret)
    users.erase(account.user, actor.id)


def find(client_id: str) -> ServiceAccount | None:
    """The account of that id which may get tokens now; nobody replaces its secrets or deletes it until the commit."""
    if not CLIENT_ID.fullmatch(client_id):
        return None
    query = select(ServiceAccount).filter_by(client_id=client_id, deleted_at=None)
    account = db.session.scalar(query.with_for_update(of=ServiceAccount, key_share=True))
    if account is None or not sessions.can_sign_in(account.user):
        return None
    return None if account.expires_at and account.expires_at <= now() else account


def session_id(account: ServiceAccount, secret: ServiceSecret) -> str:
    """What the tokens that a secret gets are ended by."""
    # Not by its number, which SQLite gives anew when the last row is gone.
    return f"{account.client_id}.{secret.secret_hash[:16]}"


def prove(account: ServiceAccount, secret: str) -> ServiceSecret | None:
    """That one of the account's secrets, if it still works; its use is noted, a wrong one audited."""
    digest = codes.digest(secret)
    for found in account.secrets:
        if found.secret_hash == digest and (found.expires_at is None or found.expires_at > now()):
            found.last_used_at = now()
            return found
    audit.record("service_account.refused", account.business_id, None, f"service_account:{account.id}")
    return None


def token(account: ServiceAccount, secret: ServiceSecret, scope: str) -> tuple[str, int]:
    """An access token for these scopes, and the seconds that it lives: never past the account's end or the secret's."""
    seconds = int(current_app.config["SETTINGS"].access_token_seconds)
    for end in (account.expires_at, secret.expires_at):
        if end:
            seconds = min(seconds, max(1, int((end - now()).total_seconds())))
    account.last_used_at = now()
    audit.record(
        "service_account.token", account.business_id, account.user_id, f"service_account:{account.id}", scope=scope
    )
    client = {"client_id": account.client_id, "scope": scope}
    return sessions.sign(account.user, session_id(account, secret), seconds, **client), seconds
