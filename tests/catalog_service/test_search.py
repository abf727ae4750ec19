"""Search and browse: exact, safe, and the same in both databases."""

import unicodedata
from typing import Any

import pytest
from catalog_service.content import texts
from catalog_service.models import db
from catalog_service.search import browse
from hypothesis import given, settings
from hypothesis import strategies as st

PRODUCTS = [
    {"name": "Crème Brûlée Torch", "price": "29.90", "category": "Kitchen", "description": "Caramelises, 100% safe"},
    {"name": "Torchlight", "price": "9.00", "category": "Outdoor", "description": "A bright light. 50 hours"},
    {"name": "STRASSE sign", "price": "100.00", "category": "Home & Garden", "attributes": {"colour": "Naïve blue"}},
    {"name": "Straße lamp", "price": "10.00", "currency": "USD", "category": "Outdoor", "sku": "SL-77"},
    {"name": "自行车 bicycle 🚲", "price": "20000", "currency": "JPY", "category": "Outdoor"},
    {"name": "Велосипед", "price": "5.125", "currency": "BHD", "category": ""},
    {"name": "مصباح كهربائي", "price": "0.00", "category": "Home & Garden"},
    {"name": "C++ book <b>bold</b>", "price": "45.00", "category": "Books", "description": "a_b 'quoted' \"double\""},
    {"name": "Łódź poster", "price": "9.00", "category": "Home & Garden", "description": "étude 50% off"},
]


@pytest.fixture
def names(shop: Any, index: Any) -> Any:
    """names(query) -> the names found, in order; everything is published, and a draft of each hides beside it."""
    for product in PRODUCTS:
        shop.create(**{**product, "sku": None})
        shop.publish(**product)
    index()

    def find(query: str = "") -> list[str]:
        return [one["name"] for one in shop.public(query)]

    return find


SEARCHES = {
    "creme": {"Crème Brûlée Torch"},
    "CRÈME": {"Crème Brûlée Torch"},
    "cre\u0300me": {"Crème Brûlée Torch"},
    "brulee tor": {"Crème Brûlée Torch"},
    "torch": {"Crème Brûlée Torch", "Torchlight"},
    "torchl": {"Torchlight"},
    "light": {"Torchlight", "Straße lamp"},
    "orch": set(),
    "strasse": {"STRASSE sign", "Straße lamp"},
    "straße": {"STRASSE sign", "Straße lamp"},
    "naive": {"STRASSE sign"},
    "blue sign": {"STRASSE sign"},
    "sl-77": {"Straße lamp"},
    "自行": {"自行车 bicycle 🚲"},
    "车": {"自行车 bicycle 🚲"},
    "🚲": {"自行车 bicycle 🚲"},
    "ВЕЛО": {"Велосипед"},
    "مصباح": {"مصباح كهربائي"},
    "lodz": {"Łódź poster"},
    "c++": {"C++ book <b>bold</b>"},
    "++": {"C++ book <b>bold</b>"},
    "<b>bold": {"C++ book <b>bold</b>"},
    "home & garden": {"STRASSE sign", "Łódź poster", "مصباح كهربائي"},
    "%": {"Crème Brûlée Torch", "Łódź poster"},
    "100%": {"Crème Brûlée Torch"},
    "50%": {"Łódź poster"},
    "50": {"Torchlight", "Łódź poster"},
    "_": {"C++ book <b>bold</b>"},
    "a_b": {"C++ book <b>bold</b>"},
    "*": set(),
    "tor*": set(),
    "?": set(),
    "---": set(),
    '"torch light"': {"Torchlight"},
    "torch OR bicycle": set(),
    "torch NOT light": set(),
    "NEAR(torch light)": set(),
    "name:torch": set(),
    "torch' | 'light": {"Torchlight"},
    "torch:*": set(),
    "'": set(),
    "\\": set(),
    "kitchen": {"Crème Brûlée Torch"},
}


def test_words_are_found_exactly_and_syntax_is_text(names: Any, client: Any) -> None:
    for query, expected in SEARCHES.items():
        answer = client.get("/api/products/public/", query_string={"q": query})
        assert answer.status_code == 200
        assert {one["name"] for one in answer.json} == expected, query
        facets = client.get("/api/products/public/facets/", query_string={"search": query}).json
        assert facets["total"] == len(expected), query
    assert names("?q=") == names("?q=%20") == names()


