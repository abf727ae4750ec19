"""Pages of information of the caller's business: the one entry to them for anything that acts for somebody."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from catalog_service.content import drafts, revisions
from catalog_service.content.kinds import Kind
from catalog_service.models import PAGE_CONTENT, Page, PageRevision, db
from catalog_service.public import public_pages
from catalog_service.review import people
from catalog_service.review.workflow import Action
from servicekit import paging
from servicekit.auth import Actor
from servicekit.problems import Conflict

_NEWEST = (paging.Key(Page.id, descending=True),)


class PageKind(Kind):
    name = "page"
    path = "/api/pages"
    working, revision, owner, content = Page, PageRevision, "page_id", PAGE_CONTENT

    def note(self, item: Page, values: dict[str, Any]) -> None:
        item.words = _words(values)

    def said(self, values: dict[str, Any]) -> dict[str, Any]:
        return values

    def title(self, values: dict[str, Any]) -> str:
        return f"{values['kind']} ({values['language']})"

    def ensure_free(self, business_id: int, values: dict[str, Any], but: int = 0) -> None:
        if but:
            return  # a page never changes its kind and language
        same = select(Page.id).filter_by(
            business_id=business_id, kind=values["kind"], language=values["language"], archived_at=None
        )
        if db.session.scalar(same) is not None:
            raise _taken()

    @contextmanager
    def only_one(self) -> Iterator[None]:
        try:
            yield
        except IntegrityError:
            raise _taken() from None

    def publish(self, session: Session, item: Page, revision: PageRevision) -> None:
        public_pages.publish(session, item, revision)

    def unpublish(self, session: Session, item: Page) -> None:
        public_pages.unpublish(session, item)


KIND = PageKind()


def _taken() -> Conflict:
    return Conflict("there is a page of this kind in this language", fields={"kind": "is taken"}, code="taken")


def _words(values: dict[str, Any]) -> str:
    return revisions.search_text(values["kind"], values["text"])


def page(
    actor: Actor, cursor: str | None, size: int, status: str | None, kind: str | None, language: str | None
) -> tuple[list[dict[str, Any]], str | None]:
    """The business's pages, newest first."""
    wanted = {"status": status, "kind": kind, "language": language}
    equal = [getattr(Page, name) == value for name, value in wanted.items() if value is not None]
    with db.reading() as connection:
        query = paging.page(KIND.shown_rows.where(*equal), _NEWEST, cursor, size)
        accounts = people.accounts(actor, connection)
        rows = connection.execute(query, {"tenant": actor.tenant}).all()
    rows, following = paging.cut(rows, size, "id")
    return [KIND.represent(row, actor, accounts) for row in rows], following


def create(actor: Actor, values: dict[str, Any]) -> int:
    """A new page in draft, its id; Conflict where the business has one of this kind in this language."""
    row = {"kind": values["kind"], "language": values["language"], "words": _words(values)}
    return drafts.begin(KIND, actor, values, row)


def edit(actor: Actor, item: Page, wishes: dict[str, Any]) -> None:
    """A new draft revision with the wished text; a wish for what it says already changes nothing."""
    old = KIND.working_revision(item)
    before = revisions.content(KIND, old)
    values = {**before, **wishes}
    if values != before:
        drafts.renew(KIND, actor, item, old, values, Action.EDIT)
