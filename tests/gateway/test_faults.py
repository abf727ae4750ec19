"""The short form of the fault scripts about the gateway; `make faults` runs the long one."""

from tests.faults import (
    gateway_dead_service,
    gateway_names,
    gateway_overload,
    gateway_reloaded,
    gateway_scaling,
    gateway_slow_clients,
)


def test_scaling_rolling_and_killing_lose_nothing():
    figures = gateway_scaling.run(short=True)

    assert figures["rolled: requests"] > 500
    assert figures["rolled: failed"] == {}
    assert figures["one killed: failed"] == {}


def test_service_behind_a_name_scales_without_a_word_to_the_gateway():
    figures = gateway_names.run(short=True)

    assert figures["instances that served"] == 4
    assert figures["requests"] > 500
    assert figures["failed"] == {}


def test_reload_loses_nothing_for_who_asks_again():
    figures = gateway_reloaded.run(short=True)

    assert [figure for name, figure in figures.items() if name.endswith("two tries: failed") and figure] == []
    # Newer ones keep idle connections open through a reload.
    assert figures["package: one try: failed"] == {}


def test_overload_is_refused_at_once_and_the_rest_is_served():
    figures = gateway_overload.run(short=True)

    # A service that collapses does a small part of its work; how much exactly, `make faults` prints.
    assert figures["overload: goodput"] >= 0.5
    assert figures["overload: refused"] > 0
    assert figures["overload: other outcomes"] == {}
    assert figures["afterwards: failed"] == {}


def test_slow_clients_are_cut_and_harm_nobody():
    figures = gateway_slow_clients.run(short=True)

    assert figures["cut"] == figures["slow clients"]
    assert figures["bodies that reached the service"] == 0
    assert figures["ordinary beside: failed"] == {}


def test_dead_service_leaves_others_and_the_public_list_alone():
    figures = gateway_dead_service.run(short=True)

    assert set(figures["own routes"]) == {503}
    assert figures["other services: failed"] == {}
    assert figures["public list: failed"] == {}
