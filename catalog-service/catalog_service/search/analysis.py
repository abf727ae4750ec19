"""How the catalogue's texts become the words of the index, and a question the words that are looked for.

The index keeps each field's tokens as they are, parted by white space. `words` holds every word of a listing and decides
what a question finds; the other fields only say how well.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from hashlib import sha256
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import Stemmer

from catalog_service.content import texts
from catalog_service.search import completions, languages, names, tokens
from catalog_service.search.questions import COMPLETE, SILENT, parse
from catalog_service.search.tokens import UNITS, Remembered, Unit

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
    named, sku = tokens.spellings(name), tokens.spellings(str(listing.get("sku") or ""))
    said = [str(text).split() for text in (name, listing.get("description") or "", *attributes.values())]
    spoken = languages.detect(chain.from_iterable(map(_TELLING.__getitem__, chain(*said))))
    forms, things = _forms(spoken), names.heads(name, spoken)
    in_name, in_description, *in_attributes = (_ways(pieces, forms) for pieces in said)
    by_field = {
        "name": _distinct(in_name),
        "pairs": _distinct(_pairs(named, spoken)),
        "head": _distinct(forms[word] for unit in things for word in unit.words),
        "title": tokens.whole(named),
        "sku": _distinct([*(unit.parts for units in sku for unit in units), tokens.whole(sku)]),
        "seller": _distinct(_label(seller, spoken) for seller in sellers),
        "category_words": _label(category, spoken),
        "attributes": _distinct(chain.from_iterable(in_attributes)),
        "endings": _endings(named) if "german" in spoken else [],
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
    return {"words": _distinct([*searched, *in_description]), **by_field}


# The words of a piece that tell of a language.
_TELLING = Remembered(lambda piece: [unit.joined for unit in UNITS[piece] if unit.joined in languages.TELLING])


def _quality(listing: Mapping[str, Any], attributes: Mapping[str, str], spoken: tuple[str, ...]) -> list[str]:
    """Whether the listing says all that a buyer wants to know, in which month it was published, and its language."""
    is_complete = bool(attributes and listing.get("category")) and len(listing.get("description") or "") >= _DESCRIBED
    month = str(listing.get("published_at") or "")[:7]
    language = spoken[0] if len(spoken) < len(languages.LANGUAGES) else ""
    return [token for token in (COMPLETE if is_complete else "", month, language) if token]


@lru_cache(maxsize=2048)
def _label(text: str, spoken: tuple[str, ...]) -> list[str]:
    """A category or a seller, which many listings share: its words and the whole."""
    return _distinct([*_ways(text.split(), _forms(spoken)), tokens.whole(tokens.spellings(text))])


def _ways(pieces: list[str], forms: Remembered[list[str]]) -> Iterator[Iterable[str]]:
    """All forms of the words, and each number with its unit as one: `46cm` finds 46 cm."""
    yield from map(forms.__getitem__, pieces)
    for place in [place for place, piece in enumerate(pieces, 1) if piece[-1].isdigit()]:
        one, two = UNITS[pieces[place - 1]][-1:], [unit for piece in pieces[place : place + 1] for unit in UNITS[piece]]
        if one and two and one[0].joined.isdigit() and two[0].joined.isalpha():
            yield [one[0].joined + two[0].joined]


def _pairs(spellings: list[list[Unit]], spoken: tuple[str, ...]) -> Iterator[Iterable[str]]:
    """Each two neighbours written as one word: `desklamp` finds a desk lamp."""
    for units in spellings:
        for one, two in pairwise(unit.joined for unit in units):
            if one not in SILENT and two not in SILENT and tokens.may_join(one, two):
                yield _of_word(one + two, spoken)


@lru_cache(maxsize=8)
def _forms(spoken: tuple[str, ...]) -> Remembered[list[str]]:
    """What a piece of a text in these languages is found by."""
    return Remembered(
        lambda piece: _distinct(
            _of_word(word, spoken) for units in tokens.spellings(piece) for unit in units for word in unit.words
        )
    )


@lru_cache(maxsize=20_000)
def _of_word(word: str, spoken: tuple[str, ...]) -> Iterable[str]:
    if tokens.is_bare(word):
        return (*word, *tokens.segments(word))
    return (word[: tokens.MAX_WORD], *languages.stems(word, spoken))


def _endings(spellings: list[list[Unit]]) -> list[str]:
    """The long words of a name turned round, so that a German compound is found by what it ends with."""
    words = [part for units in spellings for unit in units for part in unit.parts if len(part) >= _SHORTEST_COMPOUND]
    return _distinct([form[::-1] for form in _forms(_GERMAN)[word]] for word in words)


def _distinct(parts: Iterable[Iterable[str]]) -> list[str]:
    return list(dict.fromkeys(chain.from_iterable(parts)))


def _version() -> str:
    """A hash of everything that decides which tokens a listing gets: an index of another version is built anew."""
    here = Path(__file__).parent
    modules = ("analysis.py", "completions.py", "languages.py", "names.py", "questions.py", "tokens.py")
    digest = sha256(f"{Stemmer.version()} {unicodedata.unidata_version}".encode())
    for source in (*(here / module for module in modules), here / "language/words.toml", Path(texts.__file__)):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


VERSION = _version()
