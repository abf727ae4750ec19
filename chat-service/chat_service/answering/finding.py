"""Finds what words mean in the catalogue: whole names, other spellings and languages, the nearest where nothing fits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chat_service.answering.asked import SHOWN, Asked
from chat_service.clients.catalog import Product
from chat_service.selections import Selection
from chat_service.understanding.glossary import in_catalogue, spellings
from chat_service.understanding.text import fold, same, tokens

TRIES = 5
WORDS_AT_ONCE = 8
CALLS = 40  # of the catalogue for one question; past them only what is found at once is
# Says for what it is rather than what it is.
WEAK = frozenset({"gift"})


@dataclass(frozen=True, slots=True)
class Match:
    """What the words stand for. `read` is what was looked for instead, `lacks` the words that nothing has beside them."""

    selection: Selection
    read: str | None = None
    lacks: tuple[str, ...] = ()

    @property
    def fits(self) -> bool:
        return not self.lacks


def named(asked: Asked, words: Sequence[str]) -> list[Product]:
    """The products whose whole name stands in the question; the longest where one name is in another."""
    if not words:
        return []
    found = _names(asked, asked.reading.search(Selection(words=" ".join(words))))
    if not found:
        for word in list(dict.fromkeys(words))[:WORDS_AT_ONCE]:
            found += _names(asked, asked.reading.search(Selection(words=word)))
    found = list({product.id: product for product in found}.values())
    folded = {product.id: f" {' '.join(tokens(product.name))} " for product in found}
    inside = {
        product.id
        for product in found
        if any(folded[product.id] != other and folded[product.id] in other for other in folded.values())
    }
    # In the order in which they were asked for.
    rest = [product for product in found if product.id not in inside]
    return sorted(rest, key=lambda product: asked.folded.find(fold(product.name)))[:SHOWN]


def _names(asked: Asked, products: Sequence[Product]) -> list[Product]:
    return [product for product in products if asked.names(product)]


def match(asked: Asked, words: Sequence[str], base: Selection) -> Match | None:
    """What the words stand for; None where the catalogue has none of them."""
    if not words:
        return Match(base)
    corrected = None
    for spelling in spellings(words, asked.plan.language):
        selection = replace(base, words=" ".join(spelling))
        facets = asked.reading.facets(selection.free)
        if facets.total and not facets.corrected:
            return Match(selection, read=None if spelling == list(words) else " ".join(spelling))
        if facets.total and corrected is None:
            corrected = Match(replace(selection, words=facets.corrected), read=facets.corrected)
    if corrected:
        return corrected
    translated = in_catalogue(words, asked.plan.language)
    return _nearest(asked, words, translated, base)


def _is_name(asked: Asked, word: str) -> bool:
    """Whether something is called so."""
    found = asked.reading.search(Selection(words=word))
    return any(same(word, said, asked.plan.language) for product in found[:1] for said in tokens(product.name))


def _nearest(asked: Asked, words: Sequence[str], translated: Sequence[str], base: Selection) -> Match | None:
    """The most of the words that something has together: all that are known, all but one, then the rarest alone."""
    counts: dict[str, int] = {}
    if asked.reading.calls > CALLS:
        return None
    for word in translated[:WORDS_AT_ONCE]:
        facets = asked.reading.facets(replace(base.free, words=word))
        if facets.total and not facets.corrected:
            counts[word] = facets.total
    # What things are called weighs more than how they are: "a warm blanket" is a blanket before it is warm.
    ranked = sorted(counts, key=lambda word: (word in WEAK, not _is_name(asked, word), counts[word]))
    tries = [list(counts)] if len(counts) > 1 else []
    tries += [[each for each in counts if each != word] for word in reversed(ranked)] if len(counts) > 2 else []
    for some in [*tries[:TRIES], *([word] for word in ranked[:1])]:
        selection = replace(base, words=" ".join(some))
        if asked.reading.facets(selection.free).total:
            lacks = tuple(word for word in translated if word not in some)
            read = None if list(translated) == list(words) else " ".join(some)
            return Match(selection, read, lacks or tuple(words))
    return None
