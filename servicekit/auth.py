"""Who calls: token check, the caller object and the guards that every route declares."""

import hmac
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Protocol, TypeVar

import jwt
import structlog
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from flask import Flask, current_app, g, request
from flask_jwt_extended import JWTManager, decode_token

from servicekit.permissions import PLATFORM, Permission, Role, granted
from servicekit.problems import DomainError, Forbidden, Unauthorized

log = structlog.get_logger(__name__)

ALGORITHM = "ES256"
TOKEN_TYPE = "at+jwt"  # RFC 9068 section 2.1
MAX_TOKEN_BYTES = 4096
CLOCK_SKEW_SECONDS = 5
# Header members that would let the token choose its own key, and `crit`, which we know no extension of (RFC 7515).
REFUSED_HEADERS = frozenset({"jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256", "crit", "b64"})
# Three parts in base64url without padding; the last character of 64 bytes has two bits that count (RFC 7515, RFC 7518).
TOKEN = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{85}[AQgw]")

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Actor:
    """The verified caller; use cases decide by this and by nothing the request says."""

    id: int
    business_id: int | None
    role: str
    session_id: str
    version: int
    expires_at: float
    permissions: frozenset[Permission]
    client_id: str | None = None

    def can(self, permission: Permission) -> bool:
        return permission in self.permissions

    @property
    def tenant(self) -> int:
        """The business whose data the caller may touch; Forbidden for accounts without one."""
        if self.business_id is None:
            raise Forbidden("this account belongs to no business")
        return self.business_id


class Keys(Protocol):
    """Where public keys come from."""

    def find(self, kid: str) -> EllipticCurvePublicKey | None: ...


@dataclass
class Revoked:
    """What no longer holds before it expires."""

    sessions: frozenset[str] = frozenset()
    users: Mapping[int, int] = field(default_factory=dict)  # user id -> smallest version still good
    businesses: frozenset[int] = frozenset()

    def covers(self, actor: Actor) -> bool:
        return (
            actor.session_id in self.sessions
            or actor.version < self.users.get(actor.id, 0)
            or actor.business_id in self.businesses
        )


class Verifier:
    """Checks tokens; a token seen before costs a look-up, its expiry and revocation are checked every time."""

    def __init__(self, keys: Keys, revoked: Callable[[], Revoked], size: int = 20_000) -> None:
        self.keys = keys
        self._revoked = revoked
        self._size = size
        self._seen: OrderedDict[str, tuple[str, Actor]] = OrderedDict()
        self._lock = threading.Lock()

    def actor(self, token: str) -> Actor:
        """The caller that the token names; Unauthorized for anything wrong with it."""
        found = self._seen.get(token)
        # A key that was withdrawn in an emergency takes its tokens with it at once.
        if found is None or self.keys.find(found[0]) is None:
            found = self._check(token)
            with self._lock:
                self._seen[token] = found
                if len(self._seen) > self._size:
                    self._seen.popitem(last=False)
        actor = found[1]
        if actor.expires_at <= time.time() or self._revoked().covers(actor):
            self._seen.pop(token, None)
            raise Unauthorized("the token is no longer valid", invalid_token=True)
        return actor

    def _check(self, token: str) -> tuple[str, Actor]:
        kid = _kid(token)
        # Outside of what makes a token bad: that a key cannot be looked for says nothing about the token.
        if self.keys.find(kid) is None:
            raise _refused(jwt.InvalidTokenError("unknown key"))
        try:
            return kid, _actor(decode_token(token))
        except DomainError:
            raise
        except Exception as error:
            raise _refused(error) from None


def _kid(token: str) -> str:
    """The id of the key that the token names; Unauthorized for what is no token of ours at the first look."""
    try:
        if len(token) > MAX_TOKEN_BYTES or not TOKEN.fullmatch(token):
            raise jwt.InvalidTokenError("not a token")
        header = jwt.get_unverified_header(token)
        if header.get("typ") != TOKEN_TYPE or header.get("alg") != ALGORITHM or REFUSED_HEADERS & header.keys():
            raise jwt.InvalidTokenError("header not acceptable")
        return str(header.get("kid"))
    except Exception as error:
        raise _refused(error) from None


def _refused(error: Exception) -> Unauthorized:
    log.info("token refused", reason=type(error).__name__)
    return Unauthorized("the token is not valid", invalid_token=True)


def _actor(claims: Mapping[str, Any]) -> Actor:
    business_id = claims.get("business_id")
    if not (business_id is None or type(business_id) is int):
        raise jwt.InvalidTokenError("business_id")
    # PyJWT reads numbers out of texts, and takes a token that was never issued.
    if not all(type(claims.get(name)) in (int, float) for name in ("exp", "iat")) or type(claims["ver"]) is not int:
        raise jwt.InvalidTokenError("claims missing")
    return Actor(
        id=int(claims["sub"]),
        business_id=business_id,
        role=str(claims.get("role", "")),
        session_id=str(claims["sid"]),
        version=claims["ver"],
        expires_at=float(claims["exp"]),
        permissions=granted(str(claims.get("role", "")), claims.get("scope")),
        client_id=claims.get("client_id"),
    )


