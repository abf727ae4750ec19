"""The document root: pages, API reference, merged OpenAPI document."""

import subprocess
import sys

import pytest

from gateway import assets, openapi
from tests.gateway.harness import ROOT


def document(path, operation, **components):
    return {
        "openapi": "3.1.0",
        "info": {"title": "x", "version": "1"},
        "paths": {path: {"get": {"operationId": operation, "responses": {}}}},
        "components": {"schemas": components},
        "tags": [{"name": "things"}],
    }


def test_documents_join():
    problem = {"type": "object"}

    joined = openapi.join(
        [document("/a", "read_a", Problem=problem), document("/b", "read_b", Problem=problem, Own={})]
    )

    assert list(joined["paths"]) == ["/a", "/b"]
    assert joined["components"]["schemas"] == {"Problem": problem, "Own": {}}
    assert joined["tags"] == [{"name": "things"}]
    assert joined["openapi"] == "3.1.0"


@pytest.mark.parametrize(
    "other",
    [
        document("/a", "read_b"),
        document("/b", "read_a"),
        document("/b", "read_b", Problem={"type": "string"}),
        document("/b", "read_b") | {"openapi": "3.0.0"},
    ],
)
def test_contradiction_is_refused(other):
    with pytest.raises(openapi.Collision):
        openapi.join([document("/a", "read_a", Problem={"type": "object"}), other])


def test_reference_page_works_under_the_content_security_policy(tmp_path, start_gateway):
    root = tmp_path / "site"
    subprocess.run([sys.executable, "-m", "gateway.assets", "--out", root], cwd=ROOT, check=True)
    (root / "api" / "openapi.json").write_text("{}")
    gateway = start_gateway(GATEWAY_WWW=root)

    pages = {
        path: gateway.get(path) for path in ("/", "/api/docs", "/api/docs/", "/api/docs/start.js", "/api/openapi.json")
    }
    pages |= {name: gateway.get(f"/api/docs/{name.split('/')[1]}") for name in assets.SWAGGER_FILES}

    assert {name: page.status for name, page in pages.items()} == dict.fromkeys(pages, 200) | {"/api/docs": 301}
    assert pages["/api/docs"].header("location") == "/api/docs/"
    assert b"<script>" not in pages["/api/docs/"].body
    assert b"onclick" not in pages["/api/docs/"].body
    assert b"validatorUrl: null" in pages["/api/docs/start.js"].body
    assert pages["/api/docs/"].header("cache-control") == "no-cache"


def test_pages_of_a_frontend_take_the_place_of_the_plain_one(tmp_path, start_gateway):
    pages = tmp_path / "pages"
    (pages / "login").mkdir(parents=True)
    (pages / "index.html").write_text("front")
    (pages / "login" / "index.html").write_text("login")
    assets.collect(tmp_path / "site", pages)
    gateway = start_gateway(GATEWAY_WWW=tmp_path / "site")

    assert [gateway.get(path).body for path in ("/", "/login", "/login/", "/login/?next=x")] == [
        b"front",
        b"login",
        b"login",
        b"login",
    ]
