"""Which of the plans finds a page of listings at the least cost, and what is done when it finds too little."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from operator import mul
from typing import Any

from sqlalchemy import Connection

from catalog_service.search import estimates, matching
from catalog_service.search.plans import in_range, statement
from catalog_service.search.shapes import BY_PRICE, NEWEST, Shape

Rows = Sequence[Any]
# In microseconds, what each plan costs for every listing that matches, for every one that it passes in the order, and
# for every one at all where the lists of several words are compared.
COSTS: Mapping[str, dict[str, tuple[float, float, float]]] = {
    "sqlite": {"few": (2.5, 0.0, 0.003), "sift": (0.15, 0.4, 0.003), "walk": (0.0, 3.0, 0.0)},
    "postgresql": {"gather": (3.0, 0.0, 0.001), "near": (0.25, 0.0, 0.0005), "walk": (0.0, 2.0, 0.0)},
}
# What is tried next when the one that seemed to be the cheapest finds too little; at last, all that match are gathered.
NEXT: Mapping[str, Sequence[str]] = {"sqlite": ("few", "sift"), "postgresql": ()}
# How many times more than was expected one of them may meet before it gives up; how many are few in any case, and how
# many may always be passed.
WRONG_BY, FEW, NEARBY = 2, 2000, 500
# PostgreSQL: which part of all publications the newest ones may be at most, before it is better to gather from all.
MOST_NEAR = 0.1
# Of so many listings a price range is taken to hold one.
IN_RANGE = 4


def rows(connection: Connection, shape: Shape, parameters: dict[str, Any]) -> Rows:
    """The rows of the page that is asked for, and one more if there is one."""
    if not shape.full_text:
        return _all(connection, replace(shape, plan=_without_words(connection, shape, parameters)), parameters)
    if shape.rest:
        # The index knows too little of these words: there is nothing but to go on.
        return _all(connection, replace(shape, plan="walk"), parameters)
    if shape.dialect == "sqlite" and shape.ordering != "name":
        return _streamed(connection, replace(shape, plan="stream"), parameters)
    return _cheapest(connection, shape, parameters)


def _without_words(connection: Connection, shape: Shape, parameters: dict[str, Any]) -> str:
    if shape.ordering in BY_PRICE or not shape.range:
        return "browse"
    few = connection.scalar(in_range(shape.equal, shape.range), {**parameters, "many": matching.MANY})
    return "gather" if (few or 0) < matching.MANY else "walk"


def _streamed(connection: Connection, shape: Shape, parameters: dict[str, Any]) -> Rows:
    """SQLite has an index of words in just this order."""
    if shape.ordering == NEWEST and shape.range:
        # Of what it finds, the range may leave out nearly all.
        furthest = WRONG_BY * IN_RANGE * parameters["size"]
        found = _all(connection, replace(shape, bounded=True), {**parameters, "furthest": furthest})
        if len(found) == parameters["size"]:
            return found
        if estimates.counted(connection, parameters, matching.MANY) < matching.MANY:
            shape = replace(shape, plan="gather")
    return _all(connection, shape, parameters)


def _cheapest(connection: Connection, shape: Shape, parameters: dict[str, Any]) -> Rows:
    expected = estimates.of(connection, shape, parameters)
    passed = parameters["size"] * expected.among / max(expected.found, 1)
    if shape.range and shape.ordering not in BY_PRICE:
        passed *= IN_RANGE
    limits = {
        "share": WRONG_BY * passed / max(expected.among, 1),
        "many": int(WRONG_BY * expected.found) + FEW,
        "furthest": int(WRONG_BY * passed) + NEARBY,
    }
    cheapest = "walk" if expected.are_common else _chosen(shape, expected, passed, limits["share"])
    # What was expected may be wrong: the newest say little of the others, and words may go with names or prices.
    for plan in dict.fromkeys((cheapest, *NEXT[shape.dialect])):
        found = _tried(connection, replace(shape, plan=plan), {**parameters, **limits})
        if found is not None:
            return found
        # At least as many match as were too many to gather, so fewer need be passed.
        limits["furthest"] = int(WRONG_BY * passed * max(expected.found, 1) / limits["many"]) + NEARBY
    return _all(connection, replace(shape, plan="gather"), parameters)


def _chosen(shape: Shape, expected: estimates.Estimate, passed: float, share: float) -> str:
    costs = dict(COSTS[shape.dialect])
    if shape.ordering != NEWEST or share > MOST_NEAR:
        costs.pop("near", None)
    compared = expected.listed if shape.words + bool(shape.equal) > 1 else 0
    return min(costs, key=lambda plan: sum(map(mul, costs[plan], (expected.found, passed, compared))))


def _tried(connection: Connection, shape: Shape, parameters: dict[str, Any]) -> Rows | None:
    """The page, if the plan finds enough for it or all that there is within its limits."""
    if shape.plan in {"sift", "walk"}:
        return _within(connection, shape, parameters)
    found = _all(connection, shape, parameters)
    if shape.plan == "few":
        return [row for row in found if row.document is not None] if found[0].found < parameters["many"] else None
    return found if shape.plan == "gather" or len(found) == parameters["size"] else None


def _within(connection: Connection, shape: Shape, parameters: dict[str, Any]) -> Rows | None:
    reached = {}
    if shape.dialect == "sqlite":
        edge = connection.execute(statement(replace(shape, plan="edge")), parameters).first()
        if edge is None:
            return _all(connection, shape, parameters)
        reached = {f"edge_{place}": value for place, value in enumerate(edge)}
    found = _all(connection, replace(shape, bounded=True), {**parameters, **reached})
    return found if len(found) == parameters["size"] else None


def _all(connection: Connection, shape: Shape, parameters: dict[str, Any]) -> Rows:
    return connection.execute(statement(shape), parameters).all()
