"""The judged queries: JSON Lines in `queries/`, read and resolved to a grade for each product.

A line holds `query`, `kind`, `language` (of the query) and `catalogue`, and what is relevant: `relevant`, grades by SKU
(3 what was asked for, 2 nearly, 1 related), and `graded`, pairs of a grade and what the facts of a product must be,
`[3, {"kind": "desk", "language": ["en", "de"]}]`, of which the first that fits counts. Both empty: the answer must be
empty. `top` names SKUs one of which must come first.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.relevance.catalogue import CATALOGUES, Product

FOLDER = Path(__file__).parent / "queries"
FIELDS = {"query", "kind", "language", "catalogue", "relevant", "graded", "top"}


@dataclass(frozen=True)
class Query:
    text: str
    kind: str
    language: str
    catalogue: str
    grades: dict[str, int]
    top: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.catalogue}: {self.text}"


def read() -> list[Query]:
    """Every judged query; ValueError for one that speaks of what no catalogue has."""
    products = {name: make() for name, make in CATALOGUES.items()}
    return [_resolve(line, products[line["catalogue"]]) for line in lines()]


def lines() -> Iterator[dict[str, Any]]:
    for path in sorted(FOLDER.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def _resolve(line: dict[str, Any], products: list[Product]) -> Query:
    grades = {}
    for product in products:
        rules = (grade for grade, wanted in line.get("graded", []) if fits(product.facts, wanted))
        grade = line.get("relevant", {}).get(product.sku) or next(rules, 0)
        if grade:
            grades[product.sku] = grade
    query = Query(line["query"], line["kind"], line["language"], line["catalogue"], grades, line.get("top", []))
    missing = ({*line.get("relevant", {}), *query.top}) - {product.sku for product in products}
    if missing or line.keys() - FIELDS:
        raise ValueError(f"{query.name}: {missing or line.keys() - FIELDS} is not known")
    idle = [wanted for _, wanted in line.get("graded", []) if not any(fits(one.facts, wanted) for one in products)]
    if idle:
        raise ValueError(f"{query.name}: nothing is {idle}")
    return query


def fits(facts: dict[str, str], wanted: dict[str, Any]) -> bool:
    return all(facts.get(name) in (value if isinstance(value, list) else [value]) for name, value in wanted.items())
