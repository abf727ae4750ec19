"""How the words' index is asked in either database."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from catalog_service.models import ListingWord
from catalog_service.search import estimates
from catalog_service.search.filters import Filters

MAX_ENDINGS = 40
# From how many matches on it is quicker to walk the order and look at each listing than to gather and sort.
MANY = 2500
WORD = ListingWord.__table__


@dataclass(frozen=True, slots=True)
class Syntax:
    """How a full-text index is asked."""

    whole: str
    begun: str
    both: str
    either: str


SYNTAX = {
    "sqlite": Syntax('"{}"', '"{}" *', " AND ", " OR "),
    "postgresql": Syntax("'{}'", "'{}':*", " & ", " | "),
}
_LAST = chr(0x10FFFF)
_KNOWN = (
    select(WORD.c.word)
    .where(WORD.c.word >= bindparam("word"), WORD.c.word < bindparam("beyond"))
    .order_by(WORD.c.word)
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class Match:
    """What the index is asked, and what is only looked at in what it found."""

    index: str
    rest: str = ""


def match(connection: Connection, filters: Filters) -> Match:
    """The index's query: each word as a beginning, each label whole. Words hold no quotes and no syntax."""
    syntax = SYNTAX[connection.dialect.name]
    parts = [_begun(connection, syntax, word) for word in filters.words]
    parts += [(syntax.whole.format(label), False) for label in filters.labels]
    chosen = [part for part, is_wide in parts if not is_wide] or [part for part, _ in parts]
    rest = [part for part, _ in parts if part not in chosen]
    return Match(syntax.both.join(chosen), syntax.both.join(rest))


def _begun(connection: Connection, syntax: Syntax, word: str) -> tuple[str, bool]:
    """A beginning, and whether it goes on in so many ways that PostgreSQL had better not collect them all."""
    # A beginning makes either database collect all matches before it gives the first; whole words it reads in turn.
    known: Sequence[str] = connection.scalars(
        _KNOWN, {"word": word, "beyond": word + _LAST, "most": MAX_ENDINGS + 1}
    ).all()
    if 0 < len(known) <= MAX_ENDINGS:
        return "(" + syntax.either.join([syntax.whole.format(one) for one in known]) + ")", False
    begun = syntax.begun.format(word)
    is_wide = connection.dialect.name == "postgresql" and bool(known) and estimates.planned(connection, begun) >= MANY
    return begun, is_wide
