"""Each service's application, made once, on no database that is ever opened."""

from typing import Any

import pytest

from tests.conftest import build
from tests.contract.services import PACKAGES


@pytest.fixture(scope="session", params=list(PACKAGES))
def package(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def documents() -> dict[str, Any]:
    """Each service's OpenAPI document."""
    return {name: build(name, "sqlite://").api_doc for name in PACKAGES}
