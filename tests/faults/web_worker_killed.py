"""A web process of catalog-service is killed under load; gunicorn starts another.

`python -m tests.faults web_worker_killed [--short]`: the long form on PostgreSQL, the short one on SQLite.
"""

import contextlib
import os
import signal
import time

import sqlalchemy as sa

from tests.faults import services
from tests.faults.crowd import Crowd
from tests.servers import postgres


def run(short=False, given=None):
    """Figures by name: what clients got, and how soon another process answered."""
    kills, pause = (2, 0.7) if short else (8, 2)
    with contextlib.ExitStack() as stack:
        each = None if short else {"catalog": {"DATABASE_URL": _database(stack)}}
        if each:
            each["catalog-worker"] = {"DATABASE_URL": each["catalog"]["DATABASE_URL"]}
        copy = stack.enter_context(services.prepared(given, each=each))
        with (
            Crowd(copy.port, 4, services.asking("/api/products/", copy.token)) as own,
            Crowd(copy.port, 2, services.asking("/api/products/public/"), 0.005) as public,
            Crowd(copy.port, 2, services.asking("/api/me/", copy.token), 0.005) as others,
        ):
            back = []
            for _ in range(kills):
                time.sleep(pause)
                os.kill(copy.pids("catalog")[-1], signal.SIGKILL)
                back.append(services.first_good(copy, "/api/products/", copy.token))
            time.sleep(pause)
    return {
        "killed": kills,
        "signed reads": own.total,
        "signed reads: failed": own.failed(),
        "public reads": public.total,
        "public reads: failed": public.failed(),
        "auth-service: requests": others.total,
        "auth-service: failed": others.failed(),
        "answered again after at most s": max(back),
    }


def _database(stack):
    url = sa.make_url(stack.enter_context(postgres.temporary()))
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE DATABASE catalog")
    return url.set(database="catalog").render_as_string(hide_password=False)
