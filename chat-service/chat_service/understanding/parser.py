"""Understands a question without a model.

Its rule: a number, a unit, a negation or a question word that was not read is never searched for; it is named instead.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from chat_service.clients.catalog import Facets
from chat_service.selections import LARGEST
from chat_service.understanding.lexicon import Tag, lexicon
from chat_service.understanding.plan import Plan
from chat_service.understanding.tagging import MARK, Piece, language_of, tagged, without_names, without_product
from chat_service.understanding.text import TOKEN, fold, plain

SMALL_TALK = ("help", "thanks", "greeting")
ASKS: tuple[str, ...] = ("compare", "count", "price_range", "sellers", "categories")
MOST_WORDS = 8
LONGEST_WORD = 40
UNITS = frozenset(
    [
        "mm",
        "cm",
        "m",
        "km",
        "in",
        "inch",
        "inches",
        "ft",
        "feet",
        "kg",
        "g",
        "mg",
        "lb",
        "lbs",
        "oz",
        "l",
        "ml",
        "cl",
        "liter",
        "litre",
        "litres",
        "liters",
        "w",
        "watt",
        "v",
        "volt",
        "mah",
        "wh",
        "ah",
        "hz",
        "lm",
        "db",
        "gb",
        "mb",
        "tb",
        "°c",
        "°f",
        "%",
        "percent",
        "kilo",
        "kilos",
        "gramm",
        "grams",
        "grammes",
        "zoll",
        "pouces",
        "pulgadas",
        "metros",
        "mètres",
        "meter",
        "metre",
        "meters",
        "stück",
    ]
)
SMALLEST = Decimal("0.001")
NEAR = (Decimal("0.8"), Decimal("1.2"))


@dataclass
class Draft:
    """What has been read so far."""

    language: str
    groups: list[list[str]] = field(default_factory=lambda: [[]])
    sentences: list[int] = field(default_factory=lambda: [0])
    without: list[list[str]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    asks: list[str] = field(default_factory=list)
    order: str | None = None
    sorted: bool = False
    bare: str = ""  # an amount without a word such as "under"
    fields: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    refers: list[str] = field(default_factory=list)
    currency: str | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    above: bool = False
    below: bool = False
    follows: bool = False
    whole: bool = False
    compares: bool = False


def read(message: str, everything: Facets, context: Mapping[str, Any] | None = None, names: Sequence[str] = ()) -> Plan:
    """The plan for a question, completed by what the conversation showed before; `names` are products that it names."""
    before = context or {}
    folded = fold(message.replace("\n", " . "))
    language = language_of(folded, before.get("language"))
    for name in names:
        folded = without_product(folded, name)
    rest, seller, category = without_names(folded, everything, language)
    pieces = tagged(lexicon(language).cut(rest), lexicon(language))
    excluded = _excluded_name(folded, language, seller[1] if seller else None, category)
    draft = _drafted(pieces, bool(before.get("products")), language)
    if names and draft.bare:
        # "the lamp costs 1 euro" names no limit of the shopper's.
        draft.low = draft.high = None
        draft.unread.append(draft.bare)
    plan = Plan(
        language=language,
        about=_about(draft, names),
        without=_without(draft, names),
        **_named(seller[1] if seller else None, category, excluded),
        min_price=_price(draft.low),
        max_price=_price(draft.high),
        above=draft.above,
        below=draft.below,
        currency=draft.currency,
        order=draft.order,  # type: ignore[arg-type]
        sorted=draft.sorted,
        fields=list(dict.fromkeys(draft.fields))[:4],
        topics=list(dict.fromkeys(draft.topics))[:3],  # type: ignore[arg-type]
        unread=list(dict.fromkeys(text[:LONGEST_WORD] for text in draft.unread))[:8],
    )
    return _continued(_asked(plan, draft, "?" in folded), draft, before)


def _price(value: Decimal | None) -> Decimal | None:
    """As the catalogue takes it: at most eight digits and three decimals."""
    return None if value is None else min(value, LARGEST).quantize(SMALLEST).normalize() + 0


def _about(draft: Draft, names: Sequence[str]) -> list[str]:
    """What is asked about: each product with what stands beside it in its sentence, and the other words."""
    left, found, others = [fold(name) for name in names], [], []
    for sentence in sorted(set(draft.sentences)):
        groups = [group for group, number in zip(draft.groups, draft.sentences, strict=True) if number == sentence]
        words = [word for group in groups for word in group]
        rest, marks = [word for word in words if word != MARK], words.count(MARK)
        compares = draft.compares or "compare" in draft.asks
        if marks == 1 and left and not (compares and len(groups) > 1):
            found.append(" ".join([left.pop(0), *rest[:MOST_WORDS]])[:200])
        elif marks:
            found += [left.pop(0) for _ in range(min(marks, len(left)))]
            others += [[word for word in group if word != MARK] for group in groups] if compares else [rest]
        else:
            others += groups
    bounded = [[word[:LONGEST_WORD] for word in dict.fromkeys(group)][:MOST_WORDS] for group in others if group]
    return [*found, *(" ".join(group)[:200] for group in bounded)][:5]


def _without(draft: Draft, names: Sequence[str]) -> list[str]:
    """What is to be left out; a product's name stands there as its mark."""
    named = fold(names[-1]) if names else ""
    groups = [[named if word == MARK else word for word in group] for group in draft.without]
    return [" ".join(words)[:200] for words in groups if any(words)][:3]


