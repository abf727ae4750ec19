"""Which listings a question finds, by the words of both alone; tests of the order need an engine."""

import time
from typing import Any

import pytest
from catalog_service.search import analysis, questions
from catalog_service.search.port import Alternative, Parsed
from catalog_service.search.synonyms import BUILT_IN, Synonyms

SYNONYMS = Synonyms([BUILT_IN])


def listing(**fields: Any) -> dict[str, Any]:
    return {"name": "Thing", "sku": None, "business_name": "Shop", "category": "", "attributes": {}, "description": "",
            **fields}  # fmt: skip


def finds(q: str, **fields: Any) -> bool:
    parsed = analysis.parse(q, SYNONYMS)
    by_field = analysis.fields(listing(**fields))
    return parsed is not None and all(any(says(by_field, way) for way in group.alternatives) for group in parsed.groups)


def says(by_field: dict[str, list[str]], way: Alternative) -> bool:
    if way.kind == "prefix":
        return any(token.startswith(way.text) for token in by_field[way.field])
    return way.text in by_field[way.field]


ENGLISH = "This is a good one for you and it is made of the best that we have."
GERMAN = "Das ist ein sehr gutes Stück und es ist mit dem Besten gemacht, das wir haben."
FRENCH = "Ceci est une belle pièce qui est faite avec le meilleur de la maison pour vous."
SPANISH = "Esta es una buena pieza que está hecha con lo mejor de la casa para ti."

FOUND = [
    ("lamps", {"name": "Elbe desk lamp", "description": ENGLISH}),
    ("lamp", {"name": "Two lamps", "description": ENGLISH}),
    ("knives", {"name": "Bread knives", "description": ENGLISH}),
    ("folded tables", {"name": "Folding table", "description": ENGLISH}),
    ("lampen", {"name": "Elbe Lampe", "description": GERMAN}),
    ("stühle", {"name": "Holzstuhl, Stuhl", "description": GERMAN}),
    ("stuhl", {"name": "Zwei Stühle", "description": GERMAN}),
    ("gläser", {"name": "Glas", "description": GERMAN}),
    ("lampes", {"name": "Lampe de bureau", "description": FRENCH}),
    ("verres", {"name": "Verre à pied", "description": FRENCH}),
    ("lamparas", {"name": "Lámpara de mesa", "description": SPANISH}),
    ("botella", {"name": "Dos botellas", "description": SPANISH}),
    ("muesli", {"name": "Müsli"}),
    ("müsli", {"name": "Muesli"}),
    ("mu\u0308sli", {"name": "Muesli"}),
    ("muesli", {"name": "Mu\u0308sli"}),
    ("musli", {"name": "Müsli"}),
    ("groesse", {"name": "Größe"}),
    ("größe", {"name": "Groesse"}),
    ("GROSSE", {"name": "Größe"}),
    ("creme brulee", {"name": "Crème Brûlée Torch"}),
    ("crème", {"name": "Creme"}),
    *((q, {"name": f"{name} router"}) for q in ("wi-fi", "wifi", "wi fi", "Wi‑Fi") for name in ("wi-fi", "WiFi", "wi fi")),
    *((q, {"name": name}) for q in ("t-shirt", "tshirt", "t shirt", "T-Shirts") for name in ("T-shirt", "tshirt", "T Shirt")),
    *((q, {"name": f"Pump {name}"}) for q in ("x42", "x-42", "x 42") for name in ("X42", "X-42", "x 42")),
    *((q, {"name": f"{name}'s mug"}) for q in ("o'brien", "obrien", "o brien", "O’Brien") for name in ("O'Brien", "O’Brien")),
    ("headphones", {"name": "Head phones"}),
    ("head phones", {"name": "Headphones"}),
    ("childrens bike", {"name": "Children's bike"}),
    ("children bike", {"name": "Children's bike"}),
    ("abat-jour", {"name": "L'abat-jour rouge"}),
    ("usa", {"name": "Made in the U.S.A."}),
    ("46cm", {"name": "Lamp", "attributes": {"height": "46 cm"}}),
    ("46 cm", {"name": "Lamp", "attributes": {"height": "46cm"}}),
    ("NL-1001", {"sku": "NL-1001"}),
    ("nl1001", {"sku": "NL-1001"}),
    ("nl 1001", {"sku": "NL-1001"}),
    ("nl10", {"sku": "NL-1001"}),
    ("schreibtisch", {"name": "Schreibtischlampe", "description": GERMAN}),
    ("lampe", {"name": "Schreibtischlampe", "description": GERMAN}),
    ("lampen", {"name": "Schreibtischlampe", "description": GERMAN}),
    ("schreibtisch lampe", {"name": "Schreibtischlampe", "description": GERMAN}),
    ("schreibtischlampe", {"name": "Schreibtisch-Lampe", "description": GERMAN}),
    ("nordlicht lamp", {"name": "Desk lamp", "business_name": "Nordlicht Living"}),
    ("bosch", {"name": "Drill", "attributes": {"brand": "Bosch"}}),
    ("lighting", {"category": "Lighting"}),
    ("lamp for the desk", {"name": "Desk lamp"}),
    ("lampe für den schreibtisch", {"name": "Schreibtischlampe", "description": GERMAN}),
    ("the", {"name": "The chair"}),
    ("the who", {"name": "The Who poster"}),
    ("couch", {"name": "Sofa"}),
    ("sofas", {"name": "Leather couch"}),
    ("cell phone", {"name": "Mobile phone"}),
    ("lam", {"name": "Lamp"}),
    ("l", {"name": "Lamp"}),
    ("brulee tor", {"name": "Brulee torch"}),
    ("自行", {"name": "自行车 bicycle"}),
    ("自行车", {"name": "新自行车"}),
    ("车", {"name": "自行车"}),
    ("自行车 bicycle", {"name": "自行车 bicycle"}),
    ("ランプ", {"name": "デスクランプ"}),
    ("c++", {"name": "C++ book"}),
    ("100%", {"name": "100% wool"}),
    ("#1", {"name": "#1 dad"}),
    ("🚲", {"name": "Bike 🚲"}),
    ("$", {"name": "$ sign"}),
]  # fmt: skip


