"""The public signing keys."""

from typing import Any

from flask import jsonify

from auth_service import keys
from auth_service.schemas_sessions import JwksOut
from servicekit.api import Blueprint, validate_request
from servicekit.auth import public

bp = Blueprint("keys", __name__)


@bp.get("/.well-known/jwks.json", responses={200: JwksOut})
@public
@validate_request()
def read_jwks() -> Any:
    """The public keys that access tokens are checked with (RFC 7517)."""
    response = jsonify(keys=keys.published())
    response.headers["Cache-Control"] = "public, max-age=5"
    return response
