"""The short form of the fault scripts about the real services; `make faults` runs the long one."""

import pytest

from deploy.local import backup
from tests import copies
from tests.faults import (
    auth_gone,
    chat_gone,
    disk_full,
    keys_rotated,
    power_cut,
    redis_gone,
    search_damaged,
    services,
    web_worker_killed,
)


@pytest.fixture(scope="module")
def copy():
    with services.prepared() as running:
        yield running


def test_killed_web_process_is_replaced_and_public_readers_notice_nothing(copy):
    figures = web_worker_killed.run(short=True, given=copy)

    assert figures["public reads: failed"] == {}
    assert figures["auth-service: failed"] == {}
    # What the process was answering when it was killed, and nothing else, may be lost: one request of each client.
    assert sum(figures["signed reads: failed"].values()) <= 4 * figures["killed"]


def test_key_is_rotated_without_a_refused_token(copy):
    figures = keys_rotated.run(short=True, given=copy)

    assert figures["keys in use"] == 2
    assert figures["requests: failed"] == {}


def test_dead_chat_is_said_at_once_and_harms_nobody(copy):
    figures = chat_gone.run(short=True, given=copy)

    assert figures["questions: statuses"] == [503]
    assert "None" not in figures["questions: Retry-After"]
    assert figures["catalog: failed"] == figures["auth: failed"] == {}


def test_tokens_hold_while_auth_is_dead_even_after_a_restart(copy):
    figures = auth_gone.run(short=True, given=copy)

    assert figures["signed requests: failed"] == {}
    assert figures["public reads: failed"] == {}
    assert figures["login: status"] == 503
    assert figures["restarted: failed"] == {}


def test_full_disk_refuses_writes_at_once_loses_nothing_and_readers_notice_nothing(copy):
    figures = disk_full.run(short=True, given=copy)

    assert set(figures["refused: status, Retry-After"]) == {(503, "1")}
    assert figures["signed reads: failed"] == figures["public reads: failed"] == {}
    assert figures["acknowledged"] >= 2
    assert figures["missing or wrong"] == []


def test_damaged_index_is_mended_and_searchers_notice_nothing(copy):
    figures = search_damaged.run(short=True, given=copy)

    assert figures["searches: failed"] == {}
    assert figures["missing or wrong"] == []


def test_backup_of_a_running_copy_is_a_copy_that_runs(copy, tmp_path):
    writers = [
        power_cut.Writer(copy.port, copy.token, "/api/products/", lambda number, place=place: {
            "name": f"Stool {place}-{number}", "price": "59.50"}) for place in range(2)
    ]  # fmt: skip
    for writer in writers:
        writer.start()
    copies.wait_until(lambda: all(writer.acknowledged for writer in writers))
    before = {number: name for writer in writers for number, name in list(writer.acknowledged.items())}

    backup.make(copy.copy, tmp_path / "backup")

    for writer in writers:
        writer.stopped = True
        writer.join()
    restored = copies.Stack(tmp_path / "backup", services.NAMES)
    try:
        restored.start()
        token = restored.sign_in()
        copies.wait_until(lambda: restored.call("GET", "/api/products/", token=token)[0] == 200)
        found = {number: restored.call("GET", f"/api/products/{number}/", token=token)[1]["name"] for number in before}
        assert found == before
        assert restored.call("GET", f"/api/products/public/{copy.product}/")[0] == 200
        assert "entries hold" in power_cut.verified(restored)
    finally:
        restored.kill()
        restored.copy.forget()


def test_acknowledged_writes_survive_a_kill_of_everything(copy):
    figures = power_cut.run(short=True, given=copy)

    assert figures["acknowledged products"] > 0 and figures["acknowledged people"] > 0
    assert figures["missing or wrong"] == []


def test_services_count_together_in_redis_and_go_on_without_it():
    figures = redis_gone.run(short=True)

    limit = figures["limit of an account"]
    assert figures["with Redis: writes accepted"] == figures["back: writes accepted"] == limit
    # Each of the two services counts for itself then.
    assert figures["killed: writes accepted"] == 2 * limit
    assert figures["killed: reads failed"] == figures["killed: sign-ins failed"] == {}