def _new_group(draft: Draft, sentence: int) -> None:
    draft.groups.append([])
    draft.sentences.append(sentence)


def _named(seller: str | None, category: str | None, excluded: set[str]) -> dict[str, Any]:
    return {
        "seller": None if "seller" in excluded else seller,
        "without_seller": seller if "seller" in excluded else None,
        "category": None if "category" in excluded else category,
        "without_category": category if "category" in excluded else None,
    }


def _excluded_name(folded: str, language: str, seller: str | None, category: str | None) -> set[str]:
    """Which of the names that the question holds it excludes: those that follow a negation in the same clause."""
    found = set()
    for kind, name in (("seller", seller), ("category", category)):
        start = folded.find(fold(name)[:-1]) if name else -1
        if start < 0 or name is None:
            continue
        clause = folded[max(0, start - 60) : start].replace(".", ",").split(",")[-1]
        behind = folded[start + len(name) - 1 :][:8]
        pieces = tagged(lexicon(language).cut(clause if language != "ja" else behind), lexicon(language))
        if _negates(pieces, behind=language == "ja"):
            found.add(kind)
    return found


def _negates(pieces: Sequence[Piece], behind: bool) -> bool:
    """Whether a negation reaches the name: nothing but small words lies between them."""
    near = pieces if behind else reversed(pieces)
    for piece in near:
        if piece.says("negation"):
            return True
        if piece.tag.table not in {"stop", "limit", "refer"}:
            return False
    return False


def _drafted(pieces: Sequence[Piece], shown: bool, language: str) -> Draft:
    draft = Draft(language)
    taken = _amounts(pieces, draft)
    negated, sentence = False, 0
    for index, piece in enumerate(pieces):
        if piece.sentence != sentence:
            sentence, negated = piece.sentence, False
            _new_group(draft, sentence)
        if index in taken or (piece.text in UNITS and index and pieces[index - 1].number):
            continue
        if piece.says("negation") and language == "ja":
            # It stands behind what it negates.
            draft.without.append(draft.groups[-1])
            draft.groups[-1] = []
        elif piece.says("negation"):
            negated = True
            draft.without.append([])
            if not any(
                each.tag.table in {"", "value", "thing"} and not each.number for each in pieces[index + 1 : index + 7]
            ):
                negated = False
                if not _negated_topic(pieces, index):
                    draft.unread.append(piece.text)
        elif piece.text == "," or piece.says("join"):
            negated = negated and not (piece.text == "," or piece.says("join", "but"))
            draft.compares = draft.compares or piece.says("join", "versus")
            if piece.says("join", "but") and not draft.groups[-1]:
                draft.follows = draft.follows or index == 0
            if negated:
                draft.without.append([])
            else:
                _new_group(draft, sentence)
            draft.follows = draft.follows or (index == 0 and piece.says("join"))
        else:
            _take(piece, index, pieces, draft, negated, shown)
    return draft


def _negated_topic(pieces: Sequence[Piece], index: int) -> bool:
    """Whether the negation only colours what is asked ("no longer available", "isn't it in stock?", "no thanks")."""
    return any(piece.tag.table in {"topic", "ask", "field"} for piece in pieces[index + 1 : index + 6])


