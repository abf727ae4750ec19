"""What a business tells its shoppers about itself."""

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from catalog_service.models.base import Model
from catalog_service.models.vetted import STATES, STATUSES, RevisionColumns, WorkingColumns, is_one_of
from servicekit.database import Id

# What a page says; which kind and language it is of never changes.
PAGE_CONTENT = ("kind", "language", "text")
_THERE = text("archived_at IS NULL")
_WAITS = text("submitted_at IS NOT NULL")


class Page(WorkingColumns, Model):
    """A page of information: how a business ships, takes back, is paid and reached, and who it is."""

    __tablename__ = "pages"
    kind: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(8))

    __table_args__ = (
        is_one_of("status", STATUSES),
        Index("uq_pages_business_id_kind_language", "business_id", "kind", "language", unique=True,
              sqlite_where=_THERE, postgresql_where=_THERE),
        Index("ix_pages_business_id_id", "business_id", "id", sqlite_where=_THERE, postgresql_where=_THERE),
        Index("ix_pages_queue", "business_id", "submitted_at", "id", sqlite_where=_WAITS, postgresql_where=_WAITS),
    )  # fmt: skip


class PageRevision(RevisionColumns, Model):
    """What a page says."""

    __tablename__ = "page_revisions"
    page_id: Mapped[int] = mapped_column(Id, ForeignKey("pages.id"), primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)

    __table_args__ = (is_one_of("state", STATES),)


class PublicPage(Model):
    """A page that anybody may read, ready to be answered. Written by public_pages.publish and take alone."""

    __tablename__ = "public_pages"
    page_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    business_id: Mapped[int] = mapped_column(BigInteger)
    # Where it stands among the business's pages.
    place: Mapped[int]
    language: Mapped[str] = mapped_column(String(8))
    document: Mapped[str] = mapped_column(Text)  # the public answer, as JSON

    __table_args__ = (Index("ix_public_pages_business_id_place_language", "business_id", "place", "language"),)
