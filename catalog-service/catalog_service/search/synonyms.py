"""Words that mean the same to a buyer, read from text files that an operator may add to."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from catalog_service.search import languages, tokens
from servicekit.settings import refusal

MOST = 6
BUILT_IN = Path(__file__).parent / "language" / "synonyms"


class Synonyms:
    """The lines of all `*.txt` files of some folders: words of one meaning, with commas between, after # a comment.

    Words are compared as the index keeps them, so `Sofa` stands for sofas, too; `cell phone` is looked for as one word,
    which each two neighbours in a name are.
    """

    def __init__(self, folders: Iterable[Path]) -> None:
        self._others: dict[str, list[str]] = {}
        for folder in folders:
            for file in sorted(folder.glob("*.txt")):
                for line in _lines(file):
                    self._add(line.split("#")[0])

    def _add(self, line: str) -> None:
        alike = [whole for text in line.split(",") if (whole := "".join(unit.joined for unit in tokens.units(text)))]
        for word in alike:
            others = [other for other in alike if other != word]
            for key in (word, *languages.stems(word)):
                self._others.setdefault(key, []).extend(others)

    def of(self, words: Iterable[str]) -> Iterator[str]:
        """At most MOST others for these spellings of a word."""
        found: dict[str, None] = {}
        for word in words:
            for key in (word, *languages.stems(word)):
                found.update(dict.fromkeys(self._others.get(key, ())))
        yield from list(found)[:MOST]


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise refusal(f"SEARCH_SYNONYMS: {file} is no text in UTF-8") from None


NONE = Synonyms([])