SCRIPTS = {
    "ISTANBUL ışık": ["istanbul", "İSTANBUL", "ISIK", "ışık", "isik"],
    "İzmir kilimi": ["izmir", "IZMIR", "ızmır"],
    "Großer Fußball": ["GROSSER", "grosser", "fussball", "FUẞBALL"],
    "ﬁne oﬃce ﬂoor": ["fine", "office", "FLOOR", "ﬁ"],
    "Ångström e\u0301tude": ["angstrom", "étude", "A\u030angstro\u0308m", "ÅNGSTRÖM"],
    "한국어 사전": ["한국", "사전", "\u1112\u1161\u11ab"],
    "โคมไฟตั้งโต๊ะ": ["โคมไฟ", "โคม"],
    "デスクランプ ﾗﾝﾌﾟ": ["ランプ", "ﾃﾞｽｸ"],
    "नमस्ते दुनिया": ["नमस्ते", "दुन"],
    "שָׁלוֹם עולם": ["שלום", "שָׁלוֹם"],
    "مُصْبَاح ضوء": ["مصباح", "مُصْبَاح"],
    "½ x² №5 ①": ["1", "x2", "no5"],
    "👩🚀 rocket ❤": ["👩", "🚀", "👩\u200d🚀", "❤", "❤️"],
    "𝕄𝕒𝕥𝕙 𝟙𝟚": ["math", "12"],
    "q" * 70 + " " + "ж" * 70: ["q" * 64, "q" * 70, "ж" * 65],
    "tab\u00a0\u3000wide": ["wide", "tab wide"],
    "O'Neil\\Sons (No:1) & Co | <-> !": ["o'neil", "neil\\sons", "sons & co", "no:1", "(neil) | sons", "!co"],
}


def test_scripts_and_forms_are_found_as_people_type_them(client: Any, shop: Any, index: Any) -> None:
    for name in SCRIPTS:
        shop.publish(name=name)
    index()

    for name, queries in SCRIPTS.items():
        for query in (name, name.upper(), unicodedata.normalize("NFD", name), *queries):
            shown = unicodedata.normalize("NFC", " ".join(name.split()))
            for ordering in ("relevance", "-published_at"):
                answer = client.get("/api/products/public/", query_string={"q": query[:200], "ordering": ordering})
                assert answer.status_code == 200, (name, query)
                assert shown in {one["name"] for one in answer.json}, (name, query)
            own = client.get("/api/products/", query_string={"q": query[:200]}, headers=shop.login("viewer"))
            assert shown in {one["name"] for one in own.json}, (name, query)


HOSTILE = [
    *(" ".join(chr(ord("a") + number) + other for number in range(26)) for other in ("", "x")),
    "".join(chr(0x4E00 + number) for number in range(200)),
    "😀😁😂🤣😃😄😅😆😉😊" * 20,
    "% _ * # + $ " * 16,
    "\u0301" * 200,
    "\U0010ffff\ue163\ufdd0\ufeff",
    "a AND (b OR NOT c) NEAR/3 d^2 {e} -f",
    "'a':* & !b <2> 'c\\' | ",
    '"a" + "b" * ^ c:d \\" ',
    "]]> </q> %s %(q)s {0} ${x} $1 :match ?",
]


@pytest.mark.parametrize("query", HOSTILE)
def test_no_query_is_an_error_and_all_orders_agree(client: Any, shop: Any, index: Any, query: str) -> None:
    shop.publish(name="a b c d e f", description="one two 一 丁 😀 %")
    shop.publish(name=query[:200].strip("\ufeff ") or "x", description="all of it")
    index()

    totals = set()
    for ordering in ("relevance", "-published_at", "price", "-price", "name"):
        answer = client.get("/api/products/public/", query_string={"q": query[:200], "ordering": ordering})
        assert answer.status_code == 200, answer.json
        totals.add(len(answer.json))
    facets = client.get("/api/products/public/facets/", query_string={"q": query[:200]})
    own = client.get("/api/products/", query_string={"q": query[:200]}, headers=shop.login("viewer"))

    assert totals | {facets.json["total"], len(own.json)} == {len(own.json)}


