"""Who asks: the account of the token, else the holder of a conversation secret."""

from flask import Response, current_app, request

from chat_service import conversations
from chat_service.models import db
from chat_service.owners import SECRET, Owner, new_secret
from servicekit.auth import caller

COOKIE = "vetted_chat"
HEADER = "X-Conversation-Token"


def asker(token: str | None) -> Owner:
    """Who asks; a shopper without a secret gets one."""
    found = owner(token)
    return found if found.actor or found.secret else Owner(secret=new_secret())


def owner(token: str | None = None) -> Owner:
    """Whose conversations. Someone who signs in while holding a secret takes theirs along."""
    secret = token or request.headers.get(HEADER) or request.cookies.get(COOKIE) or ""
    actor = caller()
    valid = secret if SECRET.fullmatch(secret) else None
    if actor is None:
        return Owner(secret=valid)
    if valid:
        with db.transaction():
            conversations.merge(actor, valid)
    return Owner(actor=actor)


def remember(response: Response, secret: str | None) -> Response:
    """Hands the secret over as a cookie that no script can read; takes a merged one away."""
    path, secure = "/api", request.headers.get("X-Forwarded-Proto") == "https"
    if secret:
        days = current_app.config["SETTINGS"].chat_anonymous_retention_days
        response.set_cookie(
            COOKIE, secret, max_age=days * 86400, path=path, secure=secure, httponly=True, samesite="Strict"
        )
    elif COOKIE in request.cookies and caller():
        response.delete_cookie(COOKIE, path=path, secure=secure, httponly=True, samesite="Strict")
    return response
