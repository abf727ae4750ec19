"""How many listings a question will find, about: what decides how they are looked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Select, bindparam, func, select

from catalog_service.public.visible import HITS
from catalog_service.search.counts import NOTHING, TOTAL
from catalog_service.search.groups import DIMENSIONS
from catalog_service.search.shapes import LISTING, Shape

# SQLite: among how many publications, the newest, words are counted. Others would be no better a sample, but FTS5
# goes on to the end of its lists where nothing more is found.
SAMPLE = 32768
# What so many of them have is common: how many more do need not be known.
COMMON = 1024
_COUNT = sa.text(
    "SELECT count(*) FROM (SELECT rowid FROM listing_search_prices WHERE listing_search_prices MATCH :match"
    " AND rowid >= :first AND rowid < :beyond LIMIT :many)"
)
_EXPLAIN = sa.text("EXPLAIN (FORMAT JSON) SELECT seq FROM listing_search WHERE words @@ CAST(:match AS tsquery)")


@dataclass(frozen=True, slots=True)
class Estimate:
    """How many listings match, among how many a walk in any order meets them, and how many there are at all.

    So many are common that a walk soon finds enough of them; then there may be far more than `found`.
    """

    found: float
    among: float
    listed: float
    are_common: bool = False


def of(connection: Connection, shape: Shape, parameters: Mapping[str, Any]) -> Estimate:
    """What to expect of a question."""
    first = next((name for name in DIMENSIONS if name in shape.equal), None)
    row = connection.execute(_kept(shape.dialect, first), {**parameters, "sample": SAMPLE}).one()
    if shape.dialect == "postgresql":
        return Estimate(planned(connection, parameters["match"]), row.among or 0, row.newest)
    found = row.counted * max(1, row.newest / SAMPLE)
    return Estimate(found, row.among or 0, row.newest, row.counted == COMMON)


def planned(connection: Connection, match: str) -> int:
    """What PostgreSQL's statistics expect; it would fetch all matches to count some."""
    plan = connection.scalar(_EXPLAIN, {"match": match})
    return int(plan[0]["Plan"]["Plan Rows"]) if plan else 0


def counted(connection: Connection, parameters: Mapping[str, Any], many: int) -> int:
    """SQLite: exactly how many match within the price bounds, up to `many`."""
    return connection.scalar(_COUNT, {"first": 0, "beyond": 2**63 - 1, **parameters, "many": many}) or 0


@lru_cache(maxsize=2 * len(DIMENSIONS) + 2)
def _kept(dialect: str, first: str | None) -> Select[Any]:
    newest = select(func.coalesce(func.max(LISTING.c.seq), 0).label("seq")).subquery("newest")
    among = select(func.sum(TOTAL.c.listed)).where(TOTAL.c.kind == (first or DIMENSIONS[-1]))
    if first:
        others = [TOTAL.c[name] == NOTHING[name] for name in DIMENSIONS if name != first]
        among = among.where(TOTAL.c[first] == bindparam(first), *others)
    query = select(newest.c.seq.label("newest"), among.scalar_subquery().label("among"))
    if dialect == "postgresql":
        return query
    hits = HITS["seq"]
    sample = select(hits.c.rowid).correlate(newest).limit(COMMON)
    sample = sample.where(sa.text("listing_search MATCH :match"), hits.c.rowid > newest.c.seq - bindparam("sample"))
    return query.add_columns(select(func.count()).select_from(sample.subquery()).scalar_subquery().label("counted"))
