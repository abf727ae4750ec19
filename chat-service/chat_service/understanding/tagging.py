"""Cuts a question into pieces and marks what each means; decides its language by how much of it can be read."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from chat_service.clients.catalog import Facets
from chat_service.understanding.amounts import Number, currencies, numbers
from chat_service.understanding.lexicon import NONE, Lexicon, Tag, languages, lexicon
from chat_service.understanding.text import JAPANESE, TOKEN, fold, plain, stem

ENOUGH = 400  # characters tell a language
MARK = "\u02d0"  # a letter that nobody writes
ENDS = frozenset(".?!;。")
LEGAL = frozenset((
    "co", "ltd", "inc", "llc", "plc", "gmbh", "ag", "kg", "ug", "ohg", "sarl", "sas", "sa", "sl", "bv", "nv", "oy", "ab", "srl",
))  # fmt: skip
# Words that a language is known by weigh more than those that it shares.
PROOF = {
    "ß": "de", "ä": "de", "ö": "de", "ü": "de", "ñ": "es", "¿": "es", "¡": "es", "ç": "fr", "œ": "fr", "ê": "fr", "è": "fr",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of the question and what they mean: a tag, a number, a currency, or nothing that is known."""

    text: str
    tag: Tag = NONE
    number: Number | None = None
    sentence: int = 0

    @property
    def currency(self) -> str | None:
        return self.tag.name if self.tag.table == "currency" else None

    def says(self, table: str, name: str | None = None) -> bool:
        return self.tag.table == table and name in {None, self.tag.name}


def language_of(folded: str, before: str | None = None) -> str:
    """The language of which most words can be read; in doubt that of the turn before, else English."""
    if JAPANESE.search(folded):
        return "ja"
    scores: dict[str, float] = {}
    for language in languages():
        if language == "ja":
            continue
        words = lexicon(language).cut(folded[:ENOUGH])
        read = [piece for piece in tagged(words, lexicon(language)) if piece.tag is not NONE]
        exact = [piece for piece in read if tuple(map(plain, piece.text.split())) in lexicon(language).phrases]
        scores[language] = sum(len(piece.text.split()) for piece in read) + 0.2 * len(exact)
    for sign, language in PROOF.items():
        scores[language] += 1.5 * (sign in folded)
    preferred = before if before in scores else "en"
    return max(scores, key=lambda language: (scores[language], language == preferred, language == "en"))


def tagged(words: Sequence[str], known: Lexicon) -> list[Piece]:
    """The pieces of a cut text, the longest phrases first; sentences are counted."""
    plains = [plain(word) for word in words]
    stems = [stem(word, known.language) for word in words]
    counted, money = numbers(words, known.language), currencies(known.language)
    found: list[Piece] = []
    index = sentence = 0
    while index < len(words):
        length, piece = _piece(words, plains, stems, index, known, counted, money)
        if words[index] in ENDS:
            sentence += 1
        elif piece.text not in {",", ":", "、", "?", "%"} or piece.text == ",":
            found.append(replace(piece, sentence=sentence))
        index += length
    return found


def _piece(
    words: Sequence[str],
    plains: list[str],
    stems: list[str],
    index: int,
    known: Lexicon,
    counted: Mapping[int, Number],
    money: Mapping[str, str],
) -> tuple[int, Piece]:
    number = counted.get(index)
    phrase = known.at(plains, stems, index)
    if number and not number.written and not (phrase and phrase[0] > 1):
        return number.end - index, Piece(" ".join(words[index : number.end]), number=number)
    for length in (3, 2, 1):
        code = money.get(" ".join(words[index : index + length]))
        if code and not (length == 1 and phrase and phrase[0] > 1):
            return length, Piece(" ".join(words[index : index + length]), Tag("currency", code))
    # "one" and articles are numbers to a number parser; as words they mean more.
    if number and number.value > 1 and not (phrase and phrase[0] >= number.end - number.start):
        return number.end - index, Piece(" ".join(words[index : number.end]), number=number)
    if phrase:
        return phrase[0], Piece(" ".join(words[index : index + phrase[0]]), phrase[1])
    return 1, _without_particles(words[index], known)


def _without_particles(word: str, known: Lexicon) -> Piece:
    """A word without what other languages than English tie to it: `l'hiver`, `pouvez-vous`."""
    parts = word.replace("-", "'").split("'")
    if known.language == "en" or len(parts) < 2:
        return Piece(word)
    rest = [
        part for part in parts if known.phrases.get((plain(part),), NONE).table not in {"stop", "refer", "question"}
    ]
    return Piece("-".join(rest)) if rest else Piece(word, Tag("stop", "words"))


def without_product(folded: str, name: str) -> str:
    """The text with a mark in place of a product's name: its words mean nothing else there."""
    words = [re.escape(word) for word in TOKEN.findall(fold(name))]
    pattern = rf"(?<![0-9a-zà-ÿ]){'[^0-9a-z]{1,3}'.join(words)}(?![0-9a-zà-ÿ])"
    return re.sub(pattern, f" {MARK} ", folded, count=1) if words else folded


def without_names(folded: str, facets: Facets, language: str) -> tuple[str, tuple[int, str] | None, str | None]:
    """The text without the seller and the category that it names, and both: a seller may be called "Help & Co"."""
    seller = category = None
    spellings = [(name, each) for each in facets.businesses for name in _called(fold(each.name))]
    for name, each in sorted(spellings, key=lambda spelling: -len(spelling[0])):
        if name in folded and _whole(folded, name):
            seller, folded = (each.id, each.name), folded.replace(name, " , ", 1)
            break
    cut = lexicon(language).cut(folded)
    stems = [stem(word, language) for word in cut]
    wanted = {
        tuple(stem(word, language) for word in lexicon(language).cut(fold(name))): name for name in facets.categories
    }
    longest = max(map(len, wanted), default=0)
    for length in range(longest, 0, -1):
        for index in range(len(stems) - length + 1):
            category = wanted.get(tuple(stems[index : index + length]))
            if category:
                return " ".join([*cut[:index], *cut[index + length :]]), seller, category
    return folded, seller, category


def _called(name: str) -> list[str]:
    """A seller's name, and without what only says its legal form: `Juniper Trail Co.` is called Juniper Trail."""
    words = name.split()
    short = " ".join(words[:-1]) if len(words) > 2 and words[-1].strip(".,") in LEGAL else ""
    return [each for each in (name, short) if each]


def _whole(text: str, name: str) -> bool:
    """Whether the name stands there as whole words."""
    start = text.index(name)
    before, after = text[start - 1 : start], text[start + len(name) : start + len(name) + 1]
    return not (before.isalnum() and not JAPANESE.match(before)) and not (after.isalnum() and not JAPANESE.match(after))
