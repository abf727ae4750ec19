"""Completes a question that leans on what the conversation showed or asked before."""

from collections.abc import Mapping, Sequence
from typing import Any

from chat_service.understanding.plan import Plan

LIMITS = ("min_price", "max_price", "above", "below")


def continued(plan: Plan, refers: Sequence[str], follows: bool, before: Mapping[str, Any]) -> Plan:
    """The plan with the places of the products that it points at, or with what still holds of the last plan."""
    count, last = len(before.get("products", ())), before.get("plan")
    counts_again = plan.ask == "count" and last
    shown = [] if counts_again else _pointed(refers, count, plan.narrowed) or _implied(plan, count)
    if shown:
        ask = plan.ask if plan.ask in {"compare", "count", "price_range", "sellers", "categories"} else "products"
        return plan.model_copy(update={"shown": shown, "ask": ask})
    bare = not plan.narrowed and plan.ask in {"products", "count", "price_range", "sellers"} and not plan.topics
    narrows = plan.priced or plan.currency or plan.order or plan.excludes or plan.ask != "products"
    return _merged(plan, Plan.model_validate(last)) if last and (follows or (bare and narrows)) else plan


def _pointed(refers: Sequence[str], count: int, named: bool) -> list[int]:
    """The places, from one, of what the question points at."""
    places = [int(name) for name in refers if name.isdigit()] + [count] * ("last" in refers)
    if places:
        return [place for place in dict.fromkeys(places) if 0 < place <= count]
    every = "all" in refers or ("one" if named else "it") in refers
    return list(range(1, count + 1)) if every else []


def _implied(plan: Plan, count: int) -> list[int]:
    """All that was shown, where a field, a comparison or the stock of nothing that is named is asked for."""
    asks = (plan.fields and not plan.priced) or plan.ask == "compare" or plan.topics == ["stock"]
    about = asks or (plan.ask == "sellers" and count == 1)
    return list(range(1, count + 1)) if about and not plan.narrowed and not plan.excludes else []


def _merged(plan: Plan, last: Plan) -> Plan:
    """The last question, with what this one changes of it."""
    update: dict[str, Any] = {}
    if not plan.about and not plan.category:
        update |= {"about": last.about, "category": last.category}
    elif not plan.category and len(plan.about) == 1 and " " not in plan.about[0] and plan.ask == "products":
        # One word more may say how it should be: "and in blue?"
        both = f"{last.about[0]} {plan.about[0]}" if last.about else plan.about[0]
        update |= {
            "about": plan.about if plan.fields else [both[:200]],
            "category": None if plan.fields else last.category,
        }
    if not plan.seller and not plan.without_seller:
        update["seller"] = last.seller
    if not plan.priced:
        update |= {name: getattr(last, name) for name in LIMITS}
    if plan.order is None and plan.ask == "products" and not plan.fields:
        update |= {"order": last.order, "ask": "count" if last.ask == "count" else plan.ask}
    return plan.model_copy(update={"currency": plan.currency or last.currency, **update})
