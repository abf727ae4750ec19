"""What was measured, by kind and by language, beside a former run."""

import json
from pathlib import Path
from statistics import fmean
from typing import Any

from tests.relevance.measures import NAMES

Figures = dict[str, dict[str, float]]


def summary(results: list[dict[str, Any]]) -> dict[str, Figures]:
    """Means by kind, by language, by catalogue and of all, with the number of queries."""
    parts = {"all": {"all": results}}
    for part in ("kind", "language", "catalogue"):
        names = sorted({result[part] for result in results})
        parts[part] = {name: [result for result in results if result[part] == name] for name in names}
    return {part: {name: _means(rows) for name, rows in groups.items()} for part, groups in parts.items()}


def _means(rows: list[dict[str, Any]]) -> dict[str, float]:
    return {"queries": len(rows), **{name: round(fmean(row[name] for row in rows), 3) for name in NAMES}}


def table(found: dict[str, Figures], before: dict[str, Figures] | None = None) -> str:
    """nDCG@10, recall@10 and success@1; with `before`, the former figure in front of each."""
    width = 18 if before else 11
    head = ("nDCG@10", "recall@10", "success@1")
    rows = [f"{'':24}{'queries':>8}" + "".join(f"{name:>{width}}" for name in head)]
    for part, groups in found.items():
        rows.append("" if part == "all" else f"\nby {part}")
        for name, means in groups.items():
            former = (before or {}).get(part, {}).get(name, {})
            cells = [_cell(former.get(measure), means[measure], bool(before)) for measure in NAMES]
            rows.append(f"{name:24}{means['queries']:>8}" + "".join(f"{cell:>{width}}" for cell in cells))
    return "\n".join(rows)


def _cell(former: float | None, now: float, compared: bool) -> str:
    if not compared:
        return f"{now:.3f}"
    return f"{'-' if former is None else f'{former:.3f}'} → {now:.3f}"


def save(path: Path, found: dict[str, Figures]) -> None:
    path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def load(path: Path) -> dict[str, Figures]:
    return dict(json.loads(path.read_text(encoding="utf-8")))
