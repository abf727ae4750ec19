"""What port.py promises, as a suite that every engine passes."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from catalog_service.search.port import (
    Alternative,
    Entry,
    Filters,
    Group,
    Hit,
    Key,
    Parsed,
    Position,
    PriceRange,
    SearchIndex,
    SearchWriter,
)

NOBODY: frozenset[int] = frozenset()
ORDERS = ("-published_at", "price", "-price", "name")
EURO = Filters(currency="EUR")


class Engine(Protocol):
    """An engine under test: its writer, and what a web process asks at this moment."""

    writer: SearchWriter

    def index(self) -> SearchIndex: ...


def entry(id: int, name: str, **other: Any) -> Entry:
    plain: dict[str, Any] = {"seq": id, "business": 1, "category": "Lamps", "currency": "EUR", "price_minor": 100 * id}
    fields = {"words": name, "name": name, "completions": f"{name} {name.replace(' ', '_')}"}
    return Entry(id=id, name_sort=name, fields=fields, **{**plain, **other})


ENTRIES = [
    entry(1, "oak lamp", price_minor=500),
    entry(2, "oak table", category="Tables", business=2),
    entry(3, "brass lamp", currency="USD"),
    entry(4, "brass table lamp", price_minor=500, business=2),
    entry(5, "zinc bowl", category="", currency="JPY", business=3),
]


def words(*groups: str | Sequence[Alternative], boosts: Sequence[Alternative] = ()) -> Parsed:
    """A word for each text, any of the alternatives for each sequence."""
    made = (Group((Alternative("words", one),) if isinstance(one, str) else tuple(one)) for one in groups)
    return Parsed(tuple(made), tuple(Group((one,)) for one in boosts))


def ids(hits: Sequence[Hit]) -> list[int]:
    return [hit.id for hit in hits]


def every(index: SearchIndex, parsed: Parsed, filters: Filters = EURO, ordering: Any = "-published_at") -> list[int]:
    return ids(index.find(parsed, filters, ordering, None, 100))


class Contract:
    """The suite; a subclass has the fixture `engine`, whose index was never built, and `built`, with ENTRIES in it."""

    def test_there_is_nowhere_to_follow_from_before_the_first_build(self, engine: Engine) -> None:
        assert engine.writer.position() is None

    def test_a_build_counts_on_and_takes_its_place_at_the_end(self, engine: Engine) -> None:
        counts = list(engine.writer.rebuild([ENTRIES[:2], ENTRIES[2:]], Position(9, "m")))

        assert counts == [2, 5]
        assert engine.writer.position() == engine.index().position() == Position(9, "m")
        assert engine.writer.contents() == (5, 15)
        assert not engine.writer.is_outdated()

    def test_words_are_all_needed_in_one_way_each(self, built: Engine) -> None:
        index, any_currency = built.index(), Filters()

        assert every(index, words("lamp"), any_currency) == [4, 3, 1]
        assert every(index, words("oak", "lamp"), any_currency) == [1]
        assert every(index, words([Alternative("words", "oak"), Alternative("words", "zinc")]), any_currency) == [
            5,
            2,
            1,
        ]
        assert every(index, words([Alternative("words", "la", "prefix")]), any_currency) == [4, 3, 1]
        assert every(index, words([Alternative("name", "ta", "prefix")], "brass"), any_currency) == [4]
        assert every(index, words("la"), any_currency) == every(index, words("lamp", "zinc"), any_currency) == []
        assert every(index, Parsed(), any_currency) == [5, 4, 3, 2, 1]

    def test_syntax_is_text(self, built: Engine) -> None:
        for text in ("*", "#"):
            assert every(built.index(), words([Alternative("words", text, "prefix")])) == []
            assert built.index().complete("completions", text, 5, NOBODY) == []

    def test_a_boost_raises_and_finds_nothing_more(self, built: Engine) -> None:
        index = built.index()

        for name, best in (("oak", 1), ("table", 4)):
            boosted = words("lamp", boosts=[Alternative("name", name, boost=9.0)])
            found = index.find(boosted, Filters(), "relevance", None, 10)
            assert ids(found)[0] == best
            assert sorted(ids(found)) == [1, 3, 4]
            assert [hit.key for hit in found] == sorted((hit.key for hit in found), reverse=True)

    def test_pages_of_one_size_make_the_whole_in_every_order(self, built: Engine) -> None:
        index = built.index()

        expected = {"-published_at": [4, 2, 1], "price": [2, 1, 4], "-price": [4, 1, 2], "name": [4, 1, 2]}
        for ordering in ORDERS:
            assert every(index, Parsed(), EURO, ordering) == expected[ordering]
            assert list(paged(index, Parsed(), ordering)) == expected[ordering]
        assert sorted(paged(index, words("lamp"), "relevance")) == [1, 4]

    def test_filters_hold_together(self, built: Engine) -> None:
        index = built.index()

        assert every(index, Parsed(), Filters(business=2)) == [4, 2]
        assert every(index, words("table"), Filters(business=2, category="Tables")) == [2]
        assert every(index, Parsed(), Filters(category="")) == [5]
        assert every(index, Parsed(), Filters(category="lamps")) == []
        assert every(index, Parsed(), Filters(currency="EUR", min_price=200, max_price=499)) == [2]
        assert every(index, Parsed(), Filters(currency="EUR", min_price=500, max_price=500)) == [4, 1]
        assert every(index, Parsed(), Filters(hidden=frozenset({2, 3}))) == [3, 1]

    def test_facets_count_what_is_found(self, built: Engine) -> None:
        found = built.index().facets(words("lamp"), Filters())

        assert (found.total, list(found.categories)) == (3, [("Lamps", 3)])
        assert list(found.businesses) == [(1, 2), (2, 1)]
        assert list(found.currencies) == [PriceRange("EUR", 2, 500, 500), PriceRange("USD", 1, 300, 300)]
        assert built.index().facets(words("lamp"), Filters(hidden=frozenset({1}))).total == 1
        nothing = built.index().facets(words("nothing"), Filters())
        assert (nothing.total, list(nothing.categories), list(nothing.currencies)) == (0, [], [])

    def test_terms_complete_by_how_many_have_them(self, built: Engine) -> None:
        index = built.index()

        assert list(index.complete("completions", "", 2, NOBODY)) == [("lamp", 3), ("brass", 2)]
        assert list(index.complete("completions", "oak", 9, NOBODY)) == [("oak", 2), ("oak_lamp", 1), ("oak_table", 1)]
        assert list(index.complete("completions", "table", 9, frozenset({2}))) == []
        assert list(index.complete("completions", "lamp", 9, frozenset({2}))) == [("lamp", 2)]

    def test_near_terms_share_the_first_letter(self, built: Engine) -> None:
        index = built.index()

        assert list(index.near("words", "lmap", 1, NOBODY)) == [("lamp", 3)]
        assert list(index.near("words", "lamp", 1, NOBODY)) == [("lamp", 3)]
        assert list(index.near("words", "damp", 1, NOBODY)) == []
        assert list(index.near("words", "tabel", 1, frozenset({2}))) == []

    def test_a_change_replaces_and_removes_and_may_be_applied_again(self, built: Engine) -> None:
        for _ in range(2):
            assert built.writer.position() is not None
            built.writer.apply([entry(1, "steel lamp", seq=7), entry(6, "oak box")], [3, 99], Position(8, "n"))

            index = built.index()
            assert index.position() == Position(8, "n")
            assert every(index, words("oak"), Filters()) == [6, 2]
            assert every(index, words("lamp"), Filters()) == [1, 4]
            assert built.writer.contents() == (5, 7 + 2 + 4 + 5 + 6)

    def test_a_new_build_forgets_what_is_no_longer_there(self, built: Engine) -> None:
        building = built.writer.rebuild([ENTRIES[:1]], Position(20, "o"))
        next(building)
        assert len(every(built.index(), Parsed(), Filters())) == 5

        list(building)

        assert every(built.index(), Parsed(), Filters()) == [1]
        assert built.writer.position() == Position(20, "o")


def paged(index: SearchIndex, parsed: Parsed, ordering: Any) -> Iterator[int]:
    after: Key | None = None
    while hits := index.find(parsed, EURO, ordering, after, 1):
        yield hits[0].id
        after = hits[-1].key
