"""What a request to catalog-service costs with a thousand and with a million products: times and ratios.

python -m tests.bench.catalog [--large 1000000] [--rounds 100] [--folder DIR] [--postgres URL]

Both sizes are measured in turns in one run. Requests go straight into the application (WSGI), so the figures are the
service's own: no socket, no gateway. Other work on the machine moves them, the ratios much less.
"""

import argparse
import io
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa

from servicekit import app as kit
from tests.bench import catalog_loader
from tests.builders import INTERNAL_TOKEN, Signer

SMALL = 1000
SIGNER = Signer()


SETTINGS = {"internal_token": INTERNAL_TOKEN, "log_level": "error", "write_limit": "1000000/minute"}


class Service:
    """catalog-service on one database, called without a server."""

    def __init__(self, url: str, count: int) -> None:
        from catalog_service import create_app
        from catalog_service.models import TrustedKey, db

        self.count = count
        self.app = create_app({"database_url": url, **SETTINGS})
        kit.prepare(self.app)
        with self.app.app_context(), db.transaction() as session:
            session.merge(TrustedKey(kid=SIGNER.kid, jwk=SIGNER.jwk))
        self.editor = SIGNER.token(sub="101", business_id=1, role="editor", sid="bench-1")
        self.approver = SIGNER.token(sub="102", business_id=1, role="approver", sid="bench-2")

    def call(self, method: str, address: str, token: str | None = None, body: Any = None) -> tuple[Any, bytes, str]:
        """Status, body and next link of one request."""
        path, _, query = address.partition("?")
        raw = orjson.dumps(body) if body is not None else b""
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "bench",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(raw),
            "CONTENT_LENGTH": str(len(raw)),
            "CONTENT_TYPE": "application/json" if raw else "",
        }
        if token:
            environ["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        seen: dict[str, Any] = {}

        def start(status: str, headers: list[tuple[str, str]], *_: Any) -> Any:
            seen.update(status=int(status[:3]), link=dict(headers).get("Link", ""))

        answer = self.app.wsgi_app(environ, start)
        content = b"".join(answer)
        answer.close()
        return seen["status"], content, seen["link"].split(">")[0].lstrip("<")


@dataclass
class Measure:
    """What is asked, and how long it took on each service; seconds."""

    name: str
    ask: Callable[[Service, int], Any]
    times: dict[int, list[float]] = field(default_factory=dict)
    cpu: dict[int, list[float]] = field(default_factory=dict)

    def round(self, service: Service, number: int) -> None:
        wall, cpu = time.perf_counter(), time.thread_time()
        result = self.ask(service, number)
        self.cpu.setdefault(service.count, []).append(time.thread_time() - cpu)
        self.times.setdefault(service.count, []).append(time.perf_counter() - wall)
        assert result < 300, f"{self.name}: {result}"


def get(address: str, signed: bool = False) -> Callable[[Service, int], Any]:
    return lambda service, number: service.call("GET", address, service.editor if signed else None)[0]


def deep(ordering: str) -> Callable[[Service, int], Any]:
    """A page far inside: where the cursor of a row in the middle of the catalogue leads."""
    from servicekit import paging

    places: dict[int, str] = {}

    def ask(service: Service, _: int) -> Any:
        if service.count not in places:
            with service.app.app_context(), service.app.extensions["projection"].connect() as connection:
                column = "seq" if ordering == "-published_at" else "price_sort, seq"
                query = f"SELECT {column} FROM listings ORDER BY {column} LIMIT 1 OFFSET {service.count // 2}"
                places[service.count] = paging.encode(list(connection.execute(sa.text(query)).one()))
        return service.call("GET", f"/api/products/public/?ordering={ordering}&cursor={places[service.count]}")[0]

    return ask


def detail(signed: bool = False) -> Callable[[Service, int], Any]:
    def ask(service: Service, number: int) -> Any:
        number = number * 7919 % service.count + 1
        if not signed:
            return service.call("GET", f"/api/products/public/{number}/")[0]
        return service.call("GET", f"/api/products/{own(service, number)}/", service.editor)[0]

    return ask


OWN: dict[int, list[int]] = {}


def own(service: Service, number: int) -> int:
    """The id of one of business 1's products."""
    if service.count not in OWN:
        with service.app.app_context(), service.app.extensions["sqlalchemy"].engine.connect() as connection:
            query = "SELECT id FROM products WHERE business_id = 1 AND archived_at IS NULL ORDER BY id DESC LIMIT 1000"
            OWN[service.count] = list(connection.scalars(sa.text(query)))
    return OWN[service.count][number % len(OWN[service.count])]


MADE: dict[int, int] = {}


def create(service: Service, number: int) -> Any:
    body = {"name": f"Bench lamp {number}", "price": "19.90", "category": "Lighting", "description": "A lamp. " * 10}
    status, content, _ = service.call("POST", "/api/products/", service.editor, body)
    MADE[service.count] = orjson.loads(content)["id"]
    return status


def decide(action: str, by: str) -> Callable[[Service, int], Any]:
    return lambda service, _: service.call(
        "POST", f"/api/products/{MADE[service.count]}/{action}/", getattr(service, by), {"version": 1}
    )[0]


MEASURES = [
    ("list", get("/api/products/public/")),
    ("list by price", get("/api/products/public/?ordering=price")),
    ("list of a category by price", get("/api/products/public/?ordering=price&category=Kitchen")),
    ("list of a business by name", get("/api/products/public/?ordering=name&business=7")),
    ("deep page", deep("-published_at")),
    ("deep page by price", deep("price")),
    ("detail", detail()),
    ("search, common word", get("/api/products/public/?q=oak")),
    ("search, very common word", get("/api/products/public/?q=warranty")),
    ("search, rare word", get("/api/products/public/?q=kalomi")),
    ("search, two words", get("/api/products/public/?q=red+bicycle")),
    ("search, common word by price", get("/api/products/public/?q=oak&ordering=price")),
    ("search, rare word by price", get("/api/products/public/?q=kalomi&ordering=price")),
    ("search, word and filters", get("/api/products/public/?q=oak&category=Office&currency=GBP&ordering=-price")),
    ("search, nothing found", get("/api/products/public/?q=xylophone")),
    ("search, one letter", get("/api/products/public/?q=k")),
    ("facets", get("/api/products/public/facets/")),
    ("facets of a category", get("/api/products/public/facets/?category=Kitchen")),
    ("facets, rare word", get("/api/products/public/facets/?q=kalomi")),
    ("signed list", get("/api/products/", signed=True)),
    ("signed detail", detail(signed=True)),
    ("create", create),
    ("submit", decide("submit", "editor")),
    ("approve", decide("approve", "approver")),
]


def databases(folder: Path, large: int, postgres: str | None) -> Iterator[tuple[str, list[Service]]]:
    """For each database the small and the large catalogue; loads those that are not there."""
    yield "SQLite", [open_sqlite(folder / f"catalogue-{count}.db", count) for count in (SMALL, large)]
    if postgres:
        yield "PostgreSQL", [open_postgres(sa.make_url(postgres), count) for count in (SMALL, large)]


def open_sqlite(path: Path, count: int) -> Service:
    fresh = not path.exists()
    return filled(f"sqlite:///{path}", count, fresh)


def open_postgres(url: sa.URL, count: int) -> Service:
    name = f"catalogue_{count}"
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        fresh = not connection.scalar(sa.text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name})
        if fresh:
            connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    return filled(url.set(database=name).render_as_string(hide_password=False), count, fresh)


