"""/healthz: the process lives. /readyz: it can do its work."""

from flask import Response
from sqlalchemy import text

from servicekit import migrations
from servicekit.api import App
from servicekit.auth import operational
from servicekit.database import Database
from servicekit.problems import Unavailable


def register(app: App, db: Database) -> None:
    current = {"schema": False}

    @app.get("/healthz", doc_ui=False)
    @operational
    def healthz() -> Response:
        return Response('{"status":"ok"}', content_type="application/json")

    @app.get("/readyz", doc_ui=False)
    @operational
    def readyz() -> Response:
        """Ready when the database answers and has the tables this code needs."""
        with db.reading() as connection:
            connection.execute(text("SELECT 1"))
        if not current["schema"]:
            current["schema"] = migrations.is_current(app)
        if not current["schema"]:
            raise Unavailable("the database is not migrated yet")
        return Response('{"status":"ready"}', content_type="application/json")
