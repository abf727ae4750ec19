"""catalog-service on one database, called without a server."""

import io
from pathlib import Path
from typing import Any

import orjson

from servicekit import app as kit
from tests.builders import INTERNAL_TOKEN, Signer

SIGNER = Signer()
PEOPLE = (101, 102, 201, 202)  # an editor and an approver of each of two businesses


def create(url: str, folder: Path) -> Any:
    """The application on that database, which is migrated, with its index in that folder."""
    from catalog_service import create_app

    settings = {"internal_token": INTERNAL_TOKEN, "log_level": "error", "write_limit": "1000000/minute"}
    app = create_app({"database_url": url, "search_folder": folder, **settings})
    kit.prepare(app)
    return app


class Service:
    """The application, and two people of business 1."""

    def __init__(self, url: str, count: int, folder: Path) -> None:
        from catalog_service.models import TrustedKey, User, db

        self.url, self.count, self.folder = url, count, folder
        self.app = create(url, folder)
        with self.app.app_context(), db.transaction() as session:
            session.merge(TrustedKey(kid=SIGNER.kid, jwk=SIGNER.jwk))
            for number in PEOPLE:
                session.merge(User(id=number, business_id=number // 100, name=""))
        self.editor = SIGNER.token(sub="101", business_id=1, role="editor", sid="bench-1")
        self.approver = SIGNER.token(sub="102", business_id=1, role="approver", sid="bench-2")

    def call(self, method: str, address: str, token: str | None = None, body: Any = None) -> tuple[Any, bytes, str]:
        """Status, body and next link of one request."""
        path, _, query = address.partition("?")
        raw = orjson.dumps(body) if body is not None else b""
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "bench",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(raw),
            "CONTENT_LENGTH": str(len(raw)),
            "CONTENT_TYPE": "application/json" if raw else "",
        }
        if token:
            environ["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        seen: dict[str, Any] = {}

        def start(status: str, headers: list[tuple[str, str]], *_: Any) -> Any:
            seen.update(status=int(status[:3]), link=dict(headers).get("Link", ""))

        answer = self.app.wsgi_app(environ, start)
        content = b"".join(answer)
        answer.close()
        return seen["status"], content, seen["link"].split(">")[0].lstrip("<")

    def index(self) -> None:
        """Brings the index up to date, as the worker does."""
        from catalog_service.worker import indexer

        follower = indexer(self.app)
        with self.app.app_context():
            while follower.step():
                continue
        follower.writer.close()
        self.app.extensions["search"].look_again()
