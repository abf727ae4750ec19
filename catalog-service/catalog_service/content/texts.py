"""When two texts look the same to a searcher, and what the words of a text are.

Both databases index these words as they are, so both give the same answers.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

MAX_WORD = 64
# Letters that Unicode does not decompose, but that people type without their stroke or ligature.
_STROKES = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i", "ħ": "h"}
)
# Punctuation that belongs to what is sold (100%, C++, #1); all other only parts words.
SYMBOLS = "%_*#+$"
_ASCII = re.compile(f"[a-z0-9]+|[{re.escape(SYMBOLS)}]")
# SQLite's tokenizer parts words at any ASCII symbol, so symbols are indexed as private characters.
_PRIVATE = {symbol: chr(0xE000 + ord(symbol)) for symbol in SYMBOLS}
BARE = "\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # scripts without spaces between words
_BARE = re.compile(f"[{BARE}]")


def fold(text: str) -> str:
    """The text without case, accents and compatibility forms (NFKD, casefold; UAX 15)."""
    if text.isascii():
        return text.lower()
    # Marks go before they are put in order, which takes the square of a run's length; U+0345 folds to a letter.
    plain = _marks().sub(lambda found: "\u0345" * found[0].count("\u0345"), text)
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", plain).casefold())
    return unicodedata.normalize("NFC", _marks().sub("", decomposed).translate(_STROKES))


def words(*texts: str) -> list[str]:
    """The distinct words of the texts, folded. Symbols such as % and emoji are words of their own."""
    found: dict[str, None] = {}
    for text in texts:
        folded = fold(text)
        found.update(dict.fromkeys(_ASCII.findall(folded) if folded.isascii() else _split(folded)))
    return [_PRIVATE.get(word, word)[:MAX_WORD] for word in found]


@lru_cache(maxsize=1)
def _marks() -> re.Pattern[str]:
    """Runs of what stands above, below or in a letter."""
    return re.compile(f"(?:{_class(unicodedata.combining)})++")


def one_of(kind: str) -> str:
    """A pattern for one character beyond ASCII of this kind of Unicode's general categories, such as `S`, the symbols."""
    return _class(lambda char: unicodedata.category(char)[0] == kind)


def _class(belongs: Callable[[str], object]) -> str:
    # In two classes: one beyond 16 bits is gone through range by range, for each character that is looked at.
    low, high = ("".join(filter(belongs, map(chr, codes))) for codes in (range(0x80, 0x10000), range(0x10000, 0x20000)))
    return f"(?:[{low}]|(?=[\U00010000-\U0001ffff])[{high}])"


def is_bare(char: str) -> bool:
    """Whether the character is of a script without spaces between words."""
    return _BARE.match(char) is not None


def _split(text: str) -> list[str]:
    parts = [""]
    for char in text:
        category = unicodedata.category(char)
        if _BARE.match(char) and char.isalnum():
            parts += [char, ""]
        elif char.isalnum() or (category[0] == "M" and parts[-1]):
            if len(parts[-1]) < MAX_WORD:
                parts[-1] += char
        elif char in _PRIVATE or (category[0] == "S" and char > "\x7f"):
            parts += [char, ""]
        elif parts[-1]:
            parts.append("")
    return [part for part in parts if part]
