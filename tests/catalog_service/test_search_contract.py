"""The contract suite on both engines: tantivy itself, and a cluster by its recorded answers.

`OPENSEARCH_URL=http://… pytest tests/catalog_service/test_search_contract.py` asks a real cluster, deletes what it has
under the alias, and records the tapes anew.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from catalog_service.search.opensearch import reader as cluster_reader
from catalog_service.search.opensearch.writer import Writer as ClusterWriter
from catalog_service.search.port import Position, SearchIndex
from catalog_service.search.reader import Reader
from catalog_service.search.writer import Writer
from pytest_httpserver import HTTPServer

from servicekit.problems import Unavailable
from tests.catalog_service.search_contract import ENTRIES, Contract, Engine, words
from tests.catalog_service.tapes import Tape

CLUSTER = os.environ.get("OPENSEARCH_URL", "").rstrip("/")


class Asked:
    """Writer and reader of one engine."""

    def __init__(self, writer: Any, reader: Any) -> None:
        self.writer, self._reader = writer, reader
        assert writer.is_mine()

    def index(self) -> SearchIndex:
        self._reader.look_again()
        state: SearchIndex = self._reader.state()
        return state


class Built:
    @pytest.fixture
    def built(self, engine: Engine) -> Engine:
        list(engine.writer.rebuild([ENTRIES], Position(7, "m")))
        return engine


class TestTantivy(Built, Contract):
    @pytest.fixture
    def engine(self, tmp_path: Path) -> Iterator[Engine]:
        writer = Writer(tmp_path)
        yield Asked(writer, Reader(tmp_path))
        writer.close()


class TestOpenSearch(Built, Contract):
    @pytest.fixture
    def engine(self, request: Any, tmp_path: Path, httpserver: HTTPServer) -> Iterator[Engine]:
        if CLUSTER:
            requests.delete(f"{CLUSTER}/{cluster_reader.ALIAS}-*", timeout=30)
        tape = Tape(httpserver, request.node.originalname.removeprefix("test_"), CLUSTER or None)
        address = httpserver.url_for("").rstrip("/")
        writer = ClusterWriter(address, tmp_path)
        yield Asked(writer, cluster_reader.Reader(address))
        writer.close()
        tape.close()
        assert not tape.trouble


@pytest.mark.parametrize("wrong", ["doc_count_error_upper_bound", "sum_other_doc_count"])
def test_counts_that_may_be_wrong_are_no_answer(httpserver: HTTPServer, wrong: str) -> None:
    terms = {"doc_count_error_upper_bound": 0, "sum_other_doc_count": 0, "buckets": [], wrong: 1}
    counted = dict.fromkeys(("categories", "businesses", "currencies"), terms)
    answer = {"hits": {"total": {"value": 3, "relation": "eq"}, "hits": []}, "aggregations": counted}
    httpserver.expect_request("/vetted-listings/_search").respond_with_json(answer)
    state = cluster_reader.State(cluster_reader.connect(httpserver.url_for("")), Position(1, ""))

    with pytest.raises(Unavailable, match="not exact"):
        state.facets(words("lamp"), cluster_reader.Filters())


@pytest.mark.parametrize("status", [400, 401, 403, 429, 500, 503])
def test_a_cluster_that_refuses_makes_searches_unavailable(httpserver: HTTPServer, status: int) -> None:
    refusal = {"error": {"type": "some_exception", "reason": "so"}, "status": status}
    httpserver.expect_request("/vetted-listings/_doc/position").respond_with_json(refusal, status)

    with pytest.raises(Unavailable):
        cluster_reader.Reader(httpserver.url_for("")).state()


def test_a_cluster_that_is_down_makes_searches_unavailable() -> None:
    with pytest.raises(Unavailable):
        cluster_reader.Reader("http://127.0.0.1:9").state()
