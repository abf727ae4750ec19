"""python -m tests.bench.catalog_loader DATABASE_URL COUNT: believable, approved products, straight into the tables.

The database must be migrated and empty. The same count makes the same products on SQLite and PostgreSQL.
"""

import gc
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor

import sqlalchemy as sa

from tests.bench import catalog_postgres, catalog_sqlite


def load(url: str, count: int) -> float:
    """Fills the migrated, empty database; returns the seconds it took."""
    started = time.perf_counter()
    target = sa.make_url(url)
    fill = catalog_sqlite.fill if target.get_backend_name() == "sqlite" else catalog_postgres.fill
    # The makers keep all they make until it is sent: looking for garbage in it takes a tenth of their time.
    with ProcessPoolExecutor(os.cpu_count(), initializer=gc.disable) as pool:
        fill(pool, target, count)
    return time.perf_counter() - started


if __name__ == "__main__":
    print(f"{load(sys.argv[1], int(sys.argv[2])):.1f} s")
