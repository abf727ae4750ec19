"""The words of a text, and which of them belong together: `wi-fi` is one unit of two words, `desk lamp` are two units."""

import re
import sys
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple, TypeVar

from catalog_service.content import texts

Made = TypeVar("Made")
MAX_WORD = texts.MAX_WORD
_KEPT = 10_000
# What stands between the words of one unit. A dot or a comma between digits stays a border: 1.5 is not 15.
_JOINTS = "-'.&"
_JOINT = re.escape(_JOINTS)
_ASCII = re.compile(f"[a-z0-9]++(?:[{_JOINT}][a-z0-9]++)*+|[{re.escape(texts.SYMBOLS)}]")
_BARE = re.compile(f"([{texts.BARE}]+)")
# Typographic apostrophes and hyphens, and what only says where a word may break.
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u2019\u2018\u02bc\u00b4", "'"),
        **dict.fromkeys("\u2010\u2011", "-"),
        **dict.fromkeys("\u00ad\u200b\u2060\ufeff"),
    }
)
_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "Å": "Aa", "Ø": "Oe"}
)
_HAS_UMLAUT = re.compile("[äöüåøÄÖÜÅØ]|[aouAOU]\u0308")
# Composed by hand: to normalize takes the square of the length of a run of marks.
_DECOMPOSED = re.compile("([aouAOU])\u0308")
# Words that an apostrophe cuts off without a meaning of their own: children's, l'abat-jour.
_CLIPPED = frozenset(["s", "l", "d", "j", "m", "n", "t", "c", "qu"])


class Unit(NamedTuple):
    """What is written without a blank: its words, and all of them as one word."""

    parts: tuple[str, ...]
    joined: str

    @property
    def words(self) -> Iterator[str]:
        """Every spelling: its words, each two neighbours as one, the whole."""
        yield from self.parts
        if len(self.parts) > 1:
            yield self.joined
        if len(self.parts) > 2:
            for first, second in pairwise(self.parts):
                yield first + second


class Remembered(dict[str, Made]):
    """What is made of each piece of a text between blanks. The short ones' is kept, of so many at a time that the common
    ones are among them."""

    def __init__(self, make: Callable[[str], Made]) -> None:
        self._make = make

    def __missing__(self, piece: str) -> Made:
        made = self._make(piece)
        if len(piece) <= MAX_WORD:
            if len(self) >= _KEPT:
                self.clear()
            self[piece] = made
        return made


def units(text: str, most: int = sys.maxsize) -> list[Unit]:
    """The first units of the text, folded; symbols such as % and emoji are units of their own, and so is a CJK run."""
    found: list[Unit] = []
    for piece in text.split():
        if len(found) >= most:
            break
        found += UNITS[piece]
    return found[:most]


def spelled_out(text: str) -> str:
    """The text with ue for ü and the like, as it is typed without that key; empty where that changes nothing."""
    if text.isascii() or not _HAS_UMLAUT.search(text):
        return ""
    return _DECOMPOSED.sub(r"\1e", text).translate(_UMLAUTS)


def spellings(text: str) -> list[list[Unit]]:
    """The text's units, and those of the text with its umlauts spelled out, where it has some."""
    other = spelled_out(text)
    return [units(text), units(other)] if other else [units(text)]


def whole(spelt: list[list[Unit]]) -> list[str]:
    """All of each spelling as one word."""
    return [joined for units in spelt if (joined := "".join([unit.joined for unit in units]))]


def segments(run: str) -> list[str]:
    """A run of a script without blanks between its words, in its overlapping pairs."""
    return [run[place : place + 2] for place in range(len(run) - 1)] or [run]


def may_join(first: str, second: str) -> bool:
    """Whether two neighbours may be written as one word; two numbers would be another number."""
    return not (first.isdigit() and second.isdigit()) and not is_bare(first) and not is_bare(second)


def _mixed(chunk: str) -> Iterator[Unit]:
    for run in _BARE.split(chunk):
        if not run.strip(_JOINTS):
            continue
        if not texts.is_bare(run[0]):
            yield from _unit(run.strip(_JOINTS))
            continue
        # Pieces share a character, so that no pair is lost between them.
        for place in range(0, max(len(run) - 1, 1), MAX_WORD - 1):
            yield Unit((run[place : place + MAX_WORD],), run[place : place + MAX_WORD])


def is_bare(word: str) -> bool:
    """Whether the word is of a script without blanks between its words."""
    return not word.isascii() and texts.is_bare(word[0])


def _unit(chunk: str) -> Iterator[Unit]:
    if chunk.isalnum():
        yield Unit((chunk[:MAX_WORD],), chunk[:MAX_WORD])
        return
    parts = [part[:MAX_WORD] for part in re.split(f"[{_JOINT}]", chunk)]
    if "'" in chunk and len(parts) > 1:
        parts = [part for part in parts if part not in _CLIPPED] or parts
    if len(parts) > 4 or all(part.isdigit() for part in parts):
        yield from (Unit((part,), part) for part in parts)
    else:
        yield Unit(tuple(parts), "".join(parts)[:MAX_WORD])


def _units(piece: str) -> list[Unit]:
    # One character may be eighteen when it is folded (U+FDFA): beyond four times its length a piece is not read.
    folded = piece.lower() if piece.isascii() else texts.fold(piece.translate(_PLAIN))[: max(32, 4 * len(piece))]
    chunks = (_ASCII if folded.isascii() else _pattern()).findall(folded)
    return [unit for chunk in chunks for unit in (_unit(chunk) if not _BARE.search(chunk) else _mixed(chunk))]


UNITS = Remembered(_units)


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    """Runs of letters, marks and digits that joints hold together, and single symbols."""
    # Possessive, so that no text makes it try again.
    word = f"[^\\W_]++(?:{texts.one_of('M')}++[^\\W_]*+)*+"
    return re.compile(f"{word}(?:[{_JOINT}]{word})*+|[{re.escape(texts.SYMBOLS)}]|{texts.one_of('S')}")
