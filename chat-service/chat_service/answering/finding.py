"""Finds what words mean in the catalogue: whole names, other spellings and languages, the nearest where nothing fits."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from chat_service.answering.asked import MOST_WORDS, SHOWN, Asked
from chat_service.clients.catalog import Product
from chat_service.selections import Reading, Selection
from chat_service.understanding.lexicon import in_catalogue, spellings
from chat_service.understanding.limits import read_limits
from chat_service.understanding.question import Question
from chat_service.understanding.tagging import Piece
from chat_service.understanding.text import JAPANESE, TOKEN, fold, same, tokens

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


def quoted(reading: Reading, question: Question) -> dict[Product, str]:
    """The products that the question names, and how, in its order; the longest where one name is in another."""
    runs = list(_runs(question.pieces))
    words = [word for run in runs for word in run][:MOST_WORDS]
    found: dict[Product, str] = {}
    for run in [words, *runs, *([word] for word in words[:WORDS_AT_ONCE])]:
        is_new = not any({*run} <= {*name.split()} for name in found.values())
        if is_new and not all(word.isdigit() for word in run):
            some = reading.search(Selection(words=" ".join(run)))
            found |= {product: name for product in some if (name := _quote(product, question, run))}
        if found and len(runs) == 1:
            break
    inside = {
        name for name in found.values() for other in found.values() if f" {name} " in f" {other} " and name != other
    }
    rest = [(product, name) for product, name in found.items() if name not in inside]
    return dict(sorted(rest, key=lambda each: question.tokens.find(f" {each[1]} "))[:SHOWN])


def _runs(pieces: Sequence[Piece]) -> Iterator[list[str]]:
    """What may be names: words that mean nothing else, side by side, and the numbers between them but no price."""
    prices, run = read_limits(pieces).taken, list[str]()
    for index, piece in enumerate([*pieces, None]):
        if piece and (piece.is_content or (piece.number and index not in prices)) and TOKEN.search(piece.text):
            run += piece.text.split()
        elif run:
            if not all(word.isdigit() for word in run):
                yield run
            run = []


def _quote(product: Product, question: Question, run: Sequence[str]) -> str | None:
    """The whole name where the question holds it, else its beginning up to a number: `iPhone 15` of `iPhone 15 Pro`."""
    name, words = fold(product.name), tokens(product.name)
    if JAPANESE.search(name):
        return name if name in question.folded else None
    for length in range(len(words), 0, -1):
        part = words[:length]
        is_enough = length == len(words) or (length > 1 and part[-1][-1].isdigit() and {*run} <= {*part})
        if is_enough and f" {' '.join(part)} " in question.tokens:
            return " ".join(part)
    return None


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
    if asked.reading.catalog.calls > CALLS:
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
