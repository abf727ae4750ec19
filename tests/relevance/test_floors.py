"""The ranking of the demo's products is not worse than it was; `python -m tests.relevance` measures both catalogues."""

from pathlib import Path

import pytest

from tests.relevance import report
from tests.relevance.__main__ import results
from tests.relevance.judgments import read

# nDCG@10 by kind, a little below what was measured on 2026-11-29 (see README.md).
FLOORS = {
    "attribute": 0.98, "category": 0.98, "exact name": 1.0, "head noun": 0.93, "hyphen & compound": 0.98,
    "inflection": 0.98, "mixed language": 0.12, "name part": 1.0, "nothing": 1.0, "prefix": 0.92, "seller": 0.98,
    "sku": 1.0, "sku part": 1.0, "stop words": 0.95, "symbol": 1.0, "synonym": 0.95, "typo": 0.98, "use": 0.64,
    "word order": 0.98,
}  # fmt: skip
ALL = {"ndcg": 0.935, "recall": 0.94, "success": 0.935}


@pytest.mark.timeout(600)
def test_no_kind_of_query_is_answered_worse(tmp_path: Path) -> None:
    found = report.summary(results(tmp_path, [query for query in read() if query.catalogue == "demo"]))
    kinds = {kind: means["ndcg"] for kind, means in found["kind"].items()}

    assert kinds.keys() == FLOORS.keys()
    assert {kind: value for kind, value in kinds.items() if value < FLOORS[kind]} == {}
    assert {name: value for name, value in found["all"]["all"].items() if value < ALL.get(name, 0)} == {}
