"""Exact money: decimal strings outside, whole minor units inside (ISO 4217 exponents), no rounding anywhere."""

import re
from decimal import Decimal

from iso4217 import Currency

# Currencies with an exponent; the rest of ISO 4217 are metals, test codes and units of account.
EXPONENTS: dict[str, int] = {one.code: one.exponent for one in Currency if one.exponent is not None}
FINEST = max(EXPONENTS.values())
LIMIT = Decimal("99999999.99")
_PLAIN = re.compile(r"(0|[1-9][0-9]*)(?:\.([0-9]+))?", re.ASCII)


def known_currency(code: str) -> str:
    """The code itself; ValueError for anything but an ISO 4217 code in capitals that money comes in."""
    if code not in EXPONENTS:
        raise ValueError("must be an ISO 4217 code like EUR")
    return code


def plain(value: object) -> str:
    """A price as sent, as plain decimal digits; ValueError naming what is wrong with it.

    Takes a decimal string, or a JSON number (which arrives as int or Decimal, never as float).
    """
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise ValueError('must be a decimal string like "19.90"')
    text = value if isinstance(value, str) else str(value)
    if len(text) > 32:
        raise ValueError("has too many digits")
    found = _PLAIN.fullmatch(text)
    if found is None:
        raise ValueError(_fault(text))
    if Decimal(text) > LIMIT:
        raise ValueError(f"must be at most {LIMIT}")
    return text


def _fault(text: str) -> str:
    lowered = text.strip().lower()
    if lowered.lstrip("+-") in {"nan", "snan", "inf", "infinity"}:
        return "must be a number"
    if re.fullmatch(r"-[0-9.]+", lowered):
        return "must not be negative"
    if lowered.startswith("+"):
        return "must have no sign"
    if re.fullmatch(r"[+-]?[0-9.]+e[+-]?[0-9]+", lowered):
        return "must have no exponent"
    if re.fullmatch(r"0[0-9]+(\.[0-9]+)?", lowered):
        return "must have no leading zeros"
    return 'must be a decimal string like "19.90"'


def to_minor(price: str, currency: str) -> int:
    """Whole minor units of a plain decimal; ValueError when it has more places than the currency."""
    whole, _, fraction = price.partition(".")
    places = EXPONENTS[currency]
    if len(fraction) > places:
        raise ValueError(f"{currency} has {places or 'no'} decimal places")
    return int(whole + fraction.ljust(places, "0"))


def to_decimal(minor: int, currency: str) -> str:
    """The price as clients read it: always with all places of the currency."""
    places = EXPONENTS[currency]
    if not places:
        return str(minor)
    digits = str(minor).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}"


def convert(minor: int, old: str, new: str) -> int:
    """The same decimal value in another currency's minor units; ValueError when that would round."""
    if old == new:
        return minor
    value = to_decimal(minor, old)
    return to_minor(value.rstrip("0").rstrip(".") if "." in value else value, new)


def bound(price: str) -> int:
    """A price bound of a filter in ten-thousandths; ValueError when it is finer than any currency."""
    whole, _, fraction = price.partition(".")
    if len(fraction) > FINEST:
        raise ValueError(f"has at most {FINEST} decimal places")
    return int(whole + fraction.ljust(FINEST, "0"))


def least(bound: int, currency: str) -> int:
    """The lowest price in the currency's minor units that is not below the bound, which is in ten-thousandths."""
    return -int(-bound // 10 ** (FINEST - EXPONENTS[currency]))


def most(bound: int, currency: str) -> int:
    """The highest price in the currency's minor units that is not above the bound, which is in ten-thousandths."""
    return int(bound // 10 ** (FINEST - EXPONENTS[currency]))
