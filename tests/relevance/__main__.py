"""python -m tests.relevance: what the search of this checkout is worth, by the judged queries.

`--baseline REPORT.json` prints a former run beside it (tests/relevance/before.json is one), `--save REPORT.json` keeps
this one, `--misses` lists the queries that fell short, with what came first. PYTHONPATH=.:auth-service:catalog-service.
"""

import argparse
import tempfile
from pathlib import Path
from typing import Any

from tests.conftest import Databases, build
from tests.relevance import report
from tests.relevance.catalogue import CATALOGUES, Product
from tests.relevance.judgments import Query, read
from tests.relevance.measures import DEPTH, measure
from tests.relevance.shop import Shop


def results(folder: Path, queries: list[Query]) -> list[dict[str, Any]]:
    """Every query asked once of its catalogue, which is loaded into `folder`: its measures and what came."""
    databases, found = Databases(folder), []
    for name in dict.fromkeys(query.catalogue for query in queries):
        products = CATALOGUES[name]()
        url = databases.fresh("catalog_service", "sqlite")
        shop = Shop(build("catalog_service", url, search_folder=folder / f"search-{name}"))
        shop.load(products)
        names = {product.sku: product for product in products}
        found += [_asked(shop, query, names) for query in queries if query.catalogue == name]
    return found


def _asked(shop: Shop, query: Query, products: dict[str, Product]) -> dict[str, Any]:
    ranking = shop.search(query.text, DEPTH)
    about = {"query": query.text, "kind": query.kind, "language": query.language, "catalogue": query.catalogue}
    came = [f"{products[sku].body['name']} ({query.grades.get(sku, 0)})" for sku in ranking]
    return {**about, **measure(query, ranking), "came": came}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--baseline", type=Path)
    options.add_argument("--save", type=Path)
    options.add_argument("--misses", action="store_true")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measured = results(Path(folder), read())
    found = report.summary(measured)
    print(report.table(found, report.load(chosen.baseline) if chosen.baseline else None))
    if chosen.misses:
        for row in sorted(measured, key=lambda row: (row["kind"], row["ndcg"])):
            if min(row["ndcg"], row["success"]) < 0.8:
                print(f"\n{row['kind']} [{row['language']}] {row['query']!r} nDCG {row['ndcg']:.2f}: {row['came'][:4]}")
    if chosen.save:
        report.save(chosen.save, found)


if __name__ == "__main__":
    main()
