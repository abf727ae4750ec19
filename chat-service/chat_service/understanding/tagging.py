"""Cuts a text into pieces and marks what each means in one language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from chat_service.understanding.amounts import Number, currencies, numbers
from chat_service.understanding.lexicon import NONE, Lexicon, Tag
from chat_service.understanding.text import plain, stems

# Letters that nobody writes stand where a name of the catalogue stood: its words mean nothing else there.
PRODUCT, SELLER, CATEGORY = "\u02d0", "\u02d1", "\u02d0\u02d1"
NAMES = {PRODUCT: Tag("name", "product"), SELLER: Tag("name", "seller"), CATEGORY: Tag("name", "category")}
ENDS = frozenset(".?!;。")
SILENT = frozenset((":", "、", "?", "%", *ENDS))


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

    @property
    def is_content(self) -> bool:
        """Whether it may be looked for: no number and no word of the question itself."""
        return self.number is None and self.tag.table in {"", "value", "thing"}

    def says(self, table: str, name: str | None = None) -> bool:
        return self.tag.table == table and name in {None, self.tag.name}


def tagged(words: Sequence[str], lexicon: Lexicon) -> list[Piece]:
    """The pieces of a cut text, the longest phrases first; sentences are counted."""
    plains, roots = [plain(word) for word in words], stems(words, lexicon.language)
    counted, money = numbers(words, lexicon.language), currencies(lexicon.language)
    pieces: list[Piece] = []
    index = sentence = 0
    while index < len(words):
        length, piece = _piece(words, plains, roots, index, lexicon, counted, money)
        if words[index] in ENDS:
            sentence += 1
        elif piece.text not in SILENT:
            pieces.append(replace(piece, sentence=sentence) if sentence else piece)
        index += length
    return pieces


def _piece(
    words: Sequence[str],
    plains: list[str],
    roots: list[str],
    index: int,
    lexicon: Lexicon,
    counted: Mapping[int, Number],
    money: Mapping[str, str],
) -> tuple[int, Piece]:
    if words[index] in NAMES:
        return 1, Piece(words[index], NAMES[words[index]])
    number = counted.get(index)
    length, tag = lexicon.at(plains, roots, index)
    if number and not number.written and length < 2:
        return number.end - index, Piece(" ".join(words[index : number.end]), number=number)
    for size in (3, 2, 1) if length < 2 else (3, 2):
        code = money.get(" ".join(words[index : index + size]))
        if code:
            return size, Piece(" ".join(words[index : index + size]), Tag("currency", code))
    # "one" and articles are numbers to a number parser; as words they mean more.
    if number and number.value > 1 and length < number.end - number.start:
        return number.end - index, Piece(" ".join(words[index : number.end]), number=number)
    if length:
        return length, Piece(" ".join(words[index : index + length]), tag)
    return 1, _without_particles(words[index], lexicon)


def _without_particles(word: str, lexicon: Lexicon) -> Piece:
    """A word without what other languages than English tie to it: `l'hiver`, `pouvez-vous`."""
    if lexicon.language == "en" or not ("-" in word or "'" in word):
        return Piece(word)
    parts = word.replace("-", "'").split("'")
    rest = [
        part for part in parts if lexicon.phrases.get((plain(part),), NONE).table not in {"stop", "refer", "question"}
    ]
    return Piece("-".join(rest)) if rest else Piece(word, Tag("stop", "words"))
