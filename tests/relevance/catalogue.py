"""Two catalogues whose every product is known by what it is: the demo's, and a generated one in five languages."""

import itertools
import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.demo import content

FOLDER = Path(__file__).parent
SEED = 20261129
# Products of each kind in a language.
EACH = {"en": 8, "de": 8, "fr": 8, "es": 8, "ja": 6}
DIGITS = {"JPY": 0}
STARTS = ("Al", "Bel", "Cor", "Dor", "El", "Fal", "Gar", "Hol", "Is", "Jor", "Kal", "Lin", "Mar", "Nor", "Or", "Pel",
          "Quin", "Ros", "Sol", "Tam", "Ul", "Ver", "Wil", "Yar", "Zen")  # fmt: skip
ENDS = ("da", "len", "mo", "nia", "ra", "sk", "tta", "vo", "ria", "nde", "lis", "ster", "bor", "dan", "fell", "go",
        "mira", "noor", "pan", "rix")  # fmt: skip


@dataclass(frozen=True)
class Product:
    """What the API is sent, and what is known of it: `facts` are what judgments speak of."""

    seller: str
    body: dict[str, Any]
    facts: dict[str, str]

    @property
    def sku(self) -> str:
        return str(self.body["sku"])


def demo() -> list[Product]:
    """What the demo shows to everybody; what waits, was refused or taken down is not in it."""
    return [
        Product(business.name, one.fields(), {"category": one.category, "seller": business.name, "language": "en"})
        for business in content.businesses()
        for one in business.products
        if one.state.startswith("approved")
    ]


def generated() -> list[Product]:
    """About 2,400 products, the same at each call."""
    chance = random.Random(SEED)
    words, kinds = _read("words.toml"), _read("types.toml")
    models = ["".join(parts) for parts in itertools.product(STARTS, "aeiou", ENDS)]
    chance.shuffle(models)
    makers = [
        (kind, language)
        for kind, about in kinds.items()
        for language in EACH
        if language in about
        for _ in range(EACH[language])
    ]
    numbers = itertools.count(10001, 3)
    made = [_make(chance, words, kinds, *maker, next(numbers), models.pop()) for maker in makers]
    return made + list(_specials(words))


CATALOGUES = {"demo": demo, "generated": generated}


def _make(chance: random.Random, words: Any, kinds: Any, kind: str, language: str, number: int, model: str) -> Product:
    about = kinds[kind]
    seller = _seller(words, language, about["category"])
    brand = chance.choice(words["brands"][seller["group"]])
    material = chance.choice(about["materials"] or [""])
    colour = chance.choice(list(words["colours"]))
    spoken = {"kind": chance.choice(about[language]), "model": model, "brand": brand}
    pattern = words["names" if material else "plain"][language]
    attributes = {"brand": brand}
    if about["category"] == "groceries":
        colour = ""
    else:
        attributes["colour"] = _in(language, words["colours"], colour)
    if material:
        spoken["material"] = attributes["material"] = _in(language, words["materials"], material)
    facts = {"kind": kind, "language": language, "brand": brand, "material": material, "colour": colour,
             "seller": seller["name"], "category": about["category"]}  # fmt: skip
    body = {
        "sku": f"{''.join(filter(str.isalnum, brand))[:3].upper()}-{number}",
        "name": _sentence(pattern.format(**spoken)),
        "description": _describe(chance, words, kinds, kind, language),
        "category": words["categories"][about["category"]][language],
        "price": _price(chance, seller["currency"]),
        "currency": seller["currency"],
        "attributes": {words["attributes"][name][language]: value for name, value in attributes.items()},
    }
    return Product(seller["name"], body, facts)


def _describe(chance: random.Random, words: Any, kinds: Any, kind: str, language: str) -> str:
    """What it is for and how it is made; half of all name another thing, which they are not."""
    parts = [chance.choice(words["purposes"][language]).format(use=kinds[kind]["use"][language])]
    eaten = kinds[kind]["category"] == "groceries"
    parts.append(chance.choice(words["qualities" if not eaten else "freshness"][language]))
    others = [other for other, about in kinds.items() if language in about and other != kind]
    if chance.random() < 0.5:
        parts.append(words["beside"][language].format(other=kinds[chance.choice(others)][language][0]))
    return ("" if language == "ja" else " ").join(parts)


def _specials(words: Any) -> Iterator[Product]:
    sellers = {seller["name"]: seller for seller in words["sellers"]}
    for row in _read("specials.toml")["products"]:
        seller = sellers[row["seller"]]
        category = next(
            (name for name, spoken in words["categories"].items() if row["category"] in spoken.values()), ""
        )
        facts = {"kind": row["kind"], "language": seller["language"], "seller": row["seller"], "category": category}
        body = {name: row[name] for name in ("sku", "name", "description", "price", "category")}
        yield Product(row["seller"], {**body, "currency": seller["currency"], "attributes": {}}, facts)


def _seller(words: Any, language: str, category: str) -> Any:
    group = next(name for name, categories in words["groups"].items() if category in categories)
    return next(one for one in words["sellers"] if (one["language"], one["group"]) == (language, group))


def _in(language: str, table: Any, word: str) -> str:
    return word if language == "en" else str(table[word][language])


def _price(chance: random.Random, currency: str) -> str:
    price = chance.lognormvariate(3.6, 0.8)
    return f"{price * 150:.0f}" if DIGITS.get(currency) == 0 else f"{price:.2f}"


def _sentence(text: str) -> str:
    """French and Spanish names begin with the thing: a capital, but for brands written small."""
    return text if text.startswith("x42") else text[0].upper() + text[1:]


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))
