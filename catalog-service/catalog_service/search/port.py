"""What the catalogue asks of a search engine, whichever it is: one side finds, the other writes.

An engine finds ids and counts; what is shown for an id comes from `listings`. It holds published text alone, and may be
late: `position` says up to which change of the public catalogue it knows.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

Kind = Literal["term", "prefix"]
RELEVANCE, NEWEST, PRICE, PRICE_FALLING, NAME = "relevance", "-published_at", "price", "-price", "name"
# What the ways that are not the best count of a group; how many terms that are nearly the same are counted, and how many
# values of a field.
OTHERS, MOST_NEAR, MAX_BUCKETS = 0.2, 16, 65_000
Key = tuple[int | float | str, ...]


class Alternative(NamedTuple):
    """One way to match a word: this term of a text field, or one that begins with it, which scores as its boost alone."""

    field: str
    text: str
    kind: Kind = "term"
    boost: float = 1.0


class Group(NamedTuple):
    """Ways to match one word of a question; the best of those that match counts for the score, the others a little."""

    alternatives: tuple[Alternative, ...]


class Parsed(NamedTuple):
    """A question in words: each group must match, a boost only raises the score of what matches."""

    groups: tuple[Group, ...] = ()
    boosts: tuple[Group, ...] = ()


@dataclass(frozen=True, slots=True)
class Filters:
    """What else must hold. Price bounds are in minor units of `currency`, inclusive, and need one, as do orders by
    price: `compared` is the currency then."""

    business: int | None = None
    category: str | None = None
    currency: str | None = None
    min_price: int | None = None
    max_price: int | None = None
    compared: str | None = None
    hidden: frozenset[int] = frozenset()  # businesses that nobody sees


class Entry(NamedTuple):
    """A listing as an engine keeps it; `fields` maps each text field of the index to its tokens, with blanks between."""

    id: int
    seq: int
    business: int
    category: str
    currency: str
    price_minor: int
    name_sort: str
    fields: Mapping[str, str]


class Position(NamedTuple):
    """The last change that an index knows; `mark` tells it from the same number in another copy of the database."""

    seq: int
    mark: str


class Hit(NamedTuple):
    """A listing that fits, and its place in the order: unique, so that a page can go on from it.

    By order: (seq,), (price_minor, seq), (name_sort, seq); by relevance (score, seq).
    """

    id: int
    key: Key


class PriceRange(NamedTuple):
    """How many listings have a price in this currency, and the ends in its minor units."""

    currency: str
    listed: int
    min_price: int
    max_price: int


class Facets(NamedTuple):
    """Exact counts over everything that fits, each sorted by falling count."""

    total: int
    categories: Sequence[tuple[str, int]]
    businesses: Sequence[tuple[int, int]]
    currencies: Sequence[PriceRange]


class SearchIndex(Protocol):
    """What is asked of one state of the index; an engine gives out a newer one at the next question."""

    def find(self, parsed: Parsed, filters: Filters, ordering: str, after: Key | None, size: int) -> Sequence[Hit]:
        """At most `size` listings that follow the place `after`, in order; fewer only at the end.

        By relevance the end may be the engine's window, of the best thousand at least.
        """

    def facets(self, parsed: Parsed, filters: Filters) -> Facets:
        """What `find` would find in all, counted."""

    def complete(self, field: str, prefix: str, size: int, hidden: frozenset[int]) -> Sequence[tuple[str, int]]:
        """Terms of a text field that begin so, with how many listings have them, the most frequent first."""

    def near(self, field: str, word: str, distance: int, hidden: frozenset[int]) -> Sequence[tuple[str, int]]:
        """Terms at most so many edits (Damerau-Levenshtein) away that share the first letter, nearest and then most
        frequent first, with how many listings have them; the word itself, if it is one, comes first."""

    def position(self) -> Position:
        """Up to where it follows the changes."""


class SearchWriter(Protocol):
    """The one that writes. It may die at any moment: what was applied is there, and may be applied again."""

    def is_mine(self) -> bool:
        """Whether this process is the one that writes; another takes over when that one ends."""

    def position(self) -> Position | None:
        """Where to follow the changes from; None where there is no index, or a damaged one."""

    def is_outdated(self) -> bool:
        """Whether another version of the words wrote the index: it serves until it has been rebuilt."""

    def contents(self) -> tuple[int, int]:
        """How many listings the index holds, and the sum of their `seq`; neither can be where it is damaged."""

    def apply(self, entries: Sequence[Entry], gone: Sequence[int], position: Position) -> None:
        """Puts these listings in, or in anew, takes those out, and stands at that position, all at once."""

    def rebuild(self, snapshot: Iterable[Sequence[Entry]], position: Position) -> Iterator[int]:
        """Builds the whole index beside the present one, a chunk a step, and with the last one takes its place.

        Yields how many listings it holds so far. The snapshot was begun at `position` or later.
        """
