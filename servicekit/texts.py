"""Short texts for people: names, SKUs, categories. They are cleaned at one border and compared by one of two keys."""

import json
import re
import unicodedata
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Annotated

from pydantic import AfterValidator, Field

MAX_LENGTH = 255
# What a key may take in a column; NFKC alone makes 18 characters of one.
KEY_LENGTH = 255

# What cannot be seen: Default_Ignorable_Code_Point (Unicode 17, DerivedCoreProperties), all bidi controls among them, the
# interlinear annotation characters and the blank Braille pattern.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")

_MARKED = re.compile(f"(?![\n\r\t])(?:{_CONTROL.pattern}|{_UNSEEN.pattern})")


def clean(text: str) -> str:
    """The text in NFC, trimmed, with single blanks inside; may be empty.

    ValueError, which names the character, for controls and for what cannot be seen: two texts that differ in it alone
    would look the same.
    """
    found = _CONTROL.search(text) or _UNSEEN.search(text)
    if found:
        raise ValueError(f"must not contain {described(found[0])}, which cannot be seen")
    return " ".join(unicodedata.normalize("NFC", text).split())


def parted(text: str) -> list[tuple[str, str]]:
    """A long text as what can be seen and the character behind it that cannot; the last of these is empty.

    Line breaks and tabs count as seen.
    """
    found, start = [], 0
    for match in _MARKED.finditer(text):
        found.append((text[start : match.start()], match[0]))
        start = match.end()
    return [*found, (text[start:], "")]


def described(char: str) -> str:
    """A character by number and, where it has one, by name: `U+200B ZERO WIDTH SPACE`."""
    return f"U+{ord(char):04X} {unicodedata.name(char, '')}".rstrip()


def clean_name(text: str) -> str:
    """As `clean`; ValueError for a text that would be empty, too."""
    if not (name := clean(text)):
        raise ValueError("must not be blank")
    return name


# The bound before the validator keeps the work small; the one after it holds where NFC has made the text longer.
ShortText = Annotated[str, Field(max_length=MAX_LENGTH), AfterValidator(clean), Field(max_length=MAX_LENGTH)]
ShortName = Annotated[
    str, Field(min_length=1, max_length=MAX_LENGTH), AfterValidator(clean_name), Field(max_length=MAX_LENGTH)
]


def fold(text: str) -> str:
    """The key under which two spellings of one text are equal."""
    return _bounded(spelling(text))


def spelling(text: str) -> str:
    """What `fold` is made of, of any length: NFKC, without case, trimmed, with single blanks (UAX 15)."""
    return " ".join(_caseless(text).split())


def skeleton(text: str) -> str:
    """The key under which two texts that look alike are equal: the skeleton of UTS 39 section 4, without case.

    Its table makes `I`, `1` and `|` an `l`, and without case `i` is one, too. Case is dropped between two passes, since
    the table knows most letters in one case only; other scripts' capitals look like letters that their small ones do not
    (Greek nu: N and v), so where case must not count, `fold` has to be unique as well.
    """
    first = _drawn(unicodedata.normalize("NFKC", text))
    second = _drawn(_caseless(first)).replace("i", "l")
    return _bounded(" ".join(second.split()))


def _caseless(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _drawn(text: str) -> str:
    """The text with each character's prototype in its place (UTS 39, internalSkeleton)."""
    seen = _UNSEEN.sub("", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFD", seen.translate(_prototypes()))


def _bounded(key: str) -> str:
    """The key itself, or what a column can hold of it: its beginning and a digest of all."""
    if len(key) <= KEY_LENGTH:
        return key
    digest = sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    return key[: KEY_LENGTH - len(digest)] + digest


@cache
def _prototypes() -> dict[int, str]:
    """Unicode's confusables.txt by code point: what each character looks like."""
    # As one text first: single strings kept from among all that is parsed would hold on to its memory, 8 MB.
    sources, targets = _pairs()
    return {ord(source): target for source, target in zip(sources, targets.split("\n"), strict=True)}


def _pairs() -> tuple[str, str]:
    """The characters that look like another, and that of each on a line of its own, from the package's table.

    That has each pair both ways round, and right-to-left characters between marks. A prototype is what several
    characters look like, or what is more than one character.
    """
    raw = json.loads(files("confusable_homoglyphs").joinpath("confusables.json").read_bytes())
    alike = {_bare(text): [_bare(one["c"]) for one in others] for text, others in raw.items()}
    inside = {char for text in alike if len(text) > 1 for char in text}
    found = {
        text: others[0]
        for text, others in alike.items()
        if len(text) == 1 and len(others) == 1 and _is_prototype(others[0], text, alike, inside)
    }
    return "".join(found), "\n".join(found.values())


def _bare(text: str) -> str:
    return text.replace("\u200e", "")


def _is_prototype(text: str, source: str, alike: dict[str, list[str]], inside: set[str]) -> bool:
    """Whether the second of a pair stands for the first."""
    if len(text) > 1 or len(alike[text]) > 1:
        return True
    # Of a pair that has nobody else, the one that other prototypes are made of, else either.
    return (text in inside, source) > (source in inside, text)
