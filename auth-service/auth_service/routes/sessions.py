"""Register, sign in, renew, sign out."""

from typing import Any

from flask import current_app, request

from auth_service import audit, businesses, logins, passwords, registrations, sessions, throttle, users
from auth_service.identities import login_key
from auth_service.models import Session as UserSession
from auth_service.models import User, db
from auth_service.routes import cookies
from auth_service.schemas import (
    ConfirmationOut,
    LoginIn,
    LoginOut,
    LogoutIn,
    ProfileOut,
    RefreshIn,
    RegisterConfirmIn,
    RegisterIn,
    RegisterOut,
    TokensOut,
)
from auth_service.schemas_businesses import BusinessOut
from auth_service.schemas_sessions import SessionOut, SessionPath, SessionsOut
from servicekit import paging
from servicekit.api import Blueprint, no_content, validate_request
from servicekit.auth import actor, person, public
from servicekit.limits import counters, per_address
from servicekit.problems import Invalid, Unauthorized

bp = Blueprint("sessions", __name__)


@bp.post("/api/register/", responses={201: RegisterOut, 202: ConfirmationOut})
@public
@per_address("register_limit")
@validate_request()
def register(body: RegisterIn) -> Any:
    """Make a business and its first admin, signed in; where mail is set up, once the mailed code confirms the address."""
    counters().count(throttle.REGISTRATIONS, login_key(body.email), quietly=True)
    password_hash = passwords.make(
        body.password, body.username, body.email, body.first_name, body.last_name, body.business_name
    )
    wanted = (body.business_name, body.username, body.email, password_hash, body.first_name, body.last_name)
    if current_app.config["SETTINGS"].mails:
        with db.transaction():
            registrations.request(*wanted)
        return ConfirmationOut(email=body.email), 202
    with db.transaction():
        return _registered(businesses.register(*wanted, confirmed=False), body.session)


@bp.post("/api/register/confirm/", responses={201: RegisterOut})
@public
@per_address("register_limit")
@validate_request()
def confirm_registration(body: RegisterConfirmIn) -> Any:
    """Make the business and its first admin, signed in, with the mailed code."""
    with db.transaction():
        return _registered(registrations.confirm(body.code), body.session)


def _registered(user: User, kind: str) -> Any:
    return RegisterOut(**signed_in_answer(user, kind), business=BusinessOut.model_validate(user.business)), 201


@bp.post("/api/login/", responses={200: LoginOut})
@public
@per_address("login_limit")
@validate_request()
def login(body: LoginIn) -> Any:
    """Sign in by user name or e-mail address."""
    attempt = logins.authenticate(body.username, body.password)
    with db.transaction():
        session = logins.sign_in(attempt, body.password, _device())
    if session is None:
        raise Unauthorized("no active account has this name and password")
    return LoginOut(**_tokens(session, body.session), user=ProfileOut.of(session.user))


@bp.post("/api/token/refresh/", responses={200: TokensOut})
@public
@per_address("refresh_limit")
@validate_request()
def refresh_tokens(body: RefreshIn) -> Any:
    """Trade a refresh token for a new pair; each is good once.

    A cookie session sends no body, its cookies, and the header X-CSRF-Token.
    """
    if body.refresh is None and request.get_data():
        raise Invalid(fields={"refresh": "is required in a body"})
    token = body.refresh or cookies.refresh_token()
    counters().count(throttle.RENEWALS, sessions.session_id(token))
    with db.transaction():
        session = sessions.refresh(token)
    if session is None:
        with db.transaction():
            sessions.replayed(token)
        raise Unauthorized("the refresh token was used before", invalid_token=True)
    return TokensOut(**_tokens(session, "token" if body.refresh else "cookie"))


@bp.post("/api/logout/", responses={204: None})
@person
@validate_request()
def logout(body: LogoutIn) -> Any:
    """End this session, or all of them; a cookie session sends the header X-CSRF-Token."""
    if cookies.used():
        cookies.check(actor().session_id)
        cookies.take_back()
    with db.transaction():
        audit.record("logout", actor().business_id, actor().id, everywhere=body.everywhere)
        if body.everywhere:
            sessions.end_all(users.me(actor()))
        else:
            sessions.end_own(actor())
    return no_content()


@bp.get("/api/sessions/", responses={200: SessionsOut})
@person
@validate_request()
def list_sessions(query: paging.PageQuery) -> Any:
    """The caller's own sessions, newest first, with device, address and time."""
    page = sessions.page(actor(), query.cursor, query.page_size)
    return paging.respond_rows(page, SessionsOut, lambda row: SessionOut.of(row, actor().session_id))


@bp.delete("/api/sessions/<session_id>/", responses={204: None})
@person
@validate_request()
def revoke_session(path: SessionPath) -> Any:
    """End one of the caller's own sessions."""
    with db.transaction():
        sessions.revoke(actor(), path.session_id)
    return no_content()


def signed_in_answer(user: User, kind: str) -> dict[str, Any]:
    """The members of the answer to whoever just got an account: a first session's tokens and the user."""
    return {**_tokens(sessions.start(user, _device()), kind), "user": ProfileOut.of(user)}


def _tokens(session: UserSession, kind: str) -> dict[str, str]:
    access = sessions.access_token(session)
    if kind == "cookie":
        return {"access": access, "csrf": cookies.hand_over(session)}
    return {"access": access, "refresh": sessions.refresh_token(session)}


def _device() -> str:
    return request.headers.get("User-Agent", "")
