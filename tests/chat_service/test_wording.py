"""Every language says everything, and one more language is one more file."""

import shutil
from pathlib import Path
from typing import Any, get_args

import pytest
from chat_service import statements as says
from chat_service import wording
from chat_service.answering.asked import Asked
from chat_service.clients.catalog import Facets, Product, Range, Seller
from chat_service.understanding.plan import Plan
from chat_service.understanding.question import read_question
from fluent.syntax import FluentParser, ast

LANGUAGES = sorted(wording.languages())
LAMP = Product(
    id=1, version=1, name="Lamp <b>", price="1299.50", currency="EUR", price_minor=129950, category="light", business=2,
    business_name="Trail Co.",
)  # fmt: skip
CHAIR = LAMP.model_copy(update={"id": 2, "name": "Chair"})
SCOPE = says.Scope(words="lamp", category="light", seller="Trail Co.", currency="EUR", min_price="5", max_price="9")
SELLER = Seller(id=2, name="Trail Co.")
ONE_OF_EACH: list[Any] = [
    says.SmallTalk(kind="greeting"), says.SmallTalk(kind="thanks"), says.SmallTalk(kind="help"), says.ProductLine(product=LAMP),
    says.ProductLine(product=LAMP, listed=True, fields=(says.FieldValue(name="colour", value="red"),)),
    says.ProductLine(product=LAMP, reason=says.Quotation(product=LAMP, quote="It glows.")),
    says.Attribute(product=LAMP, name="seat_height", value="46 cm"), says.Quotation(product=LAMP, quote="It glows."),
    *(says.List(scope=SCOPE, total=total, count=1) for total in (1, 2)),
    *(says.List(kind="nearest", scope=says.Scope(), total=total, count=1) for total in (1, 2)), says.Nothing(scope=SCOPE),
    *(says.Count(scope=SCOPE, of=of, total=total) for of in ("products", "sellers", "categories") for total in (0, 1, 5)),
    *(says.Breakdown(scope=SCOPE, of=of, rows=(says.Row(name="x", count=n, query={}),))
      for of in ("sellers", "categories") for n in (1, 2)),
    says.PriceRange(scope=SCOPE, ranges=(Range(currency="EUR", count=2, min_price="1", max_price="2"),)),
    *(says.Extreme(scope=SCOPE, order=order, currency="EUR", products=(LAMP,), among="shown")
      for order in get_args(says.Order)),
    *(says.Comparison(field=field, values=(says.Value(product=LAMP, value="1"), says.Value(product=CHAIR, value=None)),
                      least=1, most=2) for field in says.FIELDS),
    says.Comparison(field="price", values=(says.Value(product=LAMP, value="1"),), equal=True),
    says.Difference(field="price", products=(LAMP, CHAIR), amount="3.50", unit="EUR"),
    *(says.Within(product=LAMP, scope=SCOPE, holds=holds) for holds in (True, False)),
    says.Corrected(asked="lmap", read="lamp"), says.Unread(words=("46", "not")),
    says.Currency(wished="USD", offered=("EUR", "GBP")), says.Unknown(topic="advice", words="dimmable", product=LAMP),
    *(says.Unknown(topic=topic, seller=seller) for topic in get_args(says.Topic) for seller in (SELLER, None)),
    *(says.Unknown(topic=field, product=LAMP) for field in says.FIELDS),
    says.ShopInfo(seller=SELLER, page="shipping", language="en", version=1, quote="Two days."),
    *(says.Question(about=about, options=(says.Option(label="x", count=1, message="x"),))
      for about in ("category", "seller", "currency", "product", "words")),
]  # fmt: skip


def entries(language: str) -> dict[str, set[str]]:
    """The messages of a language's file, each with the values that it uses."""
    found = {}
    for entry in FluentParser().parse((wording.FOLDER / f"{language}.ftl").read_text("utf-8")).body:
        assert not isinstance(entry, ast.Junk), entry.content
        if isinstance(entry, ast.Message):
            assert entry.value is not None
            found[entry.id.name] = _values(entry.value)
    return found


def _values(node: Any) -> set[str]:
    if isinstance(node, ast.VariableReference):
        return {node.id.name}
    children = vars(node).values() if isinstance(node, ast.BaseNode) else node if isinstance(node, list) else ()
    return {name for child in children for name in _values(child)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_message_with_what_it_must_say(language: str) -> None:
    mine, english = entries(language), entries("en")

    assert mine.keys() == english.keys()
    # How many are still to come, and which plural it is, is a language's own business.
    lacking = {key: english[key] - mine[key] - {"more", "count", "total"} for key in english}
    assert {key: values for key, values in lacking.items() if values} == {}


def test_every_statement_has_a_kind_and_an_example_here() -> None:
    fields = [member.model_fields["kind"] for member in get_args(get_args(says.AnyStatement)[0])]
    kinds = {kind for field in fields for kind in get_args(field.annotation)}

    assert {statement.kind for statement in ONE_OF_EACH} == kinds
    assert len(kinds) == 22


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("statement", ONE_OF_EACH, ids=lambda one: str(one.kind))
def test_every_statement_can_be_said(language: str, statement: Any) -> None:
    text = wording.wording(language).say(statement)

    assert text.strip()
    assert "{" not in text
    assert not text.endswith("..")


@pytest.mark.parametrize(
    ("language", "price", "count"),
    [
        ("en", "€1,299.50", "12,345 products"), ("de", "1.299,50\u00a0€", "12.345 Produkte"),
        ("fr", "1\u202f299,50\u00a0€", "12\u202f345 produits"), ("es", "1.299,50\u00a0€", "12.345 productos"),
        ("ja", "€1,299.50", "12,345件"),
    ],
)  # fmt: skip
def test_numbers_and_prices_are_the_languages_own(language: str, price: str, count: str) -> None:
    words = wording.wording(language)

    assert price in words.say(says.ProductLine(product=LAMP))
    assert count in words.say(says.Count(scope=says.Scope(), of="products", total=12345))


def test_sixth_language_is_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(wording.FOLDER, tmp_path / "messages")
    english = (wording.FOLDER / "en.ftl").read_text("utf-8")
    (tmp_path / "messages/nl.ftl").write_text(english.replace("costs", "kost").replace("is sold by", "van"), "utf-8")
    monkeypatch.setattr(wording, "FOLDER", tmp_path / "messages")
    wording.languages.cache_clear()
    wording.wording.cache_clear()

    text = wording.wording("nl").say(says.ProductLine(product=LAMP))

    wording.languages.cache_clear()
    wording.wording.cache_clear()
    assert text == "Lamp <b> kost €\u00a01.299,50 and van Trail Co."


def test_shoppers_words_are_told_from_a_models() -> None:
    everything = Facets(0, {}, (), ())
    asked = Asked(Plan(), read_question("Do you have a lamp?", everything), reading=None)  # type: ignore[arg-type]

    assert asked.quotable("lamp") == "lamp"
    assert asked.quotable("free lamp") is None
    assert asked.quotable("…") is None
