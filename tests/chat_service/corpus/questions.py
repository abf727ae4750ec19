"""The questions: JSON Lines, one file a language.

A line holds `question`, `language` (of the answer, too) and `kind`; `setup` are earlier questions of the same
conversation. What the answer must hold, products by their SKU:

- `products` must all be named, `not_products` must not; `only`: something is named and nothing but these; `first` is
  named before the others; `ordinal`: the n-th of those that the answer before named, and it comes first
- `says`: a figure, compared as a number however it is written (129.00 is also 129 and 129,00), or text as it stands; `a|b` is either
- `never`: words that must not stand in the answer, but in quotation marks; `count`: a number that must
- `most`, `least`: of a comparison, the product at that end
- `topic`: the answer speaks of what the catalogue does not know (or what a seller has published of it)
- `talk`: greeting, thanks or help, and no product; `nothing`: nothing fits, which is said; `silent`: no product named
"""

import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

LANGUAGES = ("en", "de", "fr", "es", "ja")


@dataclass(frozen=True)
class Question:
    question: str
    language: str
    kind: str
    setup: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    not_products: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    first: str = ""
    ordinal: int = 0
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    count: int | None = None
    most: str = ""
    least: str = ""
    topic: str = ""
    talk: str = ""
    nothing: bool = False
    silent: bool = False

    @property
    def skus(self) -> set[str]:
        """Every product that the judgment speaks of."""
        ends = (self.first, self.most, self.least)
        return {*self.products, *self.not_products, *self.only, *filter(None, ends)}

    @property
    def expectations(self) -> int:
        """How many things the judgment asks for; a question without any could not fail."""
        members = (self.skus, self.ordinal, self.says, self.never, self.topic, self.talk, self.nothing, self.silent)
        return sum(map(bool, members)) + (self.count is not None)


def read() -> list[Question]:
    """All questions; TypeError for a member that no judgment has."""
    return [
        Question(
            **{name: tuple(value) if isinstance(value, list) else value for name, value in json.loads(line).items()}
        )
        for language in LANGUAGES
        for line in (Path(__file__).parent / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
    ]


def figure(text: str) -> Decimal | None:
    """The number that a text is, as "129.00"; None when it is none."""
    return Decimal(text).normalize() if text.replace(".", "", 1).isdecimal() else None
