"""How reviewing goes, counted from the log: by day, with the time that decisions took, and what waits."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from catalog_service.models import Decision, db
from prometheus_client import REGISTRY

ADDRESS = "/api/approvals/statistics/"
NOTHING = {
    "submitted": 0,
    "approved": 0,
    "rejected": 0,
    "withdrawn": 0,
    "published_without_review": 0,
    "unpublished": 0,
}


@pytest.fixture
def read(client: Any, login: Any) -> Callable[..., Any]:
    def call(query: str = "", by: str = "viewer", business: int = 1) -> Any:
        answer = client.get(ADDRESS + query, headers=login(by, business))
        assert answer.status_code == 200, answer.json
        return answer.json

    return call


def ago(**span: float) -> Any:
    """As if it were that long ago; the log takes its entries in the order of time."""
    return time_machine.travel(datetime.now(UTC) - timedelta(**span), tick=True)


def counts(day: dict[str, Any]) -> dict[str, int]:
    return {name: day[name] for name in NOTHING if day[name]}


def test_each_day_counts_what_happened_on_it(shop: Any, read: Any) -> None:
    with ago(days=3):
        old = shop.publish()
    young = shop.create()
    shop.act("submit", young, "editor")
    shop.act("withdraw", young, "editor")
    shop.act("submit", young, "editor")
    shop.act("reject", young, "approver", comment="no")
    shop.act("unpublish", old, "approver", comment="recalled")

    found = read("?days=5")

    today = datetime.now(UTC).date()
    assert [day["day"] for day in found["days"]] == [str(today - timedelta(days=back)) for back in (4, 3, 2, 1, 0)]
    assert [counts(day) for day in found["days"]] == [
        {},
        {"submitted": 1, "approved": 1},
        {},
        {},
        {"submitted": 2, "withdrawn": 1, "rejected": 1, "unpublished": 1},
    ]
    assert read("?days=2")["days"] == found["days"][3:]


def test_clock_that_was_set_back_makes_no_wait_shorter_than_none(shop: Any, read: Any) -> None:
    waited = {"decision": "approve"}
    before = REGISTRY.get_sample_value("approval_waiting_seconds_sum", waited) or 0.0
    product_id = shop.create()
    with ago(seconds=-30):
        shop.act("submit", product_id, "editor")

    assert shop.act("approve", product_id, "approver").status_code == 200

    assert (read()["median_seconds"], read()["p90_seconds"]) == (0, 0)
    assert REGISTRY.get_sample_value("approval_waiting_seconds_sum", waited) == before


def test_what_a_policy_publishes_is_counted_by_itself(client: Any, shop: Any, login: Any, read: Any) -> None:
    client.put("/api/products/policy/", json={"skip_review": ["description"]}, headers=login("admin"))
    product_id = shop.publish()
    shop.change(product_id, description="brighter")
    shop.act("submit", product_id, "editor")

    today = read("?days=1")["days"][0]

    assert counts(today) == {"submitted": 2, "approved": 1, "published_without_review": 1}


def test_waits_are_those_from_the_last_submission_to_the_decision(shop: Any, read: Any) -> None:
    ids = [shop.create() for _ in range(10)]
    # Of 1, 2, … 10 hours the median is 5.5 and the ninth tenth 9.1.
    for hours, product_id in zip(range(10, 0, -1), ids, strict=True):
        with ago(hours=hours):
            shop.act("submit", product_id, "editor")
    for product_id in ids:
        shop.act("approve", product_id, "approver")

    found = read("?days=2")

    assert abs(found["median_seconds"] - 5.5 * 3600) <= 60
    assert abs(found["p90_seconds"] - 9.1 * 3600) <= 60


def test_resubmission_begins_to_wait_anew(shop: Any, read: Any) -> None:
    product_id = shop.create()
    with ago(days=9):
        shop.act("submit", product_id, "editor")
    with ago(hours=30):
        shop.act("withdraw", product_id, "editor")
        shop.act("submit", product_id, "editor")
    with ago(hours=29):
        shop.act("approve", product_id, "approver")
    # The same version is decided a second time; the first decision keeps its own wait.
    shop.act("unpublish", product_id, "approver", comment="recalled")
    shop.act("submit", product_id, "editor")
    shop.act("reject", product_id, "approver", comment="still")

    found = read()["days"]

    decided = [
        (day["approved"], day["rejected"], day["median_seconds"]) for day in found if day["median_seconds"] is not None
    ]
    assert [one[:2] for one in decided] == [(1, 0), (0, 1)]
    assert abs(decided[0][2] - 3600) <= 60
    assert decided[1][2] <= 60


def test_what_waits_is_grouped_by_how_long(shop: Any, read: Any) -> None:
    for waited in (timedelta(days=9), timedelta(days=2), timedelta(hours=23), timedelta(hours=5), timedelta(hours=1)):
        with time_machine.travel(datetime.now(UTC) - waited, tick=True):
            shop.act("submit", shop.create(), "editor")
    shop.create()

    found = read()["waiting"]

    assert found["count"] == 5
    assert [(age["under_seconds"], age["count"]) for age in found["ages"]] == [
        (4 * 3600, 1),
        (24 * 3600, 2),
        (72 * 3600, 1),
        (None, 1),
    ]
    assert 9 * 86400 <= found["oldest_seconds"] < 9 * 86400 + 60
    assert found["oldest_at"].startswith(str((datetime.now(UTC) - timedelta(days=9)).date()))


def test_products_are_counted_where_they_stand(client: Any, login: Any, shop: Any, read: Any) -> None:
    shop.publish()
    shop.act("submit", shop.create(), "editor")
    shop.create()
    gone = shop.create()
    client.delete(f"/api/products/{gone}/", headers=login("editor"))

    assert read()["products"] == {"draft": 1, "pending_approval": 1, "approved": 1, "rejected": 0}


def test_nothing_yet_is_zeros_and_nulls(read: Any) -> None:
    found = read()

    assert len(found["days"]) == 28
    assert all(counts(day) == {} and day["median_seconds"] is None for day in found["days"])
    assert (found["median_seconds"], found["p90_seconds"]) == (None, None)
    assert (found["waiting"]["count"], found["waiting"]["oldest_at"]) == (0, None)


def test_neighbours_figures_are_their_own(shop: Any, read: Any) -> None:
    shop.publish(business=2)
    shop.act("submit", shop.create(business=2), "editor", business=2)
    shop.publish()

    mine, theirs = read(), read(business=2)

    assert (mine["days"][-1]["submitted"], theirs["days"][-1]["submitted"]) == (1, 2)
    assert (mine["waiting"]["count"], theirs["waiting"]["count"]) == (0, 1)
    assert (mine["products"]["approved"], theirs["products"]["pending_approval"]) == (1, 1)


@pytest.mark.parametrize("days", [1, 2, 7, 30, 39, 40, 41, 90])
def test_beginning_of_a_long_log_is_found(days: int, app: Any, shop: Any, read: Any) -> None:
    # Three entries a day for forty days.
    product_id = shop.create()
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    with app.app_context(), db.transaction() as session:
        first = session.scalar(sa.text("SELECT seq + 1 FROM decision_heads WHERE business_id = 1"))
        for number in range(120):
            entry = {"business_id": 1, "seq": first + number, "at": midnight - timedelta(days=39 - number // 3)}
            about = {"action": "submit", "actor_id": 102, "product_id": product_id, "version": 1}
            session.add(Decision(**entry, **about, previous="", hash=str(number)))
        session.execute(sa.text("UPDATE decision_heads SET seq = seq + 120 WHERE business_id = 1"))

    found = [day["submitted"] for day in read(f"?days={days}")["days"]]

    assert found == [0] * (days - 40) + [3] * min(days, 40)


@pytest.mark.parametrize("query", ["?days=0", "?days=91", "?days=-1", "?days=x", "?week=1"])
def test_other_periods_are_refused(query: str, client: Any, login: Any) -> None:
    assert client.get(ADDRESS + query, headers=login("viewer")).status_code == 422


def test_operator_and_strangers_see_none(client: Any, operator: dict[str, str]) -> None:
    assert client.get(ADDRESS, headers=operator).status_code == 403
    assert client.get(ADDRESS).status_code == 401
