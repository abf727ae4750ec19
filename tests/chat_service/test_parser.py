"""What the parser understands, and that it searches for nothing that it did not read."""

from typing import Any

import pytest
from chat_service.clients.catalog import Facets, Seller
from chat_service.understanding import parser
from chat_service.understanding.lexicon import languages, lexicon
from chat_service.understanding.plan import Plan
from chat_service.understanding.question import read_question
from hypothesis import given, settings
from hypothesis import strategies as st

FACETS = Facets(
    60, dict.fromkeys(("kitchen", "toys", "home textiles"), 20),
    (Seller(id=1, name="Harbour & Pine", count=20), Seller(id=2, name="Juniper Trail Co.", count=20), Seller(id=3, name="Help & Compare Ltd", count=20)), (),
)  # fmt: skip
SHOWN = {"products": [7, 8, 9], "language": "en", "plan": {"about": ["lamp"]}}


def planned(text: str, context: Any = None, names: tuple[str, ...] = ()) -> Plan:
    return parser.read(read_question(text, FACETS, (context or {}).get("language"), names), context)


def read(question: str, context: Any = None) -> dict[str, Any]:
    return planned(question, context).model_dump(mode="json", exclude_defaults=True)


@pytest.mark.parametrize(
    ("question", "plan"),
    [
        ("lamps under twenty dollars", {"about": ["lamps"], "max_price": "20", "below": True, "currency": "USD"}),
        ("anything over 5k yen", {"min_price": "5000", "above": True, "currency": "JPY"}),
        ("not more than 1,299.50 euros", {"max_price": "1299.5", "currency": "EUR"}),
        ("20-30 EUR lamps", {"about": ["lamps"], "min_price": "20", "max_price": "30", "currency": "EUR"}),
        ("$20 or less", {"max_price": "20", "currency": "USD"}),
        ("toys around 50 EUR", {"category": "toys", "min_price": "40", "max_price": "60", "currency": "EUR"}),
        ("zwischen fünfzig und sechzig Euro", {"min_price": "50", "max_price": "60", "currency": "EUR", "language": "de"}),
        ("moins de quatre-vingt-dix euros", {"max_price": "90", "below": True, "currency": "EUR", "language": "fr"}),
        ("por menos de treinta y cinco libras", {"max_price": "35", "below": True, "currency": "GBP", "language": "es"}),
        ("五千円以下の時計", {"about": ["時計"], "max_price": "5000", "currency": "JPY", "language": "ja"}),
        ("東京ウォーターボトルはいくらですか", {"about": ["東京ウォーターボトル"], "fields": ["price"], "language": "ja"}),
        ("table, not folding", {"about": ["table"], "without": ["folding"]}),
        ("kitchen without Harbour & Pine", {"category": "kitchen", "without_seller": "Harbour & Pine"}),
        ("what does Juniper Trail sell?", {"seller": "Juniper Trail Co."}),
        ("anything from Help & Compare Ltd", {"seller": "Help & Compare Ltd"}),
        ("which is heavier, the tent or the quilt?", {"ask": "compare", "about": ["tent", "quilt"], "fields": ["weight"]}),
        ("how tall is the stool?", {"about": ["stool"], "fields": ["height"]}),
        ("how long does shipping take?", {"fields": ["length"], "topics": ["shipping"]}),
        ("Is it sold out?", {"topics": ["stock"]}),
        ("how many sellers are there?", {"ask": "count", "of": "sellers"}),
        ("günstigste Lampe", {"about": ["lampe"], "order": "cheapest", "language": "de"}),
        ("lo más barato de toys", {"category": "toys", "order": "cheapest", "language": "es"}),
        ("hello", {"ask": "greeting"}),
        ("vielen Dank!", {"ask": "thanks", "language": "de"}),
        ("???", {"ask": "help"}),
    ],
)  # fmt: skip
def test_question_is_read(question: str, plan: dict[str, Any]) -> None:
    assert read(question) == plan


@pytest.mark.parametrize(
    ("question", "plan"),
    [
        ("the second one", {"shown": [2]}),
        ("which of those is the cheapest?", {"shown": [1, 2, 3], "order": "cheapest"}),
        ("is it in stock?", {"shown": [1, 2, 3], "topics": ["stock"]}),
        ("and under 50?", {"about": ["lamp"], "max_price": "50", "below": True}),
        ("and in blue?", {"about": ["lamp blue"]}),
        ("the last one", {"shown": [3]}),
        ("der zweite", {"shown": [2], "language": "de"}),
        ("how many products do you have in total?", {"ask": "count"}),
        ("toys", {"category": "toys"}),
    ],
)
def test_question_leans_on_what_was_shown(question: str, plan: dict[str, Any]) -> None:
    assert read(question, SHOWN) == plan


@pytest.mark.parametrize(
    ("question", "unread"),
    [
        ("lamp 46", ["46"]), ("a 26 cm pan", ["26 cm"]), ("when was the lamp made?", ["when"]), ("lamp, not", ["not"]),
        ("a table for six", ["six"]), ("warum diese Lampe 12 Volt braucht", ["warum", "12 volt"]),
    ],
)  # fmt: skip
def test_number_unit_negation_and_question_word_that_were_not_read_are_named(question: str, unread: list[str]) -> None:
    plan = planned(question)

    assert plan.unread == unread
    assert not {word for text in unread for word in text.split()} & {w for phrase in plan.about for w in phrase.split()}


TEXT = st.text(max_size=300) | st.lists(
    st.sampled_from(["not", "under", "9" * 30, "1.", ",", "1,000,000,000,000 EUR", "lamp", "の", "五千", "円", "l'", "it", "2nd",
                     "x" * 300, "-", "zwanzig", "toys", "$", "五" * 50, "without", "and", "\ufdfa", "?", ".", "12 cm", "ᵃ"]),
    max_size=60,
).map(" ".join)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(text=TEXT, context=st.sampled_from([None, SHOWN, {"products": [1], "language": "de", "plan": None}]))
def test_no_text_is_too_strange_to_be_read(text: str, context: Any) -> None:
    plan = planned(text, context)

    assert plan.language in languages()
    assert all(len(words) <= 200 for words in (*plan.about, *plan.without, *plan.unread))


@pytest.mark.parametrize("language", languages())
def test_every_language_knows_the_same_meanings(language: str) -> None:
    def meanings(name: str) -> set[tuple[str, str]]:
        known = lexicon(name)
        tags = {*known.phrases.values(), *known.beginnings.values()}
        return {
            (tag.table, tag.name)
            for tag in tags
            if tag.table in {"order", "ask", "limit", "topic", "negation", "refer"}
        }

    assert meanings(language) == meanings("en")
