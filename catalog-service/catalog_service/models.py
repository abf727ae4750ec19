"""The tables of catalog-service."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from servicekit import feeds, trust
from servicekit.database import Database, Id, Timestamp, metadata, now

STATES = ("draft", "pending_approval", "approved", "rejected", "withdrawn")
# Compared by code point, as SQLite does, so that both databases sort alike.
ByCodePoint = Text().with_variant(Text(collation="C"), "postgresql")


class Base(DeclarativeBase):
    metadata = metadata()


db = Database(Base)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


class Product(Model):
    """A product's identity and where it stands; what it says is in its revisions."""

    __tablename__ = "products"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    business_id: Mapped[int] = mapped_column(BigInteger)
    sku: Mapped[str | None] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(16), default="draft")
    version: Mapped[int] = mapped_column(default=1)
    live_version: Mapped[int | None]
    # The published revision's, which nobody else may take while another one is worked on.
    live_sku: Mapped[str | None] = mapped_column(String(64))
    created_by: Mapped[int] = mapped_column(BigInteger)
    # Who wrote since the last approval, and who wrote what is live: none of them may approve it.
    contributors: Mapped[list[int]] = mapped_column(JSON, default=list)
    live_contributors: Mapped[list[int]] = mapped_column(JSON, default=list)
    # Raised by every change of the row; its entity tag.
    edition: Mapped[int] = mapped_column(default=1)
    category: Mapped[str] = mapped_column(String(64), default="")
    words: Mapped[str] = mapped_column(Text, default="")
    submitted_at: Mapped[datetime | None] = mapped_column(Timestamp)
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=now)
    updated_at: Mapped[datetime] = mapped_column(Timestamp, default=now)
    archived_at: Mapped[datetime | None] = mapped_column(Timestamp)

    __table_args__ = (
        CheckConstraint("status IN ('draft', 'pending_approval', 'approved', 'rejected')", name="status"),
        Index("ix_products_business_id_id", "business_id", "id", sqlite_where=text("archived_at IS NULL"),
              postgresql_where=text("archived_at IS NULL")),
        Index("ix_products_business_id_status_id", "business_id", "status", "id",
              sqlite_where=text("archived_at IS NULL"), postgresql_where=text("archived_at IS NULL")),
        Index("uq_products_business_id_sku", "business_id", "sku", unique=True,
              sqlite_where=text("archived_at IS NULL AND sku IS NOT NULL"),
              postgresql_where=text("archived_at IS NULL AND sku IS NOT NULL")),
        Index("ix_products_business_id_live_sku", "business_id", "live_sku",
              sqlite_where=text("live_sku IS NOT NULL"), postgresql_where=text("live_sku IS NOT NULL")),
        Index("ix_products_queue", "business_id", "submitted_at", "id",
              sqlite_where=text("submitted_at IS NOT NULL"), postgresql_where=text("submitted_at IS NOT NULL")),
    )  # fmt: skip


# What a product says. A further field is a column of Revision, its name here, and a line in schemas.py.
CONTENT = ("sku", "name", "description", "price_minor", "currency", "category", "attributes", "picture")


class Revision(Model):
    """A full snapshot. What it says never changes; only its state does."""

    __tablename__ = "revisions"
    product_id: Mapped[int] = mapped_column(Id, ForeignKey("products.id"), primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sku: Mapped[str | None] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    price_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    category: Mapped[str] = mapped_column(String(64), default="")
    attributes: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    picture: Mapped[str | None] = mapped_column(String(200))
    content_hash: Mapped[str] = mapped_column(String(64))
    author_id: Mapped[int] = mapped_column(BigInteger)
    contributors: Mapped[list[int]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(16), default="draft")
    submitted_by: Mapped[int | None] = mapped_column(BigInteger)
    submitted_at: Mapped[datetime | None] = mapped_column(Timestamp)
    decided_by: Mapped[int | None] = mapped_column(BigInteger)
    decided_at: Mapped[datetime | None] = mapped_column(Timestamp)
    self_approved: Mapped[bool] = mapped_column(default=False)
    comment: Mapped[str] = mapped_column(Text, default="")
    # Its place among all publications, once it was published.
    published_seq: Mapped[int | None] = mapped_column(BigInteger)
    published_at: Mapped[datetime | None] = mapped_column(Timestamp)
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=now)

    __table_args__ = (
        CheckConstraint("state IN ({})".format(", ".join(f"'{state}'" for state in STATES)), name="state"),
        CheckConstraint("price_minor >= 0", name="price"),
    )


class Listing(Model):
    """One public product, ready to be answered. Written by listings.add and take alone."""

    __tablename__ = "listings"
    product_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)  # newer publications have larger ones
    business_id: Mapped[int] = mapped_column(BigInteger)
    version: Mapped[int]
    category: Mapped[str] = mapped_column(String(64))
    currency: Mapped[str] = mapped_column(String(3))
    price_minor: Mapped[int] = mapped_column(BigInteger)
    price_sort: Mapped[int] = mapped_column(BigInteger)  # see money.sortable
    price_place: Mapped[int | None] = mapped_column(BigInteger)  # see money.place; its own in the order of prices
    name_sort: Mapped[str] = mapped_column(ByCodePoint)
    words: Mapped[str] = mapped_column(Text)  # see texts.words; each with a space before it
    document: Mapped[str] = mapped_column(Text)  # the public answer, as JSON

    __table_args__ = (
        Index("uq_listings_seq", "seq", unique=True),
        Index("uq_listings_price_place", "price_place", unique=True),
        *(
            Index(None, *filtered, *order)
            for filtered in (("business_id",), ("category",), ("currency",))
            for order in (("seq",), ("price_place",), ("name_sort", "seq"))
        ),
        # These hold all that a sort, a price range or a count asks for, so that no listing is read for it.
        Index("ix_listings_by_seq", "seq", "price_place", "business_id"),
        Index("ix_listings_by_name", "name_sort", "seq", "price_place", "business_id"),
        Index(
            "ix_listings_by_price",
            "price_place",
            "business_id",
            "category",
            "currency",
            "price_minor",
            "seq",
            "name_sort",
        ),
    )


