"""What the public may ask for, as the statements take it."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from sys import getsizeof
from typing import Any

from catalog_service.content import money, texts
from catalog_service.search import groups


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of one request. Price bounds are in ten-thousandths, see money.sortable."""

    q: str | None = None
    business: int | None = None
    category: str | None = None
    currency: str | None = None
    min_price: int | None = None
    max_price: int | None = None
    words: tuple[str, ...] = field(default=(), init=False)
    equal: dict[str, Any] = field(default_factory=dict, init=False)
    range: dict[str, int] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", tuple(texts.words(self.q)) if self.q is not None else ())
        wanted = {"business_id": self.business, "category": self.category, "currency": self.currency}
        self.equal.update({name: value for name, value in wanted.items() if value is not None})
        if self.min_price is not None:
            self.range["first"] = money.place(self.min_price)
        if self.max_price is not None:
            self.range["beyond"] = money.place(self.max_price + 1)

    @property
    def key(self) -> Hashable:
        """Equal for filters that find the same."""
        return self.hopeless, self.words, *self.equal.items(), *self.range.items()

    @property
    def size(self) -> int:
        """The bytes that the key takes, most of them of the words."""
        return sum(map(getsizeof, (*self.words, *self.equal.values()))) + 500

    @property
    def is_counted(self) -> bool:
        """Whether facets of what they find have to be counted; without words and price bounds they are kept."""
        return bool(self.words or self.range)

    @property
    def hopeless(self) -> bool:
        """Whether the query has no word at all: then nothing is found."""
        return self.q is not None and bool(self.q.strip()) and not self.words

    @property
    def labels(self) -> list[str]:
        """The label of the group that is asked for, if any."""
        return [groups.label(self.equal, self.equal)] if self.equal else []

    @property
    def is_full_text(self) -> bool:
        """Whether the words' index is asked: it also finds what no other index knows by two filters at once."""
        return bool(self.words) or len(self.equal) > 1