def test_orders(names: Any) -> None:
    assert names()[0] == "Łódź poster"
    assert names() == [product["name"] for product in reversed(PRODUCTS)]
    assert names("?ordering=price") == [
        *("مصباح كهربائي", "Torchlight", "Łódź poster", "Crème Brûlée Torch", "C++ book <b>bold</b>", "STRASSE sign"),
    ]
    assert names("?ordering=-price") == list(reversed(names("?ordering=price")))
    assert names("?ordering=name")[:4] == ["C++ book <b>bold</b>", "Crème Brûlée Torch", "Łódź poster", "Straße lamp"]


QUESTIONS = ("", "&q=o", "&category=Outdoor", "&min_price=9", "&q=o&max_price=50", "&business=1&currency=EUR")


@pytest.mark.parametrize("few", [0, 2500])
def test_pages_of_any_size_hold_everything_once(
    names: Any, shop: Any, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(browse, "FEW", few)
    for ordering in ("relevance", "-published_at", "price", "-price", "name"):
        for query in QUESTIONS if ordering != "relevance" else (one for one in QUESTIONS if "q=" in one):
            whole = shop.public(f"?ordering={ordering}{query}")
            assert whole
            for size in (1, 2, 3):
                assert shop.pages(f"/api/products/public/?ordering={ordering}&page_size={size}{query}") == whole


def test_filters_by_what_is_equal(names: Any) -> None:
    assert set(names("?category=Outdoor")) == {"Torchlight", "Straße lamp", "自行车 bicycle 🚲"}
    assert names("?category=outdoor") == []
    assert names("?currency=USD&category=Outdoor") == ["Straße lamp"]
    assert len(names("?business=1")) == len(PRODUCTS)
    assert names("?business=2") == []


def test_prices_are_compared_within_a_currency_and_the_answer_says_which(names: Any, client: Any) -> None:
    assert set(names("?min_price=9&max_price=30")) == {"Torchlight", "Łódź poster", "Crème Brûlée Torch"}
    assert names("?min_price=9.0001&max_price=29.9") == ["Crème Brûlée Torch"]
    assert names("?max_price=0") == ["مصباح كهربائي"]
    assert names("?currency=BHD&min_price=5.125&max_price=5.125") == ["Велосипед"]
    assert names("?currency=JPY&min_price=19999.5&max_price=20000.9") == ["自行车 bicycle 🚲"]
    assert names("?currency=JPY&min_price=20000.1") == []
    assert names("?min_price=10&max_price=9") == []
    for query, currency in (
        ("", None), ("?ordering=name&currency=USD", None), ("?ordering=price", "EUR"), ("?min_price=1", "EUR"),
        ("?ordering=-price&currency=JPY", "JPY"), ("?q=torch&max_price=9", "EUR"),
    ):  # fmt: skip
        assert client.get(f"/api/products/public/{query}").headers.get("X-Currency") == currency, query
    assert client.get("/api/products/public/facets/?max_price=9").json["currency"] == "EUR"
    assert client.get("/api/products/public/facets/?currency=USD&max_price=10").json["currency"] == "USD"
    assert client.get("/api/products/public/facets/").json["currency"] is None


def test_category_named_like_a_currency_is_not_found_by_it(client: Any, shop: Any, index: Any) -> None:
    shop.publish(name="Euro lamp", currency="EUR", category="USD")
    shop.publish(name="Dollar lamp", currency="USD", category="EUR")

    index()

    for ordering in ("-published_at", "name"):
        for query in ("currency=EUR", "currency=EUR&q=lamp", "category=USD&q=lamp", "business=1&currency=EUR"):
            found = shop.public(f"?ordering={ordering}&{query}")
            assert [one["name"] for one in found] == ["Euro lamp"], (ordering, query)
    assert client.get("/api/products/public/facets/?currency=EUR&q=lamp").json["total"] == 1


def test_facets_count_what_the_same_filters_list(names: Any, client: Any, shop: Any) -> None:
    for query in ("", "category=Outdoor", "q=o", "currency=EUR", "min_price=9&max_price=30", "business=2", "q=zzz"):
        listed = shop.public(f"?page_size=100&{query}")
        found = client.get(f"/api/products/public/facets/?{query}").json
        assert found["total"] == len(listed)
        for name, key in (("categories", "value"), ("currencies", "currency"), ("businesses", "id")):
            field = {"value": "category", "currency": "currency", "id": "business"}[key]
            expected: dict[Any, int] = {}
            for one in listed:
                expected[one[field]] = expected.get(one[field], 0) + 1
            assert {one[key]: one["count"] for one in found[name]} == expected
        for one in found["currencies"]:
            minors = {p["price_minor"]: p["price"] for p in listed if p["currency"] == one["currency"]}
            assert (one["min_price"], one["max_price"]) == (minors[min(minors)], minors[max(minors)])


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("min_price=-1", "min_price"),
        ("max_price=abc", "max_price"),
        ("min_price=1e3", "min_price"),
        ("min_price=NaN", "min_price"),
        ("min_price=0.00001", "min_price"),
        ("max_price=100000000", "max_price"),
        ("business=x", "business"),
        ("business=0", "business"),
        ("business=9223372036854775808", "business"),
        ("ordering=created_by", "ordering"),
        ("ordering=words", "ordering"),
        ("currency=euro", "currency"),
        ("page_size=0", "page_size"),
        ("page_size=101", "page_size"),
        ("cursor=nonsense", "cursor"),
        ("q=" + "x" * 201, "q"),
        ("q=a&q=b", "q"),
        ("status=draft", "status"),
        ("q=%00", "q"),
        ("category=a%00b", "category"),
    ],
)
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_bad_parameters_are_named(client: Any, query: str, field: str) -> None:
    answer = client.get(f"/api/products/public/?{query}")

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == [field]


