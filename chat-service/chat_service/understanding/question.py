"""A question as it is read: its language, its pieces, and the names of the catalogue that stand in it."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from chat_service.clients.catalog import Facets
from chat_service.understanding.lexicon import NONE, languages, lexicon
from chat_service.understanding.tagging import CATEGORY, PRODUCT, SELLER, Piece, tagged
from chat_service.understanding.text import JAPANESE, TOKEN, fold, plain, stems

ENOUGH = 400  # characters tell a language
# Words of which only the stem is known say less: "under" has the stem of "und".
EXACT, STEM = 1.2, 0.9
LEGAL = frozenset((
    "co", "ltd", "inc", "llc", "plc", "gmbh", "ag", "kg", "ug", "ohg", "sarl", "sas", "sa", "sl", "bv", "nv", "oy", "ab", "srl",
))  # fmt: skip
# Words that a language is known by weigh more than those that it shares.
PROOF = {
    "ß": "de", "ä": "de", "ö": "de", "ü": "de", "ñ": "es", "¿": "es", "¡": "es", "ç": "fr", "œ": "fr", "ê": "fr", "è": "fr",
}  # fmt: skip
_UNMARKED = str.maketrans({PRODUCT: None, SELLER: None})


@dataclass(frozen=True)
class Question:
    """A folded message; `products` are the names in it that stand as marks in `pieces`, in their order."""

    folded: str
    language: str
    pieces: Sequence[Piece]
    seller: str | None = None
    category: str | None = None
    products: tuple[str, ...] = ()

    @cached_property
    def tokens(self) -> str:
        """All words, each between blanks."""
        words = lexicon("ja").cut(self.folded) if JAPANESE.search(self.folded) else TOKEN.findall(self.folded)
        return f" {' '.join(words)} "

    def holds(self, word: str) -> bool:
        """Whether the word stands in it; Japanese has no spaces to tell where one begins."""
        return f" {word} " in self.tokens or (JAPANESE.search(word) is not None and word in self.folded)


def read_question(
    message: str, everything: Facets, before: str | None = None, products: Collection[str] = ()
) -> Question:
    """The message read in its own language, in doubt in that of the turn before; `products` are names that it quotes."""
    folded = rest = fold(message.replace("\n", " . ")).translate(_UNMARKED)
    for name in products:
        rest = _without_product(rest, name)
    language = language_of(rest if products and TOKEN.search(rest.translate(_UNMARKED)) else folded, before)
    rest, seller = _without_seller(rest, everything)
    words, category = _without_category(lexicon(language).cut(rest), everything, language)
    return Question(folded, language, tagged(words, lexicon(language)), seller, category, tuple(map(fold, products)))


def language_of(folded: str, before: str | None = None) -> str:
    """The language of which most words can be read; in doubt that of the turn before, else English."""
    if JAPANESE.search(folded):
        return "ja"
    scores = {language: _score(folded[:ENOUGH], language) for language in languages() if language != "ja"}
    for sign, language in PROOF.items():
        scores[language] += 1.5 * (sign in folded)
    preferred = before if before in scores else "en"
    return max(scores, key=lambda language: (scores[language], language == preferred, language == "en"))


def _score(folded: str, language: str) -> float:
    read = [
        piece.text.split() for piece in tagged(lexicon(language).cut(folded), lexicon(language)) if piece.tag != NONE
    ]
    exact = lexicon(language).phrases
    return sum(len(words) - 1 + (EXACT if tuple(map(plain, words)) in exact else STEM) for words in read)


def _without_product(folded: str, name: str) -> str:
    words = [re.escape(word) for word in TOKEN.findall(fold(name))]
    pattern = rf"(?<![0-9a-zà-ÿ]){'[^0-9a-z]{1,3}'.join(words)}(?![0-9a-zà-ÿ])"
    return re.sub(pattern, f" {PRODUCT} ", folded, count=1) if words else folded


def _without_seller(folded: str, everything: Facets) -> tuple[str, str | None]:
    """A seller may be called "Help & Co"."""
    spellings = [(name, each.name) for each in everything.businesses for name in _called(fold(each.name))]
    for name, seller in sorted(spellings, key=lambda spelling: -len(spelling[0])):
        if name in folded and _stands_alone(folded, name):
            return folded.replace(name, f" {SELLER} ", 1), seller
    return folded, None


def _without_category(words: list[str], everything: Facets, language: str) -> tuple[list[str], str | None]:
    roots = stems(words, language)
    names = {tuple(stems(lexicon(language).cut(fold(name)), language)): name for name in everything.categories if name}
    for length in sorted({*map(len, names)}, reverse=True):
        for index in range(len(roots) - length + 1):
            category = names.get(tuple(roots[index : index + length]))
            if category:
                return [*words[:index], CATEGORY, *words[index + length :]], category
    return words, None


def _called(name: str) -> list[str]:
    """A seller's name, and without what only says its legal form: `Juniper Trail Co.` is called Juniper Trail."""
    words = name.split()
    short = " ".join(words[:-1]) if len(words) > 2 and words[-1].strip(".,") in LEGAL else ""
    return [each for each in (name, short) if each]


def _stands_alone(text: str, name: str) -> bool:
    """Whether the name stands there as whole words."""
    start = text.index(name)
    before, after = text[start - 1 : start], text[start + len(name) : start + len(name) + 1]
    return not (before.isalnum() and not JAPANESE.match(before)) and not (after.isalnum() and not JAPANESE.match(after))
