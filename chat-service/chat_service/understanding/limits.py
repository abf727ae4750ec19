"""The price limits of a question, read from its pieces: "under 20 EUR", "between 5 and 9", "5000円以下"."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from chat_service.selections import LARGEST
from chat_service.understanding.tagging import Piece

UNITS = frozenset((
    "mm", "cm", "m", "km", "in", "inch", "inches", "ft", "feet", "kg", "g", "mg", "lb", "lbs", "oz", "l", "ml", "cl", "liter",
    "litre", "liters", "litres", "w", "watt", "v", "volt", "mah", "wh", "ah", "hz", "lm", "db", "gb", "mb", "tb", "°c", "°f",
    "kilo", "kilos", "gramm", "grams", "grammes", "zoll", "pouces", "pulgadas", "metros", "mètres", "meter", "metre",
))  # fmt: skip
SMALLEST = Decimal("0.001")
NEAR = (Decimal("0.8"), Decimal("1.2"))


@dataclass
class Limits:
    """What was read, and of which pieces; `bare` is an amount without a word such as "under"."""

    low: Decimal | None = None
    high: Decimal | None = None
    above: bool = False
    below: bool = False
    currency: str | None = None
    bare: str = ""
    taken: set[int] = field(default_factory=set)

    def note(self, name: str, value: Decimal) -> None:
        if name in {"at_most", "below", "exactly"}:
            self.high, self.below = value, name == "below"
        if name in {"at_least", "above", "exactly", "between"}:
            self.low, self.above = value, name == "above"
        if name == "around":
            self.low, self.high = (value * factor for factor in NEAR)


def read_limits(pieces: Sequence[Piece]) -> Limits:
    found = Limits()
    for index, piece in enumerate(pieces):
        if index in found.taken or not piece.number or piece.number.ordinal:
            continue
        money, around = _currency_at(pieces, index)
        limit, word = _limit_at(pieces, min(around), max(around))
        second = _second(pieces, max(around)) if limit in {"between", "at_least", None} else None
        code, more = _currency_at(pieces, second) if second is not None else (None, set())
        if (is_unit(pieces, index + 1) and not money) or not (money or limit or code):
            continue
        found.currency = code or money or found.currency
        found.taken |= around | word
        if second is not None:
            found.taken |= more | set(range(index, second + 1))
            found.low, found.high = sorted((piece.number.value, pieces[second].number.value))  # type: ignore[union-attr]
        else:
            found.bare = "" if limit else " ".join(pieces[each].text for each in sorted(around))
            found.note(limit or "at_most", piece.number.value)
    return found


def price(value: Decimal | None) -> Decimal | None:
    """As the catalogue takes it: at most eight digits and three decimals."""
    return None if value is None else min(value, LARGEST).quantize(SMALLEST).normalize() + 0


def is_unit(pieces: Sequence[Piece], index: int) -> bool:
    return index < len(pieces) and pieces[index].text in UNITS


def _currency_at(pieces: Sequence[Piece], index: int) -> tuple[str | None, set[int]]:
    near = next((each for each in (index + 1, index - 1) if 0 <= each < len(pieces) and pieces[each].currency), None)
    return (None, {index}) if near is None else (pieces[near].currency, {index, near})


def _limit_at(pieces: Sequence[Piece], first: int, last: int) -> tuple[str | None, set[int]]:
    """The word such as "under" before an amount, or "or less" behind it."""
    for near in (first - 1, first - 2, last + 1):
        if not 0 <= near < len(pieces) or not pieces[near].says("limit"):
            continue
        name = pieces[near].tag.name
        # "from" and "about" behind an amount begin something else, but in Japanese.
        foreign = near > last and name in {"between", "around"} and pieces[near].text.isascii()
        if not foreign and (near != first - 2 or pieces[first - 1].says("stop")):
            return name, {near}
    return None, set()


def _second(pieces: Sequence[Piece], last: int) -> int | None:
    """The other end of "20 to 30", "20-30" or "between 20 and 30"."""
    for index in range(last + 1, min(last + 4, len(pieces))):
        piece = pieces[index]
        if piece.number and not piece.number.ordinal:
            return index
        if not (
            piece.currency or piece.tag.table in {"stop", "limit"} or piece.says("join", "and") or piece.text in "-,"
        ):
            return None
    return None
