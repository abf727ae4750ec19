"""The words of a question in the catalogue's language: a glossary of what shoppers call things, in each word file."""

from collections.abc import Iterator, Sequence

from chat_service.understanding.lexicon import Lexicon, lexicon
from chat_service.understanding.text import fold, plain, stem

ENDINGS = frozenset(("", "s", "n", "e", "en", "es", "er", "em", "a", "o", "as", "os", "x", "in", "innen"))


def spellings(words: Sequence[str], language: str) -> Iterator[list[str]]:
    """The words as they are, and in the language of the catalogue where the glossary knows them."""
    yield list(words)
    translated = in_catalogue(words, language)
    if translated != list(words):
        yield translated


def in_catalogue(words: Sequence[str], language: str) -> list[str]:
    """The words, those that the glossary knows by what the catalogue calls them."""
    known, found, index = lexicon(language), list[str](), 0
    while index < len(words):
        length, meant = _phrase(words, index, known)
        found += meant.split()
        index += length
    return list(dict.fromkeys(found))


def _phrase(words: Sequence[str], index: int, known: Lexicon) -> tuple[int, str]:
    for length in (3, 2, 1):
        meant = known.glossary.get(" ".join(words[index : index + length]))
        if meant:
            return min(length, len(words) - index), meant
    word = words[index]
    return 1, _inflected(word, known) or _compound(plain(word), known) or word


def _inflected(word: str, known: Lexicon) -> str | None:
    root = stem(word, known.language)
    return known.kinds.get(root) if plain(word).removeprefix(root) in ENDINGS else None


def _compound(word: str, known: Lexicon) -> str | None:
    """A German compound is a kind of what its end names, or has to do with its beginning: `Küchenlampe`, `Kaffeefreund`."""
    if known.language != "de" or not 7 <= len(word) <= 40:
        return None
    ends = [known.kinds[word[index:]] for index in range(3, len(word) - 3) if word[index:] in known.kinds]
    starts = [known.glossary[word[:index]] for index in range(len(word) - 2, 3, -1) if word[:index] in known.glossary]
    return next(iter([*ends, *starts]), None)


def known_as(word: str, language: str) -> str | None:
    """The field that a value is one of, as `plastic` is a material; None for any other word."""
    tag = lexicon(language).phrases.get((plain(fold(word)),))
    return tag.name if tag and tag.table == "value" else None
