"""What a request to catalog-service costs with a thousand and with a million products: times and ratios.

python -m tests.bench.catalog [--large 1000000] [--rounds 100] [--samples 500] [--folder DIR] [--postgres URL]

Both sizes are measured in turns in one run, on SQLite and, where a PostgreSQL is installed, on one of its own. Requests
go straight into the application (WSGI), so the figures are the service's own: no socket, no gateway. Other work on the
machine moves them, the ratios much less.
"""

import argparse
import contextlib
import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tests.bench import catalog_cases, catalog_loader, catalog_suspension, catalog_visible
from tests.bench.catalog_service import Service, create
from tests.servers import postgres

SMALL = 1000
# So many questions of all sorts for each that is asked again and again.
MIXED_FOR_ONE = 5


@dataclass
class Measure:
    """What is asked, and how long it took on each service; seconds."""

    name: str
    ask: catalog_cases.Ask
    times: dict[int, list[float]] = field(default_factory=dict)
    cpu: dict[int, list[float]] = field(default_factory=dict)

    def round(self, service: Service, number: int) -> None:
        wall, cpu = time.perf_counter(), time.thread_time()
        result = self.ask(service, number)
        self.cpu.setdefault(service.count, []).append(time.thread_time() - cpu)
        self.times.setdefault(service.count, []).append(time.perf_counter() - wall)
        assert result < 300, f"{self.name}: {result}"

    def p99(self, count: int) -> float:
        return sorted(self.times[count])[int(len(self.times[count]) * 0.99)]


def databases(folder: Path, large: int, server: str | None) -> Iterator[tuple[str, list[Service]]]:
    """For each database the small and the large catalogue; loads those that are not there."""
    yield "SQLite", [open_sqlite(folder, count) for count in (SMALL, large)]
    if server:
        yield "PostgreSQL", [open_postgres(sa.make_url(server), folder, count) for count in (SMALL, large)]


def open_sqlite(folder: Path, count: int) -> Service:
    path = folder / f"catalogue-{count}.db"
    return filled(f"sqlite:///{path}", count, folder / f"search-{count}", not path.exists())


def open_postgres(url: sa.URL, folder: Path, count: int) -> Service:
    name = f"catalogue_{count}"
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        fresh = not connection.scalar(sa.text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name})
        if fresh:
            connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    address = url.set(database=name).render_as_string(hide_password=False)
    return filled(address, count, folder / f"search-postgresql-{count}", fresh)


def filled(url: str, count: int, index: Path, fresh: bool) -> Service:
    if fresh:
        create(url, index)
        print(f"  loaded {count:,} products in {catalog_loader.load(url, count):.0f} s", flush=True)
        os.sync()  # or the first to wait for the disk waits for all that was loaded
    service, before = Service(url, count, index), time.perf_counter()
    service.index()
    size = sum(path.stat().st_size for path in index.rglob("*") if path.is_file()) / 1e6
    print(f"  index of {count:,} up to date in {time.perf_counter() - before:.0f} s, {size:.0f} MB", flush=True)
    return service


def measure(cases: Mapping[str, catalog_cases.Ask], services: list[Service], rounds: int) -> list[Measure]:
    """Every question to every service, in turns; what is asked first only warms up."""
    for warming in (True, False):
        measures = [Measure(name, ask) for name, ask in cases.items()]
        for number in range(2 if warming else rounds):
            for one in measures:
                for service in services[:: 1 if number % 2 else -1]:
                    one.round(service, number)
    return measures


def show(measures: list[Measure], small: int, large: int) -> None:
    rounds = len(measures[0].times[small])
    print(f"\n  {f'median of {rounds} rounds':52}{small:>9,}{large:>11,}   ratio   CPU ratio       p99       CPU")
    for one in measures:
        low, high = (statistics.median(one.times[count]) * 1e6 for count in (small, large))
        used, cpu = (statistics.median(one.cpu[count]) * 1e6 for count in (small, large))
        print(
            f"  {one.name:50}{low:>8.0f} us{high:>8.0f} us  {high / low:>5.2f}x  {cpu / used:>8.2f}x"
            f"  {one.p99(large) * 1e3:>7.1f} ms  {cpu:>5.0f} us",
            flush=True,
        )


def show_memory(service: Service, pages: int) -> None:
    """What the process grows by while it pages through the catalogue and exports the whole decision log."""
    from catalog_service.models import db
    from catalog_service.review import decisions

    address, read, before = "/api/products/public/?page_size=100&ordering=name", 0, resident()
    while address and read < pages:
        _, _, address = service.call("GET", address)
        read += 1
    paged = resident()
    with service.app.app_context():
        lines = sum(1 for _ in decisions.export(db.session()))
        db.session.remove()
    grown = (paged - before, resident() - paged)
    print(
        f"\n  memory: {read:,} pages of 100 grew it by {grown[0]:.1f} MB, an export of {lines:,} lines by {grown[1]:.1f} MB"
    )


def resident() -> float:
    """Memory of this process in use now, in MB (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def arguments() -> Any:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    short = os.environ.get("SHORT", "0") not in {"", "0"}
    size = int(os.environ.get("BENCH_PRODUCTS") or (20_000 if short else 1_000_000))
    parser.add_argument("--large", type=int, default=size)
    parser.add_argument("--rounds", type=int, default=10 if short else 100)
    parser.add_argument("--samples", type=int, default=10 if short else 500, help="rounds of each search")
    parser.add_argument("--folder", type=Path, help="where SQLite's databases are kept for the next run")
    parser.add_argument("--postgres", help="address of a PostgreSQL server whose databases may be made and kept")
    return parser.parse_args()


def server(given: str | None) -> contextlib.AbstractContextManager[str | None]:
    """A PostgreSQL server: the one that is given, or one of its own where it is installed."""
    if given or not postgres.is_installed():
        return contextlib.nullcontext(given)
    # The tables of a million products are in its memory, as they are on a server of that size.
    return postgres.temporary("shared_buffers=1GB")


def main() -> None:
    given = arguments()
    with tempfile.TemporaryDirectory() as scratch, server(given.postgres) as address:
        for name, services in databases(given.folder or Path(scratch), given.large, address):
            print(f"\n{name}: median time a request; ratio and CPU of the service's own processor time")
            sizes = [service.count for service in services]
            for cases, rounds in (
                (catalog_cases.LISTS, given.rounds),
                (catalog_cases.SEARCHED, given.samples),
                (catalog_cases.MIXED, MIXED_FOR_ONE * given.samples),
            ):
                show(measure(cases, services, rounds), *sizes)
            show_memory(services[-1], pages=10_000)
            catalog_visible.show(services[-1])
            catalog_suspension.show(services[-1])


if __name__ == "__main__":
    main()
