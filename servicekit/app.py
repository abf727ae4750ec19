"""The wiring that all services share."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask, Response
from flask_openapi import Info

from servicekit import auth, database, health, limits, logs, metrics, migrations, problems
from servicekit.api import App, Blueprint
from servicekit.database import Database
from servicekit.settings import ServiceSettings

VERSION = "1.0.0"
MAX_BODY_BYTES = 1024 * 1024
# For services whose bodies are a few short fields.
SMALL_BODY_BYTES = 64 * 1024


def create(
    import_name: str,
    settings: ServiceSettings,
    db: Database,
    verifier: auth.Verifier,
    blueprints: Sequence[Blueprint],
    prepare: Callable[[Flask], None] | None = None,
    description: str = "",
    max_body_bytes: int = MAX_BODY_BYTES,
    conditional: bool = False,
) -> App:
    """A service: its routes, guarded, with errors, logs, metrics, health, OpenAPI and migrations around them.

    `conditional` says that its writes see to If-Match and Idempotency-Key; those of others refuse them. `prepare` runs once at start, after the migrations and before the first request.
    Raises RuntimeError when a route declares no guard.
    """
    service = import_name.replace("_", "-")
    logs.configure(service, settings.log_level, settings.log_format)
    app = App(
        import_name,
        static_folder=None,
        info=Info(title=service, version=VERSION, description=description),
        security_schemes={"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        validation_error_model=problems.Problem,
        doc_ui=False,
    )
    app.openapi_version = "3.1.0"
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.config.update(MAX_CONTENT_LENGTH=max_body_bytes, SETTINGS=settings, CONDITIONAL=conditional)
    app.extensions["internal_token"] = settings.internal_token.get_secret_value()

    database.configure(app, settings.database_url, settings.database_pool_size)
    db.init_app(app)
    app.extensions["sqlalchemy"] = db
    migrations.register(app, db)
    logs.register(app, service, settings.log_format)
    metrics.register(app)
    problems.register(app)
    health.register(app, db)
    auth.register(app, verifier, settings.jwt_issuer, settings.jwt_audience)
    limits.register(app, settings)
    for blueprint in blueprints:
        app.register_api(blueprint)
    _register_openapi(app)
    app.extensions["prepare"] = prepare or (lambda _: None)

    missing = auth.unguarded(app)
    if missing:
        raise RuntimeError(f"routes without a guard: {', '.join(missing)}")
    return app


def _register_openapi(app: App) -> None:
    @app.get("/openapi.json", doc_ui=False)
    @auth.operational
    def openapi() -> Response:
        return Response(app.json.dumps(app.api_doc), content_type="application/json")


def prepare(app: Flask) -> None:
    """Makes the service ready to serve, one process at a time: migrations, then what the service itself needs."""
    with migrations.alone(app):
        if not migrations.is_current(app):
            migrations.upgrade(app)
        with app.app_context():
            app.extensions["prepare"](app)
    with app.app_context():
        engine: Any = app.extensions["sqlalchemy"].engine
        engine.dispose()