def _take(piece: Piece, index: int, pieces: Sequence[Piece], draft: Draft, negated: bool, shown: bool) -> None:
    table, name = piece.tag.table, piece.tag.name
    if piece.number:
        _number(piece, index, pieces, draft, shown)
    elif table == "order":
        draft.order = name
    elif table == "sort":
        draft.order, draft.sorted = name, True
    elif table == "ask":
        draft.asks.append(name)
    elif table in {"more", "less"}:
        _compare(piece.tag, draft)
    elif table == "limit":
        # "cheaper than" something that is no amount.
        words = tuple(map(plain, piece.text.split()))
        degrees = (lexicon(draft.language).phrases.get(words[:size]) for size in range(len(words), 0, -1))
        _compare(next((tag for tag in degrees if tag and tag.table in {"more", "less", "order"}), None), draft)
        _new_group(draft, piece.sentence)
    elif table == "field":
        draft.fields.append(name)
    elif table == "topic":
        draft.topics.append(name)
    elif table == "refer" and (shown or name not in {*"12345", "last"}):
        draft.refers.append(name)
    elif table == "refer" or table == "question":
        draft.unread.append(piece.text)
    elif table == "currency":
        draft.currency = name
    elif table == "whole":
        draft.whole = True
    elif table == "follow":
        draft.follows = draft.follows or index == 0
    elif table == "value" or table == "thing":
        (draft.without[-1] if negated else draft.groups[-1]).append(piece.text)
    elif not table and TOKEN.fullmatch(piece.text) and (len(piece.text) > 1 or not piece.text.isascii()):
        word = piece.text.removesuffix("'s")[:LONGEST_WORD]
        (draft.without[-1] if negated else draft.groups[-1]).append(word)


def _compare(tag: Tag | None, draft: Draft) -> None:
    if tag and tag.table == "order":
        # Romance languages have one form for "cheaper" and "cheapest".
        tag = Tag("less" if tag.name == "cheapest" else "more", "price")
    if tag:
        draft.fields.append(tag.name)
        draft.compares = True
        if tag.name == "price":
            draft.order = draft.order or {"more": "dearest", "less": "cheapest"}[tag.table]


def _number(piece: Piece, index: int, pieces: Sequence[Piece], draft: Draft, shown: bool) -> None:
    """A number that is no amount: an ordinal, else one that was not read; a unit goes with it."""
    assert piece.number
    position = int(piece.number.value)
    if piece.number.ordinal and shown and 1 <= position <= 5:
        draft.refers.append(str(position))
        return
    behind = pieces[index + 1].text if index + 1 < len(pieces) else ""
    draft.unread.append(f"{piece.text} {behind}" if behind in UNITS else piece.text)


def _amounts(pieces: Sequence[Piece], draft: Draft) -> set[int]:
    """Reads price limits; returns the pieces that they are made of."""
    taken: set[int] = set()
    for index, piece in enumerate(pieces):
        if index in taken or not piece.number or piece.number.ordinal:
            continue
        money, around = _currency_at(pieces, index)
        limit, at = _limit_at(pieces, index, around)
        second = _second(pieces, max(around)) if limit != "below" else None
        unit = pieces[index + 1].text if index + 1 < len(pieces) else ""
        if not (money or limit or second) or (unit in UNITS and not money):
            continue
        draft.currency = money or draft.currency
        taken |= around | at
        if (
            second is not None
            and (limit in {"between", "at_least", None})
            and (limit or money or _money_near(pieces, second))
        ):
            code, more = _currency_at(pieces, second)
            draft.currency = code or draft.currency
            taken |= more | set(range(index, second + 1))
            low, high = sorted((piece.number.value, pieces[second].number.value))  # type: ignore[union-attr]
            draft.low, draft.high = low, high
        elif limit or money:
            draft.bare = "" if limit else " ".join(pieces[each].text for each in sorted(around))
            _limit(draft, limit or "at_most", piece.number.value)
    return taken


def _money_near(pieces: Sequence[Piece], index: int) -> bool:
    return _currency_at(pieces, index)[0] is not None


def _currency_at(pieces: Sequence[Piece], index: int) -> tuple[str | None, set[int]]:
    for near in (index + 1, index - 1):
        if 0 <= near < len(pieces) and pieces[near].currency:
            return pieces[near].currency, {index, near}
    return None, {index}


def _limit_at(pieces: Sequence[Piece], index: int, around: set[int]) -> tuple[str | None, set[int]]:
    """The word such as "under" before an amount, or "or less" behind it."""
    first, last = min(around), max(around)
    for near in (first - 1, first - 2, last + 1):
        if 0 <= near < len(pieces) and pieces[near].says("limit"):
            name = pieces[near].tag.name
            # "about" between a stop word and a number is a limit, "from" behind it is none.
            if near > last and name in {"between", "around"} and pieces[near].text.isascii() is not False:
                continue
            if near == first - 2 and not pieces[first - 1].says("stop"):
                continue
            return name, {near}
    return None, set()


def _second(pieces: Sequence[Piece], last: int) -> int | None:
    """The other end of "20 to 30", "20-30" or "between 20 and 30"."""
    for index in range(last + 1, min(last + 4, len(pieces))):
        piece = pieces[index]
        if piece.number and not piece.number.ordinal:
            return index
        if not (
            piece.currency
            or piece.says("stop")
            or piece.says("join", "and")
            or piece.says("limit")
            or piece.text in "-,"
        ):
            return None
    return None


