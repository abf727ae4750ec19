"""catalog-service: products, their review, and the public catalogue."""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from catalog_service import cli
from catalog_service.models import Revocation, TrustedKey, db
from catalog_service.public import projection
from catalog_service.routes import BLUEPRINTS
from catalog_service.search import engines
from catalog_service.search.synonyms import BUILT_IN, Synonyms
from catalog_service.settings import Settings
from servicekit import app as kit
from servicekit.api import App
from servicekit.auth import Verifier
from servicekit.bulkhead import Bulkhead
from servicekit.neighbours import Neighbour
from servicekit.trust import RemoteKeys, Trust


def create_app(overrides: Mapping[str, Any] | None = None) -> App:
    """The application; settings come from the environment, `overrides` win over it."""
    settings = Settings.load(overrides)
    auth = Neighbour("auth-service", str(settings.auth_url), settings.internal_token.get_secret_value())
    keys = RemoteKeys(db, TrustedKey, auth)
    trust = Trust(db, Revocation, keys.load, keys.fetch)
    verifier, words = Verifier(trust, trust.revoked), __doc__ or ""
    app = kit.create(__name__, settings, db, verifier, BLUEPRINTS, prepare, words, conditional=True)
    app.extensions["auth"] = auth
    app.extensions["remote_keys"] = keys
    app.extensions["counting"] = Bulkhead()
    app.extensions["synonyms"] = Synonyms([BUILT_IN, *([settings.search_synonyms] if settings.search_synonyms else [])])
    app.extensions["search"] = engines.reader(settings)
    projection.register(app, db, settings.public_database_url, settings.database_pool_size)
    cli.register(app)
    return app


def prepare(app: Flask) -> None:
    projection.grant(app, db)