def test_longest_names_lead_to_the_next_page(shop: Any) -> None:
    for last in "🚲🛴🛵":
        shop.publish(name="🚲" * 199 + last)

    assert shop.pages("/api/products/public/?ordering=name&page_size=1") == shop.public("?ordering=name")


def test_cursor_of_another_order_is_refused_or_harmless(names: Any, client: Any) -> None:
    link = client.get("/api/products/public/?ordering=name&page_size=2").headers["Link"]
    cursor = link.split("cursor=")[1].split(">")[0]

    for ordering in ("price", "-published_at"):
        assert client.get(f"/api/products/public/?ordering={ordering}&cursor={cursor}").status_code == 422


def test_unchanged_answers_are_304(client: Any, shop: Any, index: Any) -> None:
    product_id = shop.publish()
    for query in (f"{product_id}/", "", "facets/", "?q=lamp"):
        address = f"/api/products/public/{query}"
        index()
        tag = client.get(address).headers["ETag"]
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
        shop.change(product_id, description=f"new {address}")
        shop.approve(product_id)
        index()
        assert client.get(address, headers={"If-None-Match": tag}).status_code == (304 if "facets" in address else 200)


@given(st.text(max_size=60), st.text(max_size=20))
@settings(max_examples=300)
def test_every_word_of_a_text_is_found_by_its_beginning(text: str, other: str) -> None:
    found = texts.words(text, other)

    for word in found:
        assert word
        assert not set(word) & set(" '\"\\\0\n\t:&|!()")
        assert all(char.isalnum() or ord(char) > 127 for char in word)
    assert texts.fold(texts.fold(text)) == texts.fold(text)
    assert set(texts.words(text)) <= set(found)


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("ordering", ["-published_at", "name"])
@pytest.mark.parametrize("filters", [{"currency"}, {"currency", "category"}, {"currency", "business_id"}])
def test_many_of_a_price_range_are_read_along_the_order(app: Any, ordering: str, filters: set[str]) -> None:
    names = frozenset({*filters, "min_price"})
    query = browse._page("sqlite", ordering, names, continued=False, gathers=False)
    with app.app_context(), db.reading() as connection:
        compiled = query.compile(connection.engine)
        values = tuple(0 for _ in compiled.positiontup or ())
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", values).all()

    assert not any("ORDER BY" in row[-1] for row in plan), plan
