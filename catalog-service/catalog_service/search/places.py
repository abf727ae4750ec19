"""The group of each listing by its place in the order of prices: what is counted where no total is kept."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Table,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    update,
)

from catalog_service.content import money
from catalog_service.models import Listing, ListingGroup, ListingPlace
from catalog_service.search.groups import DIMENSIONS

GROUP: Table = ListingGroup.__table__  # type: ignore[assignment]
LISTING: Table = Listing.__table__  # type: ignore[assignment]
PLACE: Table = ListingPlace.__table__  # type: ignore[assignment]
_PUT = text(
    "INSERT INTO listing_places (price_place, group_no) SELECT :place, number FROM listing_groups"
    " WHERE business_id = :business_id AND category = :category AND currency = :currency"
    # A version that knew no places may have taken the same listing out.
    " ON CONFLICT (price_place) DO UPDATE SET group_no = excluded.group_no"
)
_TAKE = delete(PLACE).where(PLACE.c.price_place == bindparam("place"))
_IN_GROUP = [LISTING.c[name] == GROUP.c[name] for name in DIMENSIONS]


def put(connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Places listings, whose groups are there."""
    found = [{"place": row["price_place"], **{name: row[name] for name in DIMENSIONS}} for row in rows]
    connection.execute(_PUT, found)


def take(connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Forgets the places of listings."""
    connection.execute(_TAKE, [{"place": row["price_place"]} for row in rows])


def end(which: Any) -> Any:
    """The least or the most that a listing of the group costs in minor units, each of so many places as `unit` says."""
    found = select(which(PLACE.c.price_place)).where(PLACE.c.group_no == GROUP.c.number).scalar_subquery()
    return func.coalesce(found // bindparam("unit", type_=BigInteger), 0)


def are_wrong(connection: Connection) -> bool:
    """Whether some listing has no place, some place no listing, or some group no number; all of one moment."""
    listed, placed = (
        select(func.count(), func.sum(table.c.price_place.bitwise_and(0xFFFFF))) for table in (LISTING, PLACE)
    )
    unnumbered = select(literal(-1), literal(0)).where(GROUP.c.number.is_(None))
    return len(connection.execute(listed.union(placed, unnumbered)).all()) > 1


def mend(connection: Connection) -> None:
    """Places what a version that knew no places has listed, and forgets what it took out."""
    first = select(func.min(LISTING.c.seq)).where(*_IN_GROUP).scalar_subquery()
    connection.execute(update(GROUP).where(GROUP.c.number.is_(None)).values(number=first))
    right = select(LISTING.c.seq).join(GROUP, and_(*_IN_GROUP))
    right = right.where(LISTING.c.price_place == PLACE.c.price_place, GROUP.c.number == PLACE.c.group_no)
    connection.execute(delete(PLACE).where(~right.correlate(PLACE).exists()))
    placed = select(PLACE.c.group_no).where(PLACE.c.price_place == LISTING.c.price_place)
    missing = select(LISTING.c.price_place, GROUP.c.number).join(GROUP, and_(*_IN_GROUP)).where(~placed.exists())
    connection.execute(insert(PLACE).from_select(["price_place", "group_no"], missing))
    low, high = end(func.min), end(func.max)
    wrong = or_(GROUP.c.min_price != low, GROUP.c.max_price != high)
    narrowed = update(GROUP).where(GROUP.c.currency == bindparam("of"), wrong).values(min_price=low, max_price=high)
    for currency in connection.scalars(select(GROUP.c.currency).distinct()).all():
        connection.execute(narrowed, {"of": currency, "unit": money.places_of_unit(currency)})
