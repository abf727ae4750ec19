"""Compares attributes that are one number with a unit: `2.4 kg` and `780 g`; anything else cannot be compared."""

import re
from decimal import Decimal

from chat_service.understanding.amounts import decimal

MEASURE = re.compile(r"(?:ca\.? |about |approx\.? )?(\d[\d.,']{0,15})\s*([^\W\d_]{1,12})?(?: each)?")
UNITS = {
    "mm": ("m", "0.001"), "cm": ("m", "0.01"), "dm": ("m", "0.1"), "m": ("m", "1"), "km": ("m", "1000"),
    "in": ("m", "0.0254"), "inch": ("m", "0.0254"), "inches": ("m", "0.0254"), "ft": ("m", "0.3048"),
    "mg": ("g", "0.001"), "g": ("g", "1"), "kg": ("g", "1000"), "t": ("g", "1000000"), "oz": ("g", "28.349523125"),
    "lb": ("g", "453.59237"), "lbs": ("g", "453.59237"), "ml": ("l", "0.001"), "cl": ("l", "0.01"), "l": ("l", "1"),
}  # fmt: skip


def measured(value: str) -> tuple[Decimal, str] | None:
    """The value in the base unit of its kind, and that unit; None for ranges, areas and words."""
    found = MEASURE.fullmatch(value.strip().casefold())
    number = decimal(found[1]) if found else None
    if found is None or number is None:
        return None
    base, factor = UNITS.get(found[2] or "", (found[2] or "", "1"))
    return number * Decimal(factor), base
