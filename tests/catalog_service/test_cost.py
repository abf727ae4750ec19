"""What a write costs: statements are counted, since each is a round trip that others wait behind."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from catalog_service.models import Business, db
from prometheus_client import REGISTRY
from sqlalchemy import event

from tests.catalog_service.conftest import Shop


@contextmanager
def statements(app: Any) -> Iterator[list[str]]:
    """What is executed meanwhile; several rows at once count as many."""
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
    found: list[str] = []

    def note(connection: Any, cursor: Any, text: str, parameters: Any, context: Any, many: bool) -> None:
        if text.split()[0] in {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"}:
            found.extend([text] * (len(parameters) if many and engine.dialect.name == "postgresql" else 1))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize(("action", "by", "most"), [("submit", "editor", 9), ("approve", "approver", 17)])
def test_move_of_a_new_product_takes_few_statements(app: Any, shop: Shop, action: str, by: str, most: int) -> None:
    shop.publish()  # what a process or a business does once is done
    product_id = shop.create()
    if action == "approve":
        assert shop.act("submit", product_id, "editor").status_code == 200

    with statements(app) as found:
        assert shop.act(action, product_id, by).status_code == 200

    assert len(found) <= most, "\n".join(found)


def decided() -> float:
    return REGISTRY.get_sample_value("approval_waiting_seconds_count", {"decision": "approve"}) or 0.0


def becomes(app: Any, status: str) -> None:
    """The business is said to be so before its people's tokens are: the moment of a race."""
    with app.app_context(), db.transaction() as session:
        session.merge(Business(id=1, name="Nordlicht", status=status))


def test_approval_that_was_refused_is_not_measured_as_one(app: Any, shop: Shop) -> None:
    product_id, before = shop.create(), decided()
    shop.act("submit", product_id, "editor")

    becomes(app, "suspended")
    assert shop.act("approve", product_id, "approver").status_code == 409
    assert decided() == before
    becomes(app, "active")
    assert shop.act("approve", product_id, "approver").status_code == 200
    assert decided() == before + 1
