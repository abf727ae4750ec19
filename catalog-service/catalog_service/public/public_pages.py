"""What the public reads of pages of information. Only this module puts them in and takes them out, from approved revisions.

A business has few, so they come and go with it at once.
"""

from typing import Any

from sqlalchemy import Connection, bindparam, delete, exists, or_, select
from sqlalchemy.orm import Session

from catalog_service.models import Listing, ListingBusiness, ListingMark, Page, PageRevision, PublicPage
from catalog_service.public import changes, documents, listings
from servicekit.api import rfc3339
from servicekit.database import now

# In the order in which shoppers ask for them, and pages show them.
KINDS = ("shipping", "returns", "payment", "contact", "about")

_HIDDEN = select(ListingMark.business_id).where(ListingMark.is_hidden)
_OF: Any = bindparam("business")
_PAGES = (
    select(PublicPage.document).where(PublicPage.business_id == _OF).order_by(PublicPage.place, PublicPage.language)
)
# A business is public by what it shows; its name is kept where it was public once.
_NAME = select(ListingBusiness.name).where(
    ListingBusiness.id == _OF,
    ListingBusiness.id.not_in(_HIDDEN),
    or_(exists().where(PublicPage.business_id == _OF), exists().where(Listing.business_id == _OF)),
)


def publish(session: Session, page: Page, revision: PageRevision) -> None:
    """Makes the approved revision what the public sees of the page.

    Conflict while its business is suspended, Unavailable until we know its name.
    """
    assert revision.state == "approved", "only approved revisions are published"
    # Others wait from here on, so a business that is suspended now stays so or has not been yet.
    changes.queue(session)
    listings.show_name(session, page.business_id)
    revision.published_at = now()
    page.live_version = revision.version
    session.flush()
    _put(session, page, revision)


def unpublish(session: Session, page: Page) -> None:
    """Takes the page out of everything public."""
    changes.queue(session)
    page.live_version = None
    session.flush()
    session.execute(delete(PublicPage).filter_by(page_id=page.id))


def hide(session: Session, business_id: int) -> None:
    """Nobody sees the pages of a suspended or deleted business."""
    changes.queue(session)
    session.execute(delete(PublicPage).filter_by(business_id=business_id))


def show(session: Session, business_id: int) -> None:
    """Everybody sees a restored business's pages again."""
    changes.queue(session)
    query = (
        select(Page, PageRevision)
        .join(PageRevision, (PageRevision.page_id == Page.id) & (PageRevision.version == Page.live_version))
        .where(Page.business_id == business_id, Page.archived_at.is_(None))
    )
    rows = session.execute(query).tuples().all()
    if rows:
        listings.show_name(session, business_id)
    for page, revision in rows:
        _put(session, page, revision)


def _put(session: Session, page: Page, revision: PageRevision) -> None:
    assert revision.published_at is not None
    answer = {
        "kind": revision.kind,
        "language": revision.language,
        "text": revision.text,
        "version": revision.version,
        "published_at": rfc3339(revision.published_at),
    }
    session.merge(
        PublicPage(
            page_id=page.id,
            business_id=page.business_id,
            place=KINDS.index(revision.kind),
            language=revision.language,
            document=documents.to_json(answer),
        )
    )
    session.flush()


def of_business(connection: Connection, business_id: int) -> str | None:
    """What anybody may know of a business, as JSON; None where it shows nothing."""
    there: dict[str, Any] = {"business": business_id}
    name = connection.scalar(_NAME, there)
    if name is None:
        return None
    pages = ",".join(connection.scalars(_PAGES, there))
    head = documents.to_json({"id": business_id, "name": name})
    return f'{head[:-1]},"pages":[{pages}]}}'
