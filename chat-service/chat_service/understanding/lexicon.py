"""What words of a question mean, one file a language: `words/en.toml` and so on.

Their glossaries hold what shoppers call things, in the words of the catalogue.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from chat_service.understanding.text import JAPANESE, TOKEN, fold, plain, stem

FOLDER = Path(__file__).with_name("words")
LONGEST_PHRASE = 7
LONGEST_BEGINNING = 16
# "klein" and "kleiner" have one stem and are not the same.
DEGREES = frozenset({"order", "sort", "more", "less", "value"})
HIRAGANA, KANJI = "\u3041-\u309f", "\u30a0-\u30ff\u4e00-\u9fff々〆"
SIGN = r"[$£€¥₩₹%&?!.,;:、。]"
NUMBER = r"\d{1,3}(?: \d{3}){1,2}(?!\d)|\d+(?:[.,']\d+)*(?:k|tsd|mio|千|万)?(?![^\W_]|[-+][^\W\d_])"
NUMERAL = "[〇一二三四五六七八九十百千万]{1,12}(?=円|ユーロ|ドル|ポンド)"
SPACED = re.compile(rf"{NUMBER}|{TOKEN.pattern}|{SIGN}")
ENDINGS = frozenset(("", "s", "n", "e", "en", "es", "er", "em", "a", "o", "as", "os", "x", "in", "innen"))
CURRENCY_BEHIND = re.compile(r"(\d+(?:[.,']\d+)*)([^\W\d_]+)")


@dataclass(frozen=True, slots=True)
class Tag:
    """A meaning: its table in the file, and its name there."""

    table: str
    name: str


NONE, THING = Tag("", ""), Tag("thing", "")


@dataclass
class Lexicon:
    """One language's phrases, as they are and by stems; a phrase that ends in * stands for all words that begin so.

    Degrees of comparison are found as they are only.
    """

    language: str
    phrases: dict[tuple[str, ...], Tag] = field(default_factory=dict)
    stemmed: dict[tuple[str, ...], Tag] = field(default_factory=dict)
    beginnings: dict[str, Tag] = field(default_factory=dict)
    glossary: dict[str, str] = field(default_factory=dict)  # what shoppers call things → what the catalogue does
    kinds: dict[str, str] = field(default_factory=dict)  # the same by stems
    pattern: re.Pattern[str] = SPACED
    starts: set[str] = field(default_factory=set)  # of phrases, by words or by stems

    def cut(self, folded: str) -> list[str]:
        """A folded text in words, numbers and signs; `50eur` is two."""
        return [part for token in self.pattern.findall(folded) for part in self._parted(token)]

    def _parted(self, token: str) -> tuple[str, ...]:
        found = CURRENCY_BEHIND.fullmatch(token) if len(token) < LONGEST_BEGINNING and token[0].isdigit() else None
        return found.groups() if found and self.phrases.get((found[2],), NONE).table == "currency" else (token,)

    def at(self, words: list[str], stems: list[str], index: int) -> tuple[int, Tag]:
        """The length in words of the longest phrase that begins there, and its tag; `words` are without accents."""
        if words[index] in self.starts or stems[index] in self.starts:
            for length in range(min(LONGEST_PHRASE, len(stems) - index), 0, -1):
                tag = self.phrases.get(tuple(words[index : index + length]))
                tag = tag or self.stemmed.get(tuple(stems[index : index + length]))
                if tag:
                    return length, tag
        word = words[index]
        for size in range(min(len(word), LONGEST_BEGINNING), 2, -1):
            if word[:size] in self.beginnings:
                return 1, self.beginnings[word[:size]]
        return 0, NONE


@cache
def languages() -> tuple[str, ...]:
    """The languages that questions are read in; English first."""
    return tuple(sorted((path.stem for path in FOLDER.glob("*.toml")), key=lambda name: (name != "en", name)))


@cache
def lexicon(language: str) -> Lexicon:
    """What a language's words mean; nothing for a language without a file, which a model may name."""
    if language not in languages():
        return Lexicon(language)
    tables = tomllib.loads((FOLDER / f"{language}.toml").read_text("utf-8"))
    found = Lexicon(language, glossary={fold(word): meant for word, meant in tables.pop("glossary", {}).items()})
    found.kinds = {stem(word, language): meant for word, meant in found.glossary.items()}
    for tag, phrase in _phrases(tables):
        if phrase.endswith("*"):
            found.beginnings[plain(phrase[:-1])] = tag
        else:
            words = _words(phrase)
            found.phrases[tuple(map(plain, words))] = tag
            if tag.table not in DEGREES:
                found.stemmed[tuple(stem(word, language) for word in words)] = tag
    # What shoppers call a thing in several words is one word.
    found.phrases.update({tuple(map(plain, _words(word))): THING for word in found.glossary if " " in word})
    found.starts = {key[0] for key in (*found.phrases, *found.stemmed) if key}
    if language == "ja":
        # Japanese has no spaces: its phrases are found in the running text, the longest first.
        known = sorted({*("".join(key) for key in found.phrases), *found.glossary}, key=len, reverse=True)
        found.pattern = _running(known)
    return found


def _running(known: list[str]) -> re.Pattern[str]:
    """Cuts a text without spaces: phrases, numbers, Latin words, and runs of one script up to the next long phrase."""
    phrase, long = ("|".join(re.escape(each) for each in known if len(each) > size) for size in (0, 1))
    runs = "|".join(rf"(?:(?!{long})[{script}])+" for script in (KANJI, HIRAGANA))
    return re.compile(
        rf"{NUMERAL}|{phrase}|{NUMBER.split('(?![^')[0]}|[a-z0-9]+(?:['.+\-][a-z0-9]+)*|{runs}|[^\W_]|{SIGN}"
    )


def _phrases(tables: dict[str, dict[str, str]]) -> Iterator[tuple[Tag, str]]:
    # What comes later wins: a word that joins may also open a question.
    for table, meanings in sorted(tables.items(), key=lambda item: item[0] != "follow"):
        for name, phrases in meanings.items():
            for phrase in phrases.split(","):
                if phrase.strip():
                    yield Tag(table, name), fold(phrase)


def _words(phrase: str) -> list[str]:
    return [phrase.replace(" ", "")] if JAPANESE.search(phrase) else TOKEN.findall(phrase)


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
