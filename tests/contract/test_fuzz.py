"""Generated requests against each service's own document: no 5xx, and answers are what the document says."""

from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance
from sqlalchemy import insert

from tests.builders import Signer, account
from tests.contract.services import PACKAGES

CHECKS = [content_type_conformance, response_schema_conformance]


def trust(package: str, app: Any, signer: Signer) -> None:
    """auth-service signs by itself; the others learn the signer's key."""
    models = __import__(f"{package}.models", fromlist=["db"])
    if hasattr(models, "TrustedKey"):
        with app.app_context(), models.db.transaction() as session:
            session.execute(insert(models.TrustedKey).values(kid=signer.kid, jwk=signer.jwk))


def admin(package: str, app: Any, signer: Signer) -> dict[str, str]:
    """An admin who signed in just now: the operation before may have ended a session."""
    if package != "auth_service":
        return signer.headers(role="admin")
    tokens = app.test_client().post("/api/register/", json=account()).json
    return {"Authorization": f"Bearer {tokens['access']}"}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("package", PACKAGES)
def test_generated_requests_find_no_server_error(
    make_app: Callable[..., Any], signer: Signer, package: str, engine_name: str
) -> None:
    app = make_app(package, log_level="error")
    trust(package, app, signer)
    schema = schemathesis.openapi.from_wsgi("/openapi.json", app)
    answers: list[int] = []
    tried = []

    for found in schema.get_all_operations():
        operation = found.ok()
        answers += attempt(operation, admin(package, app, signer))
        tried.append(operation.label)

    assert len(tried) > 5
    assert sum(status < 300 for status in answers) > 5


def attempt(operation: Any, headers: dict[str, str]) -> list[int]:
    """The status codes of the answers to generated requests."""
    answers = []

    @settings(
        max_examples=25,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def generated(case: Any) -> None:
        answers.append(case.call_and_validate(headers=headers, checks=CHECKS).status_code)

    generated()
    # 503 is an answer like any other: the services that one asks are not there in this test.
    assert [status for status in answers if status >= 500 and status != 503] == [], operation.label
    return answers
