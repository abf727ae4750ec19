"""Cuts a text that arrives in pieces into sentences, so that each can be checked before it is sent."""

import re
from collections.abc import Iterable, Iterator

_BREAK = re.compile(r"\n+|[.!?…\u3002\uff01\uff1f]+[\"'”»)\]*_]*(?=\s|$)\s*")

LONGEST = 2_000


class Splitter:
    """Sentences end at a full stop before white space, or at a line's end; a point inside a name ends none."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._text = ""
        # What a text ends with when it stops at a point inside a name.
        self._stops = tuple(
            name[: match.end()].casefold() for name in names for match in re.finditer(r"[.!?…]+(?=\s)", name)
        )

    def feed(self, piece: str) -> Iterator[str]:
        """The sentences that are complete now, each with the white space after it."""
        self._text += piece
        start = 0
        while found := self._next(start):
            # The last break may go on: "129." becomes "129.00" with the next piece.
            if found.end() == len(self._text) and "\n" not in found[0]:
                break
            yield self._text[: found.end()]
            self._text = self._text[found.end() :]
            start = 0
        if len(self._text) > LONGEST:
            yield self.rest()

    def _next(self, start: int) -> re.Match[str] | None:
        for found in _BREAK.finditer(self._text, start):
            if found[0][0] == "\n" or not self._inside_name(self._text[: found.end()].rstrip()):
                return found
        return None

    def _inside_name(self, text: str) -> bool:
        """Whether the text stops in the middle of a name, as after the point of `Dr. Kettle`."""
        if re.search(r"(?:^|\n)\s*\d{1,2}\.$", text):
            return True
        return bool(self._stops) and text.casefold().endswith(self._stops)

    def rest(self) -> str:
        """What was left without an end."""
        text, self._text = self._text, ""
        return text
