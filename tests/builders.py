"""Values for tests: keyword-only, sensible defaults."""

import itertools
import time
from typing import Any

import jwt
from joserfc.jwk import ECKey

INTERNAL_TOKEN = "the-credential-of-services-in-tests-long-enough"
PASSWORD = "plum-tree & lantern 7"
_numbers = itertools.count(1)


class Signer:
    """A key pair and the tokens that auth-service would sign with it."""

    def __init__(self) -> None:
        self.key = ECKey.generate_key("P-256", auto_kid=True)
        self.kid = str(self.key.kid)
        self.jwk: dict[str, Any] = {**self.key.as_dict(private=False), "use": "sig", "alg": "ES256"}

    def token(self, headers: dict[str, Any] | None = None, **claims: Any) -> str:
        """An access token; claims given as None are left out."""
        issued = int(time.time())
        full = {
            "iss": "vetted-auth",
            "aud": "vetted",
            "sub": "1",
            "iat": issued,
            "nbf": issued,
            "exp": issued + 600,
            "jti": f"jti-{next(_numbers)}",
            "type": "access",
            "business_id": 1,
            "role": "viewer",
            "sid": "session-1",
            "ver": 1,
            **claims,
        }
        full = {name: value for name, value in full.items() if value is not None or name == "business_id"}
        return jwt.encode(full, self.key.private_key, "ES256", {"typ": "at+jwt", "kid": self.kid, **(headers or {})})

    def headers(self, **claims: Any) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(**claims)}"}


def account(**changes: str) -> dict[str, str]:
    """A registration that nobody else made."""
    number = next(_numbers)
    return {
        "business_name": f"Business {number}",
        "username": f"person{number}",
        "email": f"person{number}@example.org",
        "password": PASSWORD,
        **changes,
    }
