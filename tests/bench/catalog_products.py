"""What believable products say: a rare model name each, common words everywhere, small and large businesses."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any, TypeVar

T = TypeVar("T")

CHUNK = 10_000
BUSINESSES = 200
START = datetime(2024, 1, 1, tzinfo=UTC)
CATALOGUE = {
    "Lighting": ("lamp", "lantern", "spotlight", "chandelier", "torch", "night light", "floor lamp"),
    "Kitchen": ("kettle", "pan", "knife", "cutting board", "grinder", "teapot", "mixer", "toaster"),
    "Garden": ("spade", "watering can", "bench", "planter", "hose", "rake", "bird house"),
    "Cycling": ("bicycle", "saddle", "helmet", "pannier", "bell", "pump", "lock"),
    "Office": ("desk", "chair", "notebook", "stapler", "pencil case", "whiteboard", "organiser"),
    "Outdoor": ("tent", "backpack", "sleeping bag", "compass", "stove", "hammock", "flask"),
    "Toys": ("puzzle", "kite", "building blocks", "doll house", "train set", "board game"),
    "Clothing": ("jacket", "scarf", "pullover", "shirt", "socks", "gloves", "raincoat"),
    "Books": ("atlas", "cookbook", "novel", "field guide", "diary", "picture book"),
    "Tools": ("hammer", "screwdriver", "drill", "spirit level", "pliers", "saw", "wrench"),
    "Music": ("ukulele", "metronome", "drum", "recorder", "music stand", "tuner"),
    "Home & Textiles": ("blanket", "cushion", "curtain", "rug", "towel", "tablecloth"),
}
STYLES = ("compact", "classic", "folding", "handmade", "sturdy", "light", "large", "small", "modern", "vintage",
          "portable", "foldable", "waterproof", "silent", "premium", "everyday", "nordic", "rustic")  # fmt: skip
MATERIALS = ("oak", "steel", "cotton", "wool", "glass", "brass", "bamboo", "leather", "aluminium", "linen", "copper",
             "ceramic", "recycled plastic", "walnut", "titanium", "cork")  # fmt: skip
COLOURS = ("red", "blue", "green", "black", "white", "grey", "yellow", "natural", "crème", "turquoise")
PLACES = ("the terrace", "small flats", "long journeys", "the workshop", "busy mornings", "rainy days", "the office",
          "children's rooms", "a weekend away", "daily use", "the café next door")  # fmt: skip
QUALITIES = ("easy to clean", "made to last", "repaired free of charge for two years", "tested by hand",
             "packed without plastic", "delivered with spare parts", "designed in a small studio", "surprisingly light",
             "pleasant to hold", "quick to assemble")  # fmt: skip
SYLLABLES = ("ka", "lo", "mi", "ter", "von", "sa", "ril", "du", "nor", "bel", "fi", "gra", "hu", "jor", "pe", "qui")
CURRENCIES = ("EUR",) * 14 + ("USD",) * 3 + ("GBP", "JPY", "BHD")
DIGITS = {"EUR": 2, "USD": 2, "GBP": 2, "JPY": 0, "BHD": 3}
_CATEGORIES = tuple(CATALOGUE)
_TWO_QUALITIES = tuple(permutations(QUALITIES, 2))


def products(count: int) -> Iterator[dict[str, Any]]:
    """The first `count` products."""
    for numbers in chunks(count):
        yield from numbered(numbers)


def moment(number: int) -> datetime:
    """When the product was made and approved."""
    return START + timedelta(minutes=number)


def chunks(count: int) -> Iterator[range]:
    """The numbers of the products, in the parts that `numbered` is asked for."""
    for first in range(1, count + 1, CHUNK):
        yield range(first, min(first + CHUNK, count + 1))


def numbered(numbers: range) -> Iterator[dict[str, Any]]:
    """The products of one chunk, the same whatever was made before."""
    chance = random.Random(numbers.start)
    draw = chance.random

    def one_of(some: Sequence[T]) -> T:
        # A third of the time that Random.choice takes.
        return some[int(draw() * len(some))]

    for number in numbers:
        category = one_of(_CATEGORIES)
        noun, style, material = one_of(CATALOGUE[category]), one_of(STYLES), one_of(MATERIALS)
        model = "".join(chance.choices(SYLLABLES, k=3)).capitalize()
        colour, currency = one_of(COLOURS), one_of(CURRENCIES)
        first, second = one_of(_TWO_QUALITIES)
        yield {
            "id": number,
            "business_id": 1 + int(BUSINESSES * draw() ** 2),
            "sku": f"{category[:3].upper()}-{number:07d}",
            "name": f"{model} {style} {material} {noun}",
            "description": f"A {style} {noun} of {material} in {colour}, for {one_of(PLACES)}: {first} and {second}."
            f" Model {model} {number % 97}, {2 + int(239 * draw())} cm, warranty {1 + int(10 * draw())} years.",
            "price_minor": int(chance.lognormvariate(3.2, 1.1) * 10 ** DIGITS[currency]),
            "currency": currency,
            "category": category,
            "attributes": {"colour": colour, "material": material},
            "picture": None,
        }