class ListingGroup(Model):
    """How many listings a business has in a category and currency, and their prices; kept with the listings."""

    __tablename__ = "listing_groups"
    business_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    category: Mapped[str] = mapped_column(String(64), primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    listed: Mapped[int]
    min_price: Mapped[int] = mapped_column(BigInteger)
    max_price: Mapped[int] = mapped_column(BigInteger)
    number: Mapped[int | None] = mapped_column(BigInteger)  # the `seq` of the listing that opened it

    __table_args__ = (Index("uq_listing_groups_number", "number", unique=True),)


class ListingPlace(Model):
    """The group of each listing, by its place in the order of prices: what is counted where nothing is kept."""

    __tablename__ = "listing_places"
    price_place: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    group_no: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (Index("ix_listing_places_group_no_price_place", "group_no", "price_place"),)


class ListingTotal(Model):
    """Groups taken together: the listings of each business, each category, each currency, and each two of them.

    `kind` says by what they are counted, the other columns are empty. Prices are kept where a currency is named.
    """

    __tablename__ = "listing_totals"
    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    business_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    category: Mapped[str] = mapped_column(String(64), primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    listed: Mapped[int]
    min_price: Mapped[int] = mapped_column(BigInteger)
    max_price: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (Index("ix_listing_totals_category", "kind", "category", "currency", "business_id"),)


class ListingBusiness(Model):
    """The public name of a business that has listings."""

    __tablename__ = "listing_businesses"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(200))


class ListingMark(Model):
    """A business whose listings are being taken out, put back or renamed: what the public sees of it meanwhile."""

    __tablename__ = "listing_marks"
    business_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    is_hidden: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str | None] = mapped_column(String(200))
    after: Mapped[int] = mapped_column(BigInteger, default=0)  # the last product whose listing is as it should be


class ListingVersion(Model):
    """One row: a number that the database itself raises with whatever the public sees of listings."""

    __tablename__ = "listing_version"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInteger)


class ListingWord(Model):
    """A word that some listing has or had: by which words a beginning can go on."""

    __tablename__ = "listing_words"
    word: Mapped[str] = mapped_column(ByCodePoint, primary_key=True)


class Decision(Model):
    """An entry of a business's log: never changed, never deleted, each naming the one before it by hash."""

    __tablename__ = "decisions"
    business_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Timestamp)
    action: Mapped[str] = mapped_column(String(16))
    actor_id: Mapped[int] = mapped_column(BigInteger)
    product_id: Mapped[int | None] = mapped_column(BigInteger)
    version: Mapped[int | None] = mapped_column(Integer)
    content_hash: Mapped[str] = mapped_column(String(64), default="")
    comment: Mapped[str] = mapped_column(Text, default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (Index("ix_decisions_product_id_seq", "product_id", "seq"),)


class DecisionHead(Model):
    """The last entry of each business's log; its lock orders the writers."""

    __tablename__ = "decision_heads"
    business_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))


class DecisionAnchor(Model):
    """A head as it was at some time, kept and logged so that a log cut short is noticed."""

    __tablename__ = "decision_anchors"
    business_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Timestamp, default=now)


class Change(feeds.EventColumns, Model):
    """What happened to the public catalogue, in one gapless sequence; `number` counts within a business."""

    __tablename__ = "changes"
    business_id: Mapped[int] = mapped_column(BigInteger)
    number: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (Index("uq_changes_business_id_number", "business_id", "number", unique=True),)


class FeedHead(feeds.FeedHeadColumns, Model):
    pass


class Business(Model):
    """What auth-service told of a business."""

    __tablename__ = "businesses"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(16), default="active")


class User(Model):
    """What auth-service told of a person; never shown outside of the person's business."""

    __tablename__ = "users"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    business_id: Mapped[int | None] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(301))


class Policy(Model):
    """How a business wants its products reviewed."""

    __tablename__ = "policies"
    business_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    allow_self_approval: Mapped[bool] = mapped_column(default=False)
    skip_review: Mapped[list[str]] = mapped_column(JSON, default=list)
    reserve_live_deletion: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime] = mapped_column(Timestamp, default=now)


class IdempotencyKey(Model):
    """The answer to a write that carried an Idempotency-Key; no answer yet while it runs."""

    __tablename__ = "idempotency_keys"
    user_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None]
    headers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    body: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=now, index=True)


class FeedCursor(feeds.CursorColumns, Model):
    pass


class Revocation(trust.RevocationColumns, Model):
    pass


class TrustedKey(trust.TrustedKeyColumns, Model):
    pass
