"""What each field may hold."""

import re
import unicodedata
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema

from catalog_service.content import money
from servicekit.texts import ShortName, clean, clean_name, skeleton

MAX_WORDS = 100
MAX_CHARACTERS = 4000
MAX_ATTRIBUTES = 50
MAX_SHORT = 64
UNSEEN = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})
# Letters, marks and symbols by category, and nothing to see: what else is Default_Ignorable_Code_Point (Unicode,
# DerivedCoreProperties), and the blank Braille pattern.
FILLERS = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]"
)


def _line(text: str) -> str:
    if any(unicodedata.category(char) == "Cc" for char in text):
        raise ValueError("must not contain control characters")
    return text


def seen(text: str) -> str:
    """The text itself; ValueError when nothing of it can be seen."""
    if all(unicodedata.category(char) in UNSEEN or FILLERS.match(char) for char in text):
        raise ValueError("must not be blank")
    return text


def _brief(text: str) -> str:
    count = len(text.split())
    if count > MAX_WORDS:
        raise ValueError(f"has {count} words, at most {MAX_WORDS} are allowed")
    return text


def _few(values: Any) -> Any:
    """Before its entries are looked at: what is too much is not, and of two names that look alike one would be lost."""
    if isinstance(values, dict):
        if len(values) > MAX_ATTRIBUTES:
            raise ValueError(f"has {len(values)} entries, at most {MAX_ATTRIBUTES} are allowed")
        if len({skeleton(name[:MAX_SHORT]) for name in values}) < len(values):
            raise ValueError("two of its names look alike")
    return values


Name = ShortName
Description = Annotated[str, Field(max_length=MAX_CHARACTERS, description="at most 100 words"), AfterValidator(_brief)]
# Bounded again where NFC has made it longer.
Category = Annotated[str, Field(max_length=MAX_SHORT), AfterValidator(clean), Field(max_length=MAX_SHORT)]
Sku = Annotated[str, Field(min_length=1, max_length=MAX_SHORT), AfterValidator(clean_name), Field(max_length=MAX_SHORT)]
Comment = Annotated[str, Field(max_length=2000)]
RequiredComment = Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(seen)]
AttributeName = Annotated[
    str, StringConstraints(min_length=1, max_length=MAX_SHORT), AfterValidator(clean_name), Field(max_length=MAX_SHORT)
]
AttributeValue = Annotated[str, StringConstraints(max_length=500), AfterValidator(_line)]
Attributes = Annotated[dict[AttributeName, AttributeValue], BeforeValidator(_few)]
Currency = Annotated[str, AfterValidator(money.known_currency), Field(examples=["EUR"])]
Price = Annotated[
    str,
    BeforeValidator(money.plain),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": r"^(0|[1-9][0-9]*)(\.[0-9]+)?$", "maxLength": 32},
                {"type": "number", "minimum": 0, "maximum": 99999999.99},
            ],
            "examples": ["19.90"],
        }
    ),
]
PriceBound = Annotated[
    int,
    BeforeValidator(lambda value: money.bound(money.plain(value))),
    WithJsonSchema({"type": "string", "pattern": r"^(0|[1-9][0-9]*)(\.[0-9]+)?$"}),
]
Version = Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)]
VersionText = Annotated[int, Field(ge=1, le=2**31 - 1)]
