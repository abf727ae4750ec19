"""How the catalogue's texts become the words of the index, and a question the words that are looked for.

The index keeps each field's tokens as they are, parted by white space. `words` holds every word of a listing and decides
what a question finds; the other fields only say how well.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

import Stemmer

from catalog_service.content import texts
from catalog_service.search import completions, languages, names, tokens
from catalog_service.search.questions import COMPLETE, SILENT, parse
from catalog_service.search.tokens import Unit

__all__ = ["TEXT_FIELDS", "VERSION", "fields", "parse"]

TEXT_FIELDS = (
    "words",
    "name",
    "pairs",
    "head",
    "title",
    "sku",
    "seller",
    "category_words",
    "attributes",
    "endings",
    "quality",
    "completions",
)
_BRANDS = frozenset(
    ["brand", "manufacturer", "maker", "marke", "hersteller", "marque", "fabricant", "marca", "fabricante"]
)
_SHORTEST_COMPOUND = 8
_DESCRIBED = 80
_GERMAN = ("german",)


def fields(listing: Mapping[str, Any]) -> dict[str, list[str]]:
    """The tokens of each text field of a listing, given as its public answer."""
    attributes: Mapping[str, str] = listing.get("attributes") or {}
    name, category = str(listing["name"]), str(listing.get("category") or "")
    sellers = [str(listing.get("business_name") or ""), *(v for k, v in attributes.items() if texts.fold(k) in _BRANDS)]
    named, said = tokens.spellings(name), tokens.spellings(str(listing.get("description") or ""))
    values = [tokens.spellings(value) for value in attributes.values()]
    sku = tokens.spellings(str(listing.get("sku") or ""))
    spoken = languages.detect(unit.joined for spellings in (named, said, *values) for unit in spellings[0])
    things = names.heads(name, spoken)
    by_field = {
        "name": _distinct(_said(named, spoken)),
        "pairs": _distinct(_pairs(named, spoken)),
        "head": _distinct(_forms(unit, spoken) for unit in things),
        "title": tokens.whole(named),
        "sku": _distinct([*(unit.parts for units in sku for unit in units), tokens.whole(sku)]),
        "seller": _distinct(_label(seller, spoken) for seller in sellers),
        "category_words": list(_label(category, spoken)),
        "attributes": _distinct(part for spellings in values for part in _plain(spellings, spoken)),
        "endings": _endings(named, spoken),
        "quality": _quality(listing, attributes, spoken),
        "completions": _distinct(
            [
                *completions.of_name(name, things),
                *(completions.of_words(brand) for brand in sellers[1:]),
                completions.of_label(category, completions.CATEGORY),
                completions.of_label(sellers[0], f"{completions.SELLER}{listing.get('business')}"),
            ]
        ),
    }
    searched = [by_field[field] for field in ("name", "seller", "category_words", "attributes")]
    return {"words": _distinct([*searched, *_plain(said, spoken)]), **by_field}


def _quality(listing: Mapping[str, Any], attributes: Mapping[str, str], spoken: tuple[str, ...]) -> list[str]:
    """Whether the listing says all that a buyer wants to know, in which month it was published, and its language."""
    is_complete = bool(attributes and listing.get("category")) and len(listing.get("description") or "") >= _DESCRIBED
    month = str(listing.get("published_at") or "")[:7]
    language = spoken[0] if len(spoken) < len(languages.LANGUAGES) else ""
    return [token for token in (COMPLETE if is_complete else "", month, language) if token]


@lru_cache(maxsize=2048)
def _label(text: str, spoken: tuple[str, ...]) -> tuple[str, ...]:
    """A category or a seller, which many listings share: its words and the whole."""
    spellings = tokens.spellings(text)
    return tuple(_distinct([*_said(spellings, spoken), tokens.whole(spellings)]))


def _said(spellings: list[list[Unit]], spoken: tuple[str, ...]) -> Iterator[Iterable[str]]:
    """All forms of the words."""
    for units in spellings:
        for unit in dict.fromkeys(units):
            yield _forms(unit, spoken)


def _pairs(spellings: list[list[Unit]], spoken: tuple[str, ...]) -> Iterator[Iterable[str]]:
    """Each two neighbours written as one word: `desklamp` finds a desk lamp."""
    for units in spellings:
        for one, two in pairwise(units):
            if tokens.may_join(one.joined, two.joined) and not {one.joined, two.joined} & SILENT:
                yield _word_forms(one.joined + two.joined, spoken)


def _plain(spellings: list[list[Unit]], spoken: tuple[str, ...]) -> Iterator[Iterable[str]]:
    """All forms of the words, and each number with its unit as one: `46cm` finds 46 cm."""
    yield from _said(spellings, spoken)
    for units in spellings:
        for one, two in pairwise(units):
            if one.joined[0].isdigit() and one.joined.isdigit() and two.joined.isalpha():
                yield (one.joined + two.joined,)


def _forms(unit: Unit, spoken: tuple[str, ...]) -> Iterable[str]:
    if len(unit.parts) == 1:
        return _word_forms(unit.joined, spoken)
    return [form for word in unit.words for form in _word_forms(word, spoken)]


@lru_cache(maxsize=20_000)
def _word_forms(word: str, spoken: tuple[str, ...]) -> tuple[str, ...]:
    if tokens.is_bare(word):
        return (*word, *tokens.segments(word))
    return (word[: tokens.MAX_WORD], *languages.stems(word, spoken))


def _endings(spellings: list[list[Unit]], spoken: tuple[str, ...]) -> list[str]:
    """The long words of a name turned round, so that a German compound is found by what it ends with."""
    if "german" not in spoken:
        return []
    words = [part for units in spellings for unit in units for part in unit.parts if len(part) >= _SHORTEST_COMPOUND]
    return _distinct([form[::-1] for form in _word_forms(word, _GERMAN)] for word in words)


def _distinct(parts: Iterable[Iterable[str]]) -> list[str]:
    return list(dict.fromkeys(token for part in parts for token in part if token))


def _version() -> str:
    """A hash of everything that decides which tokens a listing gets: an index of another version is built anew."""
    here = Path(__file__).parent
    modules = ("analysis.py", "completions.py", "languages.py", "names.py", "questions.py", "tokens.py")
    digest = sha256(f"{Stemmer.version()} {unicodedata.unidata_version}".encode())
    for source in (*(here / module for module in modules), here / "language/words.toml", Path(texts.__file__)):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


VERSION = _version()