def register(app: Flask, verifier: Verifier, issuer: str, audience: str) -> None:
    """Sets flask-jwt-extended up to check ES256 tokens of one issuer for one audience."""
    app.config.update(
        JWT_ALGORITHM=ALGORITHM,
        JWT_DECODE_ALGORITHMS=[ALGORITHM],
        JWT_DECODE_ISSUER=issuer,
        JWT_DECODE_AUDIENCE=audience,
        JWT_ENCODE_ISSUER=issuer,
        JWT_ENCODE_AUDIENCE=audience,
        JWT_DECODE_LEEWAY=CLOCK_SKEW_SECONDS,
        JWT_TOKEN_LOCATION=["headers"],
        JWT_COOKIE_CSRF_PROTECT=False,
        JWT_PUBLIC_KEY="by kid",  # asks for an asymmetric set-up; the key itself comes from the loader
    )
    manager = JWTManager(app)

    @manager.decode_key_loader
    def key(header: dict[str, Any], _: dict[str, Any]) -> EllipticCurvePublicKey:
        found = verifier.keys.find(str(header.get("kid")))
        if found is None:
            raise jwt.InvalidTokenError("unknown key")
        return found

    app.extensions["verifier"] = verifier


def bearer_token() -> str | None:
    """The one token in the Authorization header (RFC 6750 section 2.1), or None when there is no such header."""
    header = request.headers.get("Authorization")
    if header is None:
        return None
    scheme, _, rest = header.partition(" ")
    token = rest.lstrip(" ")  # RFC 9110 section 11.4 allows more than one blank
    if scheme.lower() != "bearer" or not token or "," in token or " " in token:
        raise Unauthorized("send one bearer token", invalid_token=True)
    return token


def actor() -> Actor:
    """The verified caller of this request."""
    found = caller()
    if found is None:
        raise Unauthorized()
    return found


def caller() -> Actor | None:
    """The verified caller, or None where anonymous is welcome and nobody signed in."""
    if "actor" not in g:
        token = bearer_token()
        g.actor = None if token is None else _in_a_business(current_app.extensions["verifier"].actor(token))
    found: Actor | None = g.actor
    return found


def _in_a_business(found: Actor) -> Actor:
    """The caller; Forbidden, before any query, for a token without a business that is not an operator's."""
    if found.business_id is None and found.role != Role.OPERATOR:
        raise Forbidden("this account belongs to no business")
    return found


def guard(name: str, check: Callable[[], None]) -> Callable[[View], View]:
    """A decorator that runs `check` before anything else and leaves `name` for whoever lists the routes."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            check()
            return view(*args, **kwargs)

        guarded.__guard__ = name  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def requires(*permissions: Permission) -> Callable[[View], View]:
    """Signed in, with one of these permissions; a business account unless the permission is the platform's."""

    def check() -> None:
        who = actor()
        if who.business_id is None and not PLATFORM.intersection(permissions):
            raise Forbidden("this account belongs to no business")
        if not who.permissions.intersection(permissions):
            raise Forbidden(f"this needs the permission {' or '.join(permissions)}")

    return guard(f"requires {' or '.join(permissions)}", check)


def signed_in(view: View) -> View:
    """Anyone with a good token."""
    return guard("signed in", lambda: void(actor()))(view)


def person(view: View) -> View:
    """Anyone with a good token of their own account; a partner's service account has no such things."""

    def check() -> None:
        if actor().client_id is not None:
            raise Forbidden("this is for people, not for service accounts")

    return guard("person", check)(view)


def public(view: View) -> View:
    """Anyone; a bad token is still refused."""
    return guard("public", lambda: void(caller()))(view)


def internal(view: View) -> View:
    """Other services, by the shared service credential."""

    def check() -> None:
        token = bearer_token() or ""
        if not hmac.compare_digest(token.encode(), current_app.extensions["internal_token"].encode()):
            raise Unauthorized("this address is for services")

    return guard("internal", check)(view)


def operational(view: View) -> View:
    """Health and metrics: on the service's own address only, the gateway passes none of them."""
    return guard("operational", lambda: None)(view)


def void(_: object) -> None:
    """Drops a value where only its check mattered."""


def unguarded(app: Flask) -> list[str]:
    """The endpoints that declare no guard; the application refuses to start with any."""
    return sorted(name for name, view in app.view_functions.items() if not hasattr(view, "__guard__"))
