"""The projection that the public reads."""

from sqlalchemy import BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from catalog_service.models.base import ByCodePoint, Model
from servicekit.database import Id


class Listing(Model):
    """One public product, ready to be answered. Written by listings.put and take alone."""

    __tablename__ = "listings"
    product_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)  # newer publications have larger ones
    business_id: Mapped[int] = mapped_column(BigInteger)
    version: Mapped[int]
    category: Mapped[str] = mapped_column(String(64))
    currency: Mapped[str] = mapped_column(String(3))
    price_minor: Mapped[int] = mapped_column(BigInteger)
    name_sort: Mapped[str] = mapped_column(ByCodePoint)
    document: Mapped[str] = mapped_column(Text)  # the public answer, as JSON; see visible.answer for the name in it

    # One for each order, by itself and within a business and a category; prices are compared within a currency.
    __table_args__ = (
        Index("uq_listings_seq", "seq", unique=True),
        Index("ix_listings_name_sort_seq", "name_sort", "seq"),
        Index("ix_listings_currency_price_minor_seq", "currency", "price_minor", "seq"),
        *(
            Index(None, filtered, *order)
            for filtered in ("business_id", "category")
            for order in (("seq",), ("name_sort", "seq"), ("currency", "price_minor", "seq"))
        ),
    )


class ListingBusiness(Model):
    """The public name of a business that has listings."""

    __tablename__ = "listing_businesses"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(255))


class ListingMark(Model):
    """A business that nobody sees, or whose partners are being told that all of its listings changed."""

    __tablename__ = "listing_marks"
    business_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    is_hidden: Mapped[bool] = mapped_column(default=False)
    telling: Mapped[str | None] = mapped_column(String(8))  # the type of the changes; NULL when all were told
    after: Mapped[int] = mapped_column(BigInteger, default=0)  # the `seq` of the last listing that was told
