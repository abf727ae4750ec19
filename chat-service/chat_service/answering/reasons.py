"""Why a product is named: the attribute or the whole sentence of its description that holds what was asked for."""

import re
from collections.abc import Sequence

from chat_service.clients.catalog import Product
from chat_service.statements import FIELDS, Attribute, Quotation
from chat_service.understanding.lexicon import Tag, languages, lexicon
from chat_service.understanding.text import fold, plain, same, stem, tokens

LONGEST_QUOTE = 300
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[^\sa-zß-ÿ])|(?<=[。\uff01\uff1f])")
# What is meant by the size of something where no attribute is called so.
EXTENTS = frozenset({"width", "height", "depth", "length", "diameter"})


def sentences(description: str) -> list[str]:
    """The whole sentences of a description that are short enough to be quoted."""
    return [each.strip() for each in SENTENCE.split(description) if 0 < len(each.strip()) <= LONGEST_QUOTE]


def matched(text: str, words: Sequence[str], language: str) -> int:
    """How many of the words a text holds."""
    said = tokens(text)
    return sum(any(same(word, each, language) or word == each for each in said) for word in words)


def reason(product: Product, words: Sequence[str], language: str) -> Attribute | Quotation | None:
    """The attribute or sentence that holds most of the words; None where the name alone does, or nothing."""
    wanted = [word for word in words if not matched(f"{product.name} {product.category}", [word], language)]
    if not wanted:
        return None
    found: list[tuple[int, Attribute | Quotation]] = [
        (matched(f"{name} {value}", wanted, language), Attribute(product=product, name=str(name), value=str(value)))
        for name, value in product.attributes.items()
    ]
    found += [
        (matched(each, wanted, language), Quotation(product=product, quote=each))
        for each in sentences(product.description)
    ]
    best = max(found, key=lambda item: item[0], default=None)
    return best[1] if best and best[0] else None


def attributes(product: Product, field: str) -> list[Attribute]:
    """What a field asks for: by its seller's own name for it, or by what that means in any language."""
    given = {str(name): str(value) for name, value in product.attributes.items()}
    names = [name for name in given if fold(name) == fold(field) or field in _meanings(name)]
    if field == "size" and not names:
        names = [name for name in given if _meanings(name) & EXTENTS]
    return [Attribute(product=product, name=name, value=given[name]) for name in names]


def about_field(product: Product, field: str) -> Quotation | None:
    """The sentence of the description that speaks of a field: "Wipe it, dry it, never soak it." of the care."""
    words = [key[0] for key, tag in lexicon("en").phrases.items() if tag == Tag("field", field) and len(key) == 1]
    return next(
        (Quotation(product=product, quote=each) for each in sentences(product.description)
         if any(stem(word, "en") in {stem(said, "en") for said in tokens(each)} for word in words)),
        None,
    )  # fmt: skip


def _meanings(name: str) -> set[str]:
    """The fields that the words of an attribute's name mean; `seat_height` is a height."""
    words = [plain(word) for word in tokens(name.replace("_", " ").replace("-", " "))]
    found = {word for word in words if word in FIELDS}
    for language in languages():
        tags = (lexicon(language).phrases.get((word,)) for word in words)
        found |= {tag.name for tag in tags if tag and tag.table == "field"}
    return found
