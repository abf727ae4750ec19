"""The projection that the public reads."""

from sqlalchemy import (
    BigInteger,
    Index,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from catalog_service.models.base import ByCodePoint, Model
from servicekit.database import Id


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
    name: Mapped[str] = mapped_column(String(255))


class ListingMark(Model):
    """A business whose listings are being taken out, put back or renamed: what the public sees of it meanwhile."""

    __tablename__ = "listing_marks"
    business_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    is_hidden: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str | None] = mapped_column(String(255))
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
