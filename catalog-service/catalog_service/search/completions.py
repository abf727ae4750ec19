"""What the index can complete: the words and things of names, brands, categories and sellers."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from catalog_service.search import tokens
from catalog_service.search.questions import SILENT
from catalog_service.search.tokens import Remembered, Unit

# A completion is what it is found by, what is shown and what it is, parted by SHOWN, with BLANK for each blank.
SHOWN, BLANK = "\ue001", "\ue000"
CATEGORY, SELLER = "c", "s"
_MOST_STARTS = 4
_SHOWN_WORD = re.compile(r"[^\W_]+(?:[-'\u2019][^\W_]+)*")
_SHORTEST_SHOWN = 3


def of_name(name: str, things: Iterable[Unit]) -> Iterator[list[str]]:
    """What a beginning may go on to: the words of the name, and what the thing is with the word before it."""
    wanted = {unit.joined for unit in things}
    before = ""
    for word in _SHOWN_WORD.findall(name.lower()):
        if len(word) < _SHORTEST_SHOWN or word.isdigit():
            continue
        whole, ways = _WORDS[word]
        yield ways
        if before and whole in wanted:
            yield of_words(f"{before} {word}")
        before = word


def _word(word: str) -> tuple[str, list[str]]:
    """What it is as the index keeps it; and its completions, with those of its parts."""
    [whole] = tokens.whole([tokens.units(word)]) or [""]
    if not whole or whole in SILENT:
        return "", []
    parts = [part for part in word.split("-") if len(part) >= _SHORTEST_SHOWN] if "-" in word else []
    return whole, [one for text in (word, *parts) for one in of_words(text)]


_WORDS = Remembered(_word)


@lru_cache(maxsize=4096)
def of_words(text: str) -> list[str]:
    """A word or two of a listing, shown in small letters."""
    shown = _shown(text.lower())
    return [f"{key}{SHOWN}{shown}{SHOWN}" for key in keys(text)]


@lru_cache(maxsize=2048)
def of_label(text: str, kind: str) -> list[str]:
    """A category or a seller is completed from each of its words on."""
    words, shown = text.split(), _shown(text)
    rests = (" ".join(words[start:]) for start in range(min(len(words), _MOST_STARTS)))
    return [f"{key}{SHOWN}{shown}{SHOWN}{kind}" for rest in rests for key in keys(rest)]


def _shown(text: str) -> str:
    return BLANK.join(text.replace(SHOWN, "").replace(BLANK, "").split())


def keys(text: str) -> list[str]:
    """What a completion is found by: the words, in either spelling."""
    return [key for units in tokens.spellings(text) if (key := BLANK.join(unit.joined for unit in units))]
