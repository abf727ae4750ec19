"""chat-service: the shopping assistant and its history."""

from collections.abc import Mapping
from typing import Any

from chat_service import cli
from chat_service.assistant import Assistant
from chat_service.clients.model import Model
from chat_service.models import Revocation, TrustedKey, db
from chat_service.routes import BLUEPRINTS
from chat_service.settings import Settings
from servicekit import app as kit
from servicekit.api import App
from servicekit.auth import Verifier
from servicekit.neighbours import Neighbour
from servicekit.trust import RemoteKeys, Trust


def create_app(overrides: Mapping[str, Any] | None = None) -> App:
    """The application; settings come from the environment, `overrides` win over it."""
    settings = Settings.load(overrides)
    # The keys are public: a service credential sent along would be refused as a bad token.
    remote = RemoteKeys(db, TrustedKey, Neighbour("auth-service", str(settings.auth_url)))
    trust = Trust(db, Revocation, remote.load, remote.fetch)
    verifier, limit = Verifier(trust, trust.revoked), kit.SMALL_BODY_BYTES
    app = kit.create(__name__, settings, db, verifier, BLUEPRINTS, description=__doc__ or "", max_body_bytes=limit)
    app.extensions["remote_keys"] = remote
    catalog = Neighbour("catalog-service", str(settings.catalog_url), pool=64, read_seconds=2.0)
    app.extensions["assistant"] = Assistant(catalog, Model(settings), settings.chat_catalog_seconds)
    cli.register(app)
    return app
