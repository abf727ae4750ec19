"""Characters that could forge a line of a log or drive the terminal that shows it."""

import re

# Control characters (C0, DEL, C1), Unicode's ends of lines, and what turns the direction of a line.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def escaped(text: str) -> str:
    r"""The text with each of them as JSON writes it: a line feed as `\u000a`."""
    return text if text.isprintable() else _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
