"""Understands a question without a model.

Its rule: a number, a unit, a negation or a question word that was not read is never searched for; it is named instead.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chat_service.understanding.followup import continued
from chat_service.understanding.lexicon import Tag, lexicon
from chat_service.understanding.limits import is_unit, price, read_limits
from chat_service.understanding.plan import Plan
from chat_service.understanding.question import Question
from chat_service.understanding.tagging import PRODUCT, Piece
from chat_service.understanding.text import TOKEN, plain

SMALL_TALK = ("help", "thanks", "greeting")
ASKS: tuple[str, ...] = ("compare", "count", "price_range", "sellers", "categories")
MOST_WORDS = 8
LONGEST_WORD = 40


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
    fields: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    refers: list[str] = field(default_factory=list)
    currency: str | None = None
    follows: bool = False
    whole: bool = False
    compares: bool = False
    excluded: set[str] = field(default_factory=set)  # of seller and category, those that a negation reaches


def read(question: Question, context: Mapping[str, Any] | None = None) -> Plan:
    """The plan for a question, completed by what the conversation showed before."""
    before, pieces = context or {}, question.pieces
    limits = read_limits(pieces)
    draft = _drafted(pieces, limits.taken, bool(before.get("products")), question.language)
    if question.products and limits.bare:
        # "the lamp costs 1 euro" names no limit of the shopper's.
        limits.low = limits.high = None
        draft.unread.append(limits.bare)
    plan = Plan(
        language=question.language,
        about=_about(draft, question.products),
        without=_without(draft, question.products),
        **_named(question, draft.excluded),
        min_price=price(limits.low),
        max_price=price(limits.high),
        above=limits.above,
        below=limits.below,
        currency=draft.currency or limits.currency,
        order=draft.order,  # type: ignore[arg-type]
        sorted=draft.sorted,
        fields=list(dict.fromkeys(draft.fields))[:4],
        topics=list(dict.fromkeys(draft.topics))[:3],  # type: ignore[arg-type]
        unread=list(dict.fromkeys(text[:LONGEST_WORD] for text in draft.unread))[:8],
    )
    asked = _asked(plan, draft, "?" in question.folded)
    if asked.ask in SMALL_TALK or draft.whole:
        return asked
    return continued(asked, draft.refers, draft.follows, before)


def _about(draft: Draft, names: Sequence[str]) -> list[str]:
    """What is asked about: each product with what stands beside it in its sentence, and the other words."""
    left, found, others = list(names), [], []
    for sentence in sorted(set(draft.sentences)):
        groups = [group for group, number in zip(draft.groups, draft.sentences, strict=True) if number == sentence]
        words = [word for group in groups for word in group]
        rest, marks = [word for word in words if word != PRODUCT], words.count(PRODUCT)
        compares = draft.compares or "compare" in draft.asks
        if marks == 1 and left and not (compares and len(groups) > 1):
            found.append(" ".join([left.pop(0), *rest[:MOST_WORDS]])[:200])
        elif marks:
            found += [left.pop(0) for _ in range(min(marks, len(left)))]
            others += [[word for word in group if word != PRODUCT] for group in groups] if compares else [rest]
        else:
            others += groups
    bounded = [[word[:LONGEST_WORD] for word in dict.fromkeys(group)][:MOST_WORDS] for group in others if group]
    return [*found, *(" ".join(group)[:200] for group in bounded)][:5]


def _without(draft: Draft, names: Sequence[str]) -> list[str]:
    """What is to be left out; a product's name stands there as its mark."""
    groups = [[names[-1] if word == PRODUCT else word for word in group] for group in draft.without]
    return [" ".join(words)[:200] for words in groups if any(words)][:3]


def _new_group(draft: Draft, sentence: int) -> None:
    draft.groups.append([])
    draft.sentences.append(sentence)


def _named(question: Question, excluded: set[str]) -> dict[str, Any]:
    names = {"seller": question.seller, "category": question.category}
    return {f"without_{kind}" if kind in excluded else kind: name for kind, name in names.items()}


def _drafted(pieces: Sequence[Piece], taken: set[int], shown: bool, language: str) -> Draft:
    draft = Draft(language)
    negated, sentence = False, 0
    for index, piece in enumerate(pieces):
        if piece.sentence != sentence:
            sentence, negated = piece.sentence, False
            _new_group(draft, sentence)
        if index in taken or (is_unit(pieces, index) and index and pieces[index - 1].number):
            continue
        if piece.says("negation") and language == "ja":
            # It stands behind what it negates.
            name = _name_before(pieces, index)
            if name:
                draft.excluded.add(name)
            else:
                draft.without.append(draft.groups[-1])
                draft.groups[-1] = []
        elif piece.says("name") and piece.text != PRODUCT:
            if negated and not draft.without[-1]:
                draft.excluded.add(piece.tag.name)
            if piece.says("name", "seller"):
                _new_group(draft, sentence)
            negated = False
        elif piece.says("negation"):
            negated = True
            draft.without.append([])
            if not any(each.is_content or each.says("name") for each in pieces[index + 1 : index + 7]):
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


def _name_before(pieces: Sequence[Piece], index: int) -> str | None:
    """The kind of a seller's or a category's name that nothing but small words parts from there."""
    for piece in reversed(pieces[:index]):
        if piece.tag.table not in {"stop", "limit", "refer"}:
            return piece.tag.name if piece.says("name") and piece.text != PRODUCT else None
    return None


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
    elif table == "value" or table == "thing" or piece.text == PRODUCT:
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
    if any(each.says("order") for each in pieces[max(0, index - 1) : index + 2]):
        # "The three cheapest" are a list in that order.
        draft.sorted = True
        return
    if piece.number.ordinal and shown and 1 <= position <= 5:
        draft.refers.append(str(position))
        return
    draft.unread.append(f"{piece.text} {pieces[index + 1].text}" if is_unit(pieces, index + 1) else piece.text)


def _asked(plan: Plan, draft: Draft, is_question: bool) -> Plan:
    """What is asked, of all that was read."""
    asks = draft.asks
    found = next((ask for ask in ASKS if ask in asks), None)
    if found is None and draft.compares and (len(plan.about) != 1 or "price" not in plan.fields):
        found = "compare"
    if found is None and plan.asks_nothing:
        nothing = "help" if not (asks or draft.refers or plan.unread) else None
        found = next((ask for ask in SMALL_TALK if ask in asks), nothing)
    if "thanks" in asks and not is_question and not (plan.priced or plan.category or plan.topics or plan.order):
        return plan.model_copy(update={"ask": "thanks", "about": [], "fields": [], "unread": []})
    # "What do you have in toys?" asks for the toys.
    narrowed = plan.category or plan.seller or plan.about or plan.priced
    if (found == "categories" and narrowed) or (found == "sellers" and plan.topics and not plan.about):
        found = None
    of = next((each for each in ("sellers", "categories") if each in asks), "products")
    return plan.model_copy(update={"ask": found or "products", "of": of if found == "count" else "products"})