def _limit(draft: Draft, name: str, value: Decimal) -> None:
    if name in {"at_most", "below", "exactly"}:
        draft.high, draft.below = value, name == "below"
    if name in {"at_least", "above", "exactly", "between"}:
        draft.low, draft.above = value, name == "above"
    if name == "around":
        draft.low, draft.high = (value * factor for factor in NEAR)


def _asked(plan: Plan, draft: Draft, is_question: bool) -> Plan:
    """What is asked, of all that was read."""
    asks = draft.asks
    found = next((ask for ask in ASKS if ask in asks), None)
    if found is None and draft.compares and (len(plan.about) > 1 or not plan.about):
        found = "compare"
    if found is None and plan.asks_nothing:
        found = next(
            (ask for ask in SMALL_TALK if ask in asks), "help" if not (asks or draft.refers or plan.unread) else None
        )
    if "thanks" in asks and not is_question and not (plan.priced or plan.category or plan.topics or plan.order):
        return plan.model_copy(update={"ask": "thanks", "about": [], "fields": [], "unread": []})
    # "What do you have in toys?" asks for the toys.
    narrowed = plan.category or plan.seller or plan.about or plan.priced
    if (found == "categories" and narrowed) or (found == "sellers" and plan.topics and not plan.about):
        found = None
    of = next((each for each in ("sellers", "categories") if each in asks), "products")
    return plan.model_copy(update={"ask": found or "products", "of": of if found == "count" else "products"})


def _continued(plan: Plan, draft: Draft, before: Mapping[str, Any]) -> Plan:
    """Completes a question that leans on what was shown or asked before."""
    count = len(before.get("products", ()))
    if plan.ask in SMALL_TALK:
        return plan
    shown = (
        []
        if plan.ask == "count" and before.get("plan")
        else _pointed(draft.refers, count, bool(plan.about or plan.seller or plan.category))
    )
    if (
        not shown
        and count
        and not plan.narrowed
        and not plan.excludes
        and (_about_shown(plan) or (plan.ask == "sellers" and count == 1))
    ):
        shown = list(range(1, count + 1))
    if shown:
        ask = plan.ask if plan.ask in {"compare", "count", "price_range", "sellers", "categories"} else "products"
        return plan.model_copy(update={"shown": shown, "ask": ask})
    last = before.get("plan")
    bare = not plan.narrowed and plan.ask in {"products", "count", "price_range", "sellers"} and not plan.topics
    narrows = plan.priced or plan.currency or plan.order or plan.excludes or plan.ask != "products"
    if not last or draft.whole or not (draft.follows or (bare and narrows)):
        return plan
    return _merged(plan, Plan.model_validate(last))


def _about_shown(plan: Plan) -> bool:
    """Whether it can only be about what was shown: a field, a comparison or a topic of nothing that is named."""
    return bool(plan.fields and not plan.priced) or plan.ask == "compare" or plan.topics == ["stock"]


def _merged(plan: Plan, last: Plan) -> Plan:
    """The last question, with what this one changes of it."""
    update: dict[str, Any] = {}
    if not plan.about and not plan.category:
        update |= {"about": last.about, "category": last.category}
    elif not plan.category and len(plan.about) == 1 and len(plan.about[0].split()) == 1 and _is_quality(plan):
        update |= {"about": [f"{last.about[0]} {plan.about[0]}"[:80]] if last.about else plan.about}
        update |= {"category": last.category}
    if not plan.seller and not plan.without_seller:
        update["seller"] = last.seller
    if not plan.priced:
        names = ("min_price", "max_price", "above", "below")
        update |= {name: getattr(last, name) for name in names}
    if not plan.currency:
        update["currency"] = last.currency
    if plan.order is None and plan.ask == "products" and not plan.fields:
        update["order"] = last.order
        update["ask"] = last.ask if last.ask == "count" else plan.ask
    return plan.model_copy(update=update)


def _is_quality(plan: Plan) -> bool:
    """Whether the one word that is new may be meant beside the words before: "and in blue?"."""
    return not plan.fields and plan.ask == "products"


def _pointed(refers: Sequence[str], count: int, named: bool) -> list[int]:
    """The places, from one, of what the question points at."""
    if not refers or not count:
        return []
    places = [int(name) for name in refers if name.isdigit()]
    if "last" in refers:
        places.append(count)
    if places:
        return [place for place in dict.fromkeys(places) if place <= count]
    if "all" in refers or (not named and "it" in refers) or (named and "one" in refers):
        return list(range(1, count + 1))
    return []