def filled(url: str, count: int, fresh: bool) -> Service:
    if fresh:
        from catalog_service import create_app

        app = create_app({"database_url": url, **SETTINGS})
        kit.prepare(app)
        print(f"  loaded {count:,} products in {catalog_loader.load(url, count):.0f} s", flush=True)
    return Service(url, count)


def measure(services: list[Service], rounds: int) -> list[Measure]:
    """Every question to every service, in turns."""
    measures = [Measure(name, ask) for name, ask in MEASURES]
    for number in range(rounds):
        for one in measures:
            for service in services[:: 1 if number % 2 else -1]:
                one.round(service, number)
    return measures


def show(measures: list[Measure], small: int, large: int) -> None:
    print(f"  {'':32}{small:>11,}{large:>11,}   ratio   CPU ratio       p99       CPU")
    for one in measures:
        low, high = (statistics.median(one.times[count]) * 1e6 for count in (small, large))
        used, cpu = (statistics.median(one.cpu[count]) * 1e6 for count in (small, large))
        p99 = sorted(one.times[large])[int(len(one.times[large]) * 0.99)] * 1e3
        print(
            f"  {one.name:32}{low:>8.0f} us{high:>8.0f} us  {high / low:>5.2f}x  {cpu / used:>8.2f}x"
            f"  {p99:>7.1f} ms  {cpu:>5.0f} us"
        )


def show_memory(service: Service, pages: int) -> None:
    """What the process grows by while it pages through the catalogue and exports the whole decision log."""
    from catalog_service import decisions
    from catalog_service.models import db

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
        f"  memory: {read:,} pages of 100 grew it by {grown[0]:.1f} MB, an export of {lines:,} lines by {grown[1]:.1f} MB"
    )


def resident() -> float:
    """Memory of this process in use now, in MB (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    short = os.environ.get("SHORT", "0") not in {"", "0"}
    size = int(os.environ.get("BENCH_PRODUCTS") or (20_000 if short else 1_000_000))
    parser.add_argument("--large", type=int, default=size)
    parser.add_argument("--rounds", type=int, default=10 if short else 100)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--postgres", help="address of a PostgreSQL server whose databases may be made")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        for name, services in databases(given.folder or Path(scratch), given.large, given.postgres):
            print(f"{name}: median time a request; ratio and CPU of the service's own processor time")
            measure(services, 3)
            show(measure(services, given.rounds), *(service.count for service in services))
            show_memory(services[-1], pages=10_000)


if __name__ == "__main__":
    main()
