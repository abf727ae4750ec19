"""A small service on servicekit, made for these tests: a table of notes with routes around it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import current_app
from pydantic import Field
from sqlalchemy import String, insert, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from servicekit import app as kit
from servicekit import feeds, paging, trust
from servicekit.api import Blueprint, Body, Out, RowId, no_content, validate_request
from servicekit.auth import Verifier, actor, internal, public, requires, signed_in
from servicekit.database import Database, Id, metadata
from servicekit.permissions import Permission
from servicekit.problems import Conflict
from servicekit.settings import ServiceSettings
from tests.builders import INTERNAL_TOKEN, Signer


class Base(DeclarativeBase):
    metadata = metadata()


db = Database(Base)


class Note(db.Model):
    __tablename__ = "notes"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    text: Mapped[str] = mapped_column(String(50), unique=True)


class Event(feeds.EventColumns, db.Model):
    pass


class FeedHead(feeds.FeedHeadColumns, db.Model):
    pass


class Cursor(feeds.CursorColumns, db.Model):
    pass


class Revocation(trust.RevocationColumns, db.Model):
    pass


class TrustedKey(trust.TrustedKeyColumns, db.Model):
    pass


class NoteIn(Body):
    text: str = Field(min_length=1, max_length=50)
    stars: int = Field(0, ge=0, le=5, strict=True)


class NoteOut(Out):
    id: int
    text: str


class NotePath(Body):
    note_id: RowId


def blueprint() -> Blueprint:
    bp = Blueprint("notes", __name__)

    @bp.get("/api/notes/")
    @public
    @validate_request()
    def list_notes(query: paging.PageQuery) -> Any:
        """All notes, newest first."""
        order = [paging.Key(Note.id, descending=True)]
        rows = db.session.scalars(paging.page(select(Note), order, query.cursor, query.page_size)).all()
        page, following = paging.cut(rows, query.page_size, "id")
        return paging.respond(str([note.id for note in page]), following)

    @bp.post("/api/notes/", responses={201: NoteOut})
    @requires(Permission.PRODUCT_WRITE)
    @validate_request()
    def create_note(body: NoteIn) -> Any:
        """Write a note."""
        with db.transaction() as session:
            note = Note(text=body.text)
            session.add(note)
            session.flush()
            if body.text == "explode":
                raise ZeroDivisionError("secret detail")
            if body.text == "clash":
                raise Conflict("clash", allowed_actions=["withdraw"])
        return NoteOut.model_validate(note), 201

    @bp.get("/api/notes/<int:note_id>/")
    @signed_in
    @validate_request()
    def read_note(path: NotePath) -> Any:
        """Who reads what."""
        return {"id": path.note_id, "reader": actor().id}

    @bp.get("/internal/ping")
    @internal
    @validate_request()
    def ping() -> Any:
        """For services."""
        return no_content()

    return bp


@pytest.fixture
def make_service(tmp_path: Path, signer: Signer) -> Iterator[Callable[..., Any]]:
    """make_service(*blueprints): the service on SQLite with its tables made and the signer's key trusted."""
    apps = []

    def make(*extra: Blueprint, **settings: Any) -> Any:
        loaded = ServiceSettings.load(
            {"database_url": f"sqlite:///{tmp_path / 'notes.db'}", "internal_token": INTERNAL_TOKEN, **settings}
        )
        remote = trust.RemoteKeys(db, TrustedKey, None)  # type: ignore[arg-type]
        found = trust.Trust(db, Revocation, remote.load)
        feed = feeds.blueprint(db, feeds.Feed(Event, FeedHead))
        app = kit.create(
            "tests", loaded, db, Verifier(found, found.revoked), [blueprint(), feed, *extra], description="notes"
        )
        with app.app_context():
            db.create_all()
            with db.transaction() as session:
                session.execute(insert(TrustedKey).values(kid=signer.kid, jwk=signer.jwk))
        apps.append(app)
        return app

    yield make
    for app in apps:
        with app.app_context():
            current_app.extensions["sqlalchemy"].session.remove()
            current_app.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture
def service(make_service: Any) -> Any:
    return make_service()


@pytest.fixture
def client(service: Any) -> Any:
    return service.test_client()
