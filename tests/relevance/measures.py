"""What one ranking of ten is worth against its judgments; each measure is between 0 and 1."""

from math import log2

from tests.relevance.judgments import Query

DEPTH = 10
NAMES = ("ndcg", "recall", "success")


def measure(query: Query, ranking: list[str]) -> dict[str, float]:
    """nDCG@10 with gains 2^grade - 1, recall@10 of what was asked for, and whether the first is right."""
    if not query.grades:
        return dict.fromkeys(NAMES, float(not ranking))
    asked = wanted(query)
    recalled = len(asked.intersection(ranking[:DEPTH])) / min(DEPTH, len(asked))
    return {
        "ndcg": _gain([query.grades.get(sku, 0) for sku in ranking]) / _gain(sorted(query.grades.values())[::-1]),
        "recall": recalled,
        "success": float(bool(ranking) and ranking[0] in (query.top or asked)),
    }


def wanted(query: Query) -> set[str]:
    """The products of grade 2 and 3; where there are none, all that are graded."""
    return {sku for sku, grade in query.grades.items() if grade >= 2} or set(query.grades)


def _gain(grades: list[int]) -> float:
    return sum((2**grade - 1) / log2(rank + 2) for rank, grade in enumerate(grades[:DEPTH]))
