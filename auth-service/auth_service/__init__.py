"""auth-service: businesses, people, roles, sessions and tokens."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, g

from auth_service import cli, identities, keys
from auth_service.models import Revocation, db
from auth_service.routes import BLUEPRINTS
from auth_service.settings import Settings
from servicekit import app as kit
from servicekit import origin
from servicekit.api import App
from servicekit.auth import Verifier
from servicekit.settings import refusal
from servicekit.trust import Trust


def create_app(overrides: Mapping[str, Any] | None = None) -> App:
    """The application; settings come from the environment, `overrides` win over it."""
    trust = Trust(db, Revocation, keys.load)
    verifier = Verifier(trust, trust.revoked)
    settings, limit = Settings.load(overrides), kit.SMALL_BODY_BYTES
    app = kit.create(__name__, settings, db, verifier, BLUEPRINTS, prepare, __doc__ or "", max_body_bytes=limit)
    app.extensions["flask-jwt-extended"].encode_key_loader(lambda _: g.signing_key)
    app.before_request(origin.remember)
    cli.register(app)
    return app


def prepare(_: Flask) -> None:
    """Makes the first keys and what rows of an earlier version lack; SystemExit when the keys cannot be read."""
    with db.transaction() as session:
        keys.ensure(session)
        identities.complete()
    try:
        keys.signing()
    except ValueError:
        raise refusal(
            "KEY_PASSPHRASE: not the one that the signing keys were encrypted with; `rotate-keys --emergency` makes new ones"
        ) from None