@pytest.mark.parametrize(("q", "fields"), FOUND)
def test_a_question_finds_what_means_the_same(q: str, fields: dict[str, Any]) -> None:
    assert finds(q, **fields)


NOT_FOUND = [
    ("lamps", {"name": "Chair"}),
    ("desk lamp", {"name": "Desk"}),
    ("amp", {"name": "Lamp"}),
    ("tisch", {"name": "Schreibtischlampe", "description": GERMAN}),
    ("15", {"name": "Cable 1.5 m"}),
    ("+", {"name": "Plus"}),
    ("行自", {"name": "自行车"}),
    ("tor ", {"name": "Torch"}),
    ("tor*", {"name": "Torch"}),
    ("packag", {"name": "pack"}),
    ("the lamp", {"name": "The chair"}),
    ("poster", {"name": "Bed post", "description": ENGLISH}),
]


@pytest.mark.parametrize(("q", "fields"), NOT_FOUND)
def test_a_question_does_not_find_what_says_something_else(q: str, fields: dict[str, Any]) -> None:
    assert not finds(q, **fields)


@pytest.mark.parametrize("q", ["", " ", "?", "---", "'", "\\", "\u0301\u0301"])
def test_a_text_without_words_asks_nothing(q: str) -> None:
    assert analysis.parse(q) is None


def test_every_token_belongs_to_a_field_of_the_index_and_has_no_white_space() -> None:
    by_field = analysis.fields(
        listing(name="A\u00a0b\u3000c\u2028d 100% ☂", sku="A 1", category="Home & Garden", description="x\ny")
    )

    assert tuple(by_field) == analysis.TEXT_FIELDS
    assert all(token.split() == [token] for tokens in by_field.values() for token in tokens)
    for q in ("A\u00a0b", "home & garden", "ﷺ"):
        parsed = analysis.parse(q)
        assert parsed is not None
        assert {way.field for way in ways(parsed)} <= set(analysis.TEXT_FIELDS)
        assert all(way.text.split() == [way.text] for way in ways(parsed))


def ways(parsed: Parsed) -> list[Alternative]:
    return [way for group in (*parsed.groups, *parsed.boosts) for way in group.alternatives]


WORST = ["ﷺ", "Ü ", "a'", "-a", "自", "\u0301", "a\u0301-", "._", "ü", "1 a ", "lampe "]


@pytest.mark.parametrize("text", WORST)
def test_questions_are_bounded_and_linear(text: str) -> None:
    parsed = analysis.parse((text * 200)[:200])
    if parsed is not None:
        assert len(parsed.groups) <= questions.MAX_WORDS
        assert len(parsed.boosts) <= 5 * questions.MAX_RANKED + 5
        assert all(
            len(group.alternatives) <= 2 * questions.MAX_ALTERNATIVES for group in (*parsed.groups, *parsed.boosts)
        )

    short, long = (least((text * 4000)[:size]) for size in (1000, 4000))
    assert long < 8 * short + 0.01


def least(text: str) -> float:
    spent = []
    for _ in range(3):
        start = time.process_time()
        analysis.fields(listing(description=text))
        spent.append(time.process_time() - start)
    return min(spent)
