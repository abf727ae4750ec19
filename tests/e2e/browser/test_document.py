"""The pages were made for the API that answers them."""

import json

from deploy.local.folders import ROOT
from tests.e2e.conftest import Caller


def test_types_of_the_pages_come_from_the_document_that_the_gateway_serves(anonymous: Caller) -> None:
    # That the types are those of this file is for frontend/tests/types.test.mjs.
    made_of = json.loads((ROOT / "frontend" / "openapi.json").read_text())

    assert anonymous("GET", "/api/openapi.json").json() == made_of
