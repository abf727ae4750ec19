"""What is asked of the index for a text that somebody typed: which words must be there, and what raises a listing.

Everything is bounded: further words are left out, and each word has so many ways to match and no more.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import NamedTuple

from catalog_service.search import languages, tokens
from catalog_service.search.port import Alternative, Group, Parsed
from catalog_service.search.synonyms import NONE, Synonyms
from catalog_service.search.tokens import Unit

MAX_WORDS = 24
MAX_RANKED = 8
MAX_ALTERNATIVES = 60
# Words before the last one are beginnings, too, from this length on; the ends of compounds are looked at from that on.
_SHORTEST_BEGINNING = 4
_SHORTEST_ENDING = 4
# The languages that write two words as one.
_COMPOUNDING = ("english", "german")

# How well a way to match counts. A prefix counts the same for every listing, about as much as a frequent word.
_STEM, _SPELLING, _SYNONYM = 0.7, 0.9, 0.5
_BEGINNING, _ENDING, _SKU = 0.4, 0.5, 8.0
_WORDED = ("words", "pairs")
_RANKS = {"name": 2.0, "head": 1.0, "seller": 1.5, "category_words": 1.0, "attributes": 0.5}
_HEAD, _WHOLE = 2.5, 5.0
_BEGINNINGS = {"name": 4.0, "head": 4.0}
_COMPOUND = 8.0
COMPLETE = "complete"
SILENT = languages.COMMON | languages.LINKS
_COMPLETE, _NEW, _LANGUAGE = 0.3, 0.1, 1.0


Terms = Sequence[tuple[str, float]]


class Word(NamedTuple):
    """A word of the question: its spellings, its neighbours written with it as one, and whether it may go on."""

    spellings: tuple[str, ...]
    joined: tuple[str, ...]
    is_begun: bool
    is_last: bool


def parse(q: str, synonyms: Synonyms = NONE) -> Parsed | None:
    """The question that the text asks, in time linear in its length; None when it has no word, which nothing matches."""
    units = tokens.units(q, MAX_WORDS)
    words = _words(units, tokens.units(tokens.spelled_out(q), MAX_WORDS), q[-1:].strip() != "")
    if not words:
        return None
    telling = [word for word in words if word.spellings[0] not in SILENT] or words
    spoken = languages.of_question(q, (word.spellings[0] for word in words))
    terms = [list(_terms(word, spoken, synonyms)) for word in telling]
    groups = tuple(
        Group(tuple(islice(_distinct(_ways(word, its)), MAX_ALTERNATIVES)))
        for word, its in zip(telling, terms, strict=True)
    )
    whole = "".join(unit.joined for unit in units)
    return Parsed(groups, (*_ranking(words, telling, terms), _whole(whole), *_quality(spoken)))


def _words(units: Sequence[Unit], spelled_out: Sequence[Unit], is_typing: bool) -> list[Word]:
    runs = [_run(units), *([_run(spelled_out)] if spelled_out else [])]
    lines = list(zip(*runs, strict=False))[:MAX_WORDS]
    words = []
    for place, line in enumerate(lines):
        neighbours = [pair for run in runs for pair in _pairs(run, place)]
        last = place == len(lines) - 1
        begun = (last and is_typing) or (len(line[0]) >= _SHORTEST_BEGINNING and not tokens.is_bare(line[0]))
        words.append(Word(tuple(dict.fromkeys(line)), tuple(dict.fromkeys(neighbours)), begun, last))
    return words


def _run(units: Sequence[Unit]) -> list[str]:
    return [
        piece
        for unit in units
        for part in unit.parts
        for piece in (tokens.segments(part) if tokens.is_bare(part) else [part])
    ]


def _pairs(run: Sequence[str], place: int) -> Iterator[str]:
    for first in (place - 1, place):
        pair = run[max(first, 0) : first + 2]
        if len(pair) == 2 and tokens.may_join(*pair):
            yield "".join(pair)[: tokens.MAX_WORD]


def _distinct(alternatives: Iterable[Alternative]) -> Iterator[Alternative]:
    """Each term once, with the first boost that it was given."""
    seen = set()
    for one in alternatives:
        if (one.field, one.text, one.kind) not in seen:
            seen.add((one.field, one.text, one.kind))
            yield one


def _ways(word: Word, terms: Terms) -> Iterator[Alternative]:
    """How a listing may say the word, the best way first."""
    if word.spellings[0] in SILENT:
        # Nearly all have it, and so nothing is gained by its stems; only a name is worth a look at what it begins.
        yield from (Alternative("words", text, boost=boost) for text, boost in terms[:1])
        yield Alternative("name", word.spellings[0], "prefix" if word.is_begun else "term", _BEGINNING)
        return
    for field in _WORDED:
        yield from (Alternative(field, text, boost=boost) for text, boost in terms)
    for spelling in word.spellings:
        if word.is_begun:
            yield Alternative("words", spelling, "prefix", _BEGINNING)
            for joined in word.joined:
                yield Alternative("words", joined, "prefix", _BEGINNING)
    yield from _endings(word)
    for text in (*word.spellings, *word.joined):
        yield Alternative("sku", text, boost=_SKU)
        # Letters begin too many: a million products of one series.
        if word.is_last and word.is_begun and any(char.isdigit() for char in text):
            yield Alternative("sku", text, "prefix", _SKU)


def _endings(word: Word) -> Iterator[Alternative]:
    for spelling in word.spellings:
        if len(spelling) >= _SHORTEST_ENDING and spelling.isalpha():
            stems = (stem[2:] for stem in languages.stems(spelling, ("german",)) if len(stem) - 2 >= _SHORTEST_ENDING)
            for ending in (spelling, *stems):
                yield Alternative("endings", ending[::-1], "prefix", _ENDING)


def _terms(word: Word, spoken: tuple[str, ...], synonyms: Synonyms) -> Iterator[tuple[str, float]]:
    """The terms that stand for the word, with how much each counts; the word itself counts 1."""
    for number, spelling in enumerate(word.spellings):
        yield spelling, _SPELLING if number else 1.0
    for joined in word.joined:
        yield joined, 1.0
    yield from ((stem, _STEM) for text in word.spellings for stem in languages.stems(text, spoken))
    yield from ((stem, _STEM) for text in word.joined for stem in languages.stems(text, _COMPOUNDING))
    for other in synonyms.of((*word.spellings, *word.joined)):
        yield other, _SYNONYM
        yield from ((stem, _SYNONYM * _STEM) for stem in languages.stems(other, spoken))


def _ranking(words: Sequence[Word], telling: Sequence[Word], terms: Sequence[Terms]) -> Iterator[Group]:
    """For each word the fields in which it counts more, and then what the whole question names."""
    head = _head(words, telling)
    for word, its in islice(zip(telling, terms, strict=True), MAX_RANKED):
        for field, rank in _RANKS.items():
            weight = _HEAD if field == "head" and word is head else rank
            fields = (field, "pairs") if field == "name" else (field,)
            ways = [Alternative(name, text, boost=boost * weight) for name in fields for text, boost in its]
            if word.is_last and word.is_begun and field in _BEGINNINGS:
                ways.append(Alternative(field, word.spellings[0], "prefix", _BEGINNINGS[field]))
            if field == "head" and word is head:
                # A compound is what it ends with, and only has to do with what it begins with.
                ways += [way._replace(boost=_COMPOUND) for way in _endings(word)]
            yield Group(tuple(islice(_distinct(ways), MAX_ALTERNATIVES)))
    if words[-1] not in telling:
        yield Group((Alternative("name", words[-1].spellings[0], "prefix", _BEGINNINGS["name"]),))


def _whole(whole: str) -> Group:
    """The exact name, SKU, seller or category."""
    return Group(
        tuple(Alternative(field, whole, boost=_WHOLE) for field in ("title", "sku", "seller", "category_words"))
    )


def _quality(spoken: tuple[str, ...]) -> Iterator[Group]:
    """What is complete, new, and in the language of the question counts a little more."""
    yield Group((Alternative("quality", COMPLETE, boost=_COMPLETE),))
    today = datetime.now(UTC).date()
    months = (today.replace(day=1), today.replace(day=1) - timedelta(days=1))
    yield Group(tuple(Alternative("quality", f"{month:%Y-%m}", boost=_NEW) for month in months))
    if len(spoken) < len(languages.LANGUAGES):
        yield Group(tuple(Alternative("quality", language, boost=_LANGUAGE) for language in spoken))


def _head(words: Sequence[Word], telling: Sequence[Word]) -> Word:
    """What is looked for: the last word, or the last before `with`, `for`, `de`."""
    for place, word in enumerate(words):
        if word.spellings[0] in languages.LINKS:
            before = [other for other in words[:place] if other in telling]
            if before:
                return before[-1]
    return telling[-1]
