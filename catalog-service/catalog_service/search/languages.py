"""The languages of the catalogue: which one a text is in, the stems of its words, and the words that say nothing alone."""

import threading
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import Stemmer

LANGUAGES = ("english", "german", "french", "spanish")
# Before a stem and its language's letter: a stem is no word, and the German one of "poster" is not the English "post".
STEM = "~"
_DATA = Path(__file__).parent / "language" / "words.toml"
_TABLE: dict[str, dict[str, list[str]]] = tomllib.loads(_DATA.read_text())
COMMON = frozenset(word for language in LANGUAGES for kind in ("common", "links") for word in _TABLE[language][kind])
LINKS = frozenset(word for language in LANGUAGES for word in _TABLE[language]["links"])
PACKED = frozenset(_TABLE["modifiers"]["packed"])
LOOKS = frozenset(_TABLE["modifiers"]["looks"])
# Fewer function words than this prove no language, and a second language needs this part of the first one's.
_PROOF = 1.5
_SECOND = 0.4
_SHORTEST_STEMMED = 3

_local = threading.local()


def _telling() -> dict[str, dict[str, float]]:
    tells: dict[str, list[str]] = defaultdict(list)
    for language in LANGUAGES:
        for word in {word for words in _TABLE[language].values() for word in words}:
            tells[word].append(language)
    return {word: {language: 1 / len(languages) for language in languages} for word, languages in tells.items()}


TELLING = _telling()


_LETTERS = {"german": "äöüß", "french": "àâæçèéêëîïôûùœ", "spanish": "áéíñóú¿¡"}


def of_question(q: str, words: Iterable[str]) -> tuple[str, ...]:
    """The languages that a question may be in, by its letters and function words; all where it has neither."""
    lettered = tuple(name for name, letters in _LETTERS.items() if not set(letters).isdisjoint(q.lower()))
    told = _points(words)
    best = max(told.values())
    if best < 1:
        return lettered or LANGUAGES
    return tuple(name for name in LANGUAGES if told[name] == best and (not lettered or name in lettered)) or LANGUAGES


def detect(words: Iterable[str]) -> tuple[str, ...]:
    """The languages that the folded words of a text are in, by its function words; all where there are too few."""
    points = _points(words)
    best = max(points.values())
    if best < _PROOF:
        return LANGUAGES
    return tuple(language for language in LANGUAGES if points[language] >= best * _SECOND)


def _points(words: Iterable[str]) -> dict[str, float]:
    points = dict.fromkeys(LANGUAGES, 0.0)
    for word in words:
        for language, weight in TELLING.get(word, {}).items():
            points[language] += weight
    return points


def stems(word: str, languages: tuple[str, ...] = LANGUAGES) -> tuple[str, ...]:
    """The marked stems of a folded word in these languages; none of a number, a symbol or a short word.

    A stem of three letters that lost more than one says too little: in German that of leather ("Leder") is "led".
    """
    if len(word) < _SHORTEST_STEMMED or not word.isalpha():
        return ()
    forms = [(mark, stemmer.stemWord(word)) for mark, stemmer in _stemmers(languages)]
    if word[-1] == "s":
        forms += [
            (mark, stemmer.stemWord(one)) for mark, stemmer in _stemmers(languages) for one in _singular(word, mark)
        ]
    return tuple(dict.fromkeys([mark + stem for mark, stem in forms if len(stem) > 3 or len(word) - len(stem) < 2]))


def _singular(word: str, mark: str) -> list[str]:
    """Plurals of which snowball makes another stem than of the word: knives, oreillers, sartenes."""
    if mark == STEM + "e":
        return [word[:-3] + "f", word[:-3] + "fe"] if word.endswith("ves") else []
    if mark == STEM + "s" and word.endswith("es"):
        return [word[:-2]]
    return [word[:-1]] if mark == STEM + "f" else []


def _stemmers(languages: tuple[str, ...]) -> list[tuple[str, Stemmer.Stemmer]]:
    # A stemmer works in a buffer of its own, so no two threads may share it.
    known: dict[str, tuple[str, Stemmer.Stemmer]] = _local.__dict__
    for language in languages:
        if language not in known:
            known[language] = STEM + language[0], Stemmer.Stemmer(language, 0)
    return [known[language] for language in languages]
