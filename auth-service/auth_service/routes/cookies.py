"""Cookie sessions: the refresh token where no script can read it, and the double submit that guards its use.

`vetted_refresh` is HttpOnly and goes to /api/token/ alone. `vetted_csrf` is readable: a page repeats it in the header
X-CSRF-Token, which a page of another site can neither read nor set. It is signed over the session's id, so that a
cookie planted by a sibling domain does not match. Both are SameSite=Strict, and Secure where the gateway speaks TLS.
"""

import hmac
from typing import Any

from flask import Response, after_this_request, current_app, request

from auth_service import sessions
from auth_service.models import Session
from servicekit.problems import Forbidden, Unauthorized

REFRESH = "vetted_refresh"
REFRESH_PATH = "/api/token"
CSRF = "vetted_csrf"
HEADER = "X-CSRF-Token"


def hand_over(session: Session) -> str:
    """Puts the session's refresh token into its cookie; the CSRF token, for the body."""
    csrf = sessions.csrf_token(session.id)
    lifetime = current_app.config["SETTINGS"].refresh_token_days * 24 * 3600
    same: dict[str, Any] = {"max_age": lifetime, "secure": _tls(), "samesite": "Strict"}
    refresh = sessions.refresh_token(session)

    @after_this_request
    def add(response: Response) -> Response:
        response.set_cookie(REFRESH, refresh, path=REFRESH_PATH, httponly=True, **same)
        response.set_cookie(CSRF, csrf, path="/", **same)
        return response

    return csrf


def take_back() -> None:
    """Has the browser forget both cookies, if it sent one."""
    if not {REFRESH, CSRF} & set(request.cookies):
        return

    @after_this_request
    def remove(response: Response) -> Response:
        response.delete_cookie(REFRESH, path=REFRESH_PATH, httponly=True, secure=_tls(), samesite="Strict")
        response.delete_cookie(CSRF, path="/", secure=_tls(), samesite="Strict")
        return response


def refresh_token() -> str:
    """The refresh token in the cookie; Unauthorized without one, Forbidden unless the CSRF token belongs to it."""
    token = request.cookies.get(REFRESH)
    if not token:
        raise Unauthorized()
    check(sessions.session_id(token))
    return token


def check(session_id: str) -> None:
    """Forbidden unless header and cookie hold this session's CSRF token."""
    for given in (request.headers.get(HEADER, ""), request.cookies.get(CSRF, "")):
        if not hmac.compare_digest(given.encode(), sessions.csrf_token(session_id).encode()):
            raise Forbidden(f"send the value of the cookie {CSRF} in the header {HEADER}", code="csrf")


def used() -> bool:
    """Whether the browser holds a cookie session."""
    return CSRF in request.cookies


def _tls() -> bool:
    return request.headers.get("X-Forwarded-Proto") == "https"
