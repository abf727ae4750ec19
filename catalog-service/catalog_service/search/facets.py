"""Exact counts and price ranges over what the same filters list: of the index, or of SQL while there is none."""

from dataclasses import replace
from typing import Any

from flask import current_app
from sqlalchemy import Connection

from catalog_service.content import money
from catalog_service.public import visible
from catalog_service.search import browse, corrections, finder
from catalog_service.search.port import Facets, Filters, Parsed, PriceRange
from servicekit.problems import Unavailable

NOTHING = Facets(0, [], [], [])


def read(
    connection: Connection, q: str, filters: Filters, seq: int = 0, correct: bool = True
) -> tuple[dict[str, Any], int | None]:
    """Counts and price ranges of everything that fits, and the change that the index knew, if it was asked.

    Words that find nothing are put right as for a page, see finder.page.
    """
    parsed = finder.parse(q) if q else Parsed()
    if parsed is None:
        return _told(connection, NOTHING), None
    try:
        index = current_app.extensions["search"].state(seq)
    except Unavailable:
        if parsed.groups:
            raise
        # Counting takes a second where there are a million: it must not take every thread.
        with current_app.extensions["counting"].entered():
            return _told(connection, _counted(connection, filters)), None
    filters = replace(filters, hidden=visible.hidden(connection))
    found, corrected = index.facets(parsed, filters), None
    if not found.total and q and correct and (corrected := corrections.correct(index, q, filters.hidden, finder.parse)):
        found = index.facets(finder.parse(corrected) or parsed, filters)
        corrected = corrected if found.total else None
    return _told(connection, found, corrected), index.position().seq


def _counted(connection: Connection, filters: Filters) -> Facets:
    wanted, dialect = browse.parameters(filters), connection.dialect.name
    by = {
        name: connection.execute(browse.counts(dialect, frozenset(wanted), name), wanted).all()
        for name in ("category", "business_id", "currency")
    }
    return Facets(
        sum(row.listed for row in by["currency"]),
        [(row.value, row.listed) for row in by["category"]],
        [(row.value, row.listed) for row in by["business_id"]],
        [PriceRange(row.value, row.listed, row.min_price, row.max_price) for row in by["currency"]],
    )


def matched(corrected: str | None) -> str:
    """Whether what was found is what was asked for."""
    return "similar" if corrected else "exact"


def _told(connection: Connection, found: Facets, corrected: str | None = None) -> dict[str, Any]:
    names = visible.names(connection, [business_id for business_id, _ in found.businesses])
    return {
        "total": found.total,
        "matched": matched(corrected),
        "corrected": corrected,
        "categories": [{"value": value, "count": count} for value, count in found.categories],
        "businesses": [
            {"id": business_id, "name": names.get(business_id, ""), "count": count}
            for business_id, count in found.businesses
        ],
        "currencies": [
            {
                "currency": one.currency,
                "count": one.listed,
                "min_price": money.to_decimal(one.min_price, one.currency),
                "max_price": money.to_decimal(one.max_price, one.currency),
            }
            for one in found.currencies
        ],
    }
