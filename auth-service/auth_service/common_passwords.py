"""The blocklist: passwords that attackers try first, of the lengths that the length rule lets through.

They are made of the words in common_words.txt, whose head names the sources, in the ways that those sources describe:
a word with years, counts and marks around it, a word twice, letters swapped for look-alikes, walks over a keyboard,
sequences and repetitions. `entries()` spells hundreds of thousands of them out; `is_common()` knows the patterns, and
so refuses every entry in any case, with any look-alikes and with affixes that nobody thought of listing.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from pathlib import Path

from servicekit.texts import spelling

SHORTEST = 10
LONGEST_AFFIX = 8
SHORTEST_RUN = 3

ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm", "azertyuiop", "wxcvbn")
COLUMNS = ("1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "!@#$%^&*()")
SEQUENCES = (
    "abcdefghijklmnopqrstuvwxyz",
    "qazwsxedcrfvtgbyhnujmikolp",
    "a1b2c3d4e5f6g7h8i9j0",
    "123456789101112",
    "1a2b3c4d5e6f7g8h9i0j",
)
WALKS = tuple(line[::way] for line in (*ROWS, *COLUMNS, *SEQUENCES) for way in (1, -1))
# Twice round each, so that a piece may go over its end.
_LAPS = "\n".join(line + line for line in WALKS)
LONGEST_RUN = 2 * max(map(len, WALKS))

YEARS = tuple(str(year) for year in range(1960, 2031))
COUNTS = ("1", "12", "123", "1234", "12345", "123456", "01", "007", "69", "666", "777", "111", "321", "00", "99")
MARKS = ("", "!", ".", "@", "#", "$", "*", "_")
LOOK_ALIKES = str.maketrans({"@": "a", "4": "a", "3": "e", "1": "i", "!": "i", "0": "o", "$": "s", "5": "s", "7": "t"})


@lru_cache(maxsize=1)
def words() -> frozenset[str]:
    """What common passwords are made of."""
    lines = (Path(__file__).parent / "common_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def entries() -> Iterator[str]:
    """Common passwords of ten characters and more, spelt out: hundreds of thousands of them."""
    for word in sorted(words()):
        forms = [word, word + word]
        forms += [word + tail + mark for tail, mark in product((*YEARS, *COUNTS), MARKS)]
        forms += [head + word for head in (*YEARS, "123", "1234", "12345")]
        yield from (form for form in forms if len(form) >= SHORTEST)
    for line in WALKS:
        yield from (line[:size] for size in range(SHORTEST, len(line) + 1))
    for digit in "0123456789abcdefghijklmnopqrstuvwxyz":
        yield digit * SHORTEST


def is_common(password: str) -> bool:
    """Whether it is one of the first that an attacker would try."""
    text = spelling(password).replace(" ", "")
    return _is_repetition(text) or _is_walk(text) or _is_dressed_word(text)


def _is_dressed_word(text: str) -> bool:
    """A common word, perhaps with look-alikes or twice, with little around it."""
    core = text.lstrip("0123456789!?.,;:@#$%^&*()_-+=/").rstrip("0123456789!?.,;:@#$%^&*()_-+=/")
    start = text.find(core)
    affix = text[:start] + text[start + len(core) :]
    if len(affix) > LONGEST_AFFIX and not _is_walk(affix) and not _is_repetition(affix):
        return False
    # A look-alike at either end was taken for an affix: the whole text is tried as well.
    return any(_is_word(form.translate(LOOK_ALIKES)) for form in (core, text, text.rstrip("0123456789"))) or _is_word(
        core
    )


def _is_word(text: str) -> bool:
    half = len(text) // 2
    return text in words() or (text[:half] == text[half:] and text[:half] in words())


def _is_repetition(text: str) -> bool:
    """Two different characters at most, or a few of them over and over."""
    if len(set(text)) <= 2:
        return True
    return any(text == (text[:size] * len(text))[: len(text)] for size in range(1, min(4, len(text) // 2) + 1))


def _is_walk(text: str) -> bool:
    """Nothing but pieces, three characters and longer, of rows, columns and sequences in either direction."""
    reached = {0}
    for start in range(len(text) - SHORTEST_RUN + 1):
        if start in reached:
            reached.update(_ends(text, start))
    return bool(text) and len(text) in reached


def _ends(text: str, start: int) -> Iterator[int]:
    """Where the pieces end that begin there; what goes on after no piece is none."""
    for end in range(start + SHORTEST_RUN, min(len(text), start + LONGEST_RUN) + 1):
        if text[start:end] not in _LAPS:
            return
        yield end
