"""The platform's operator: all businesses, none of their work."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser.conftest import Team, Visit
from tests.e2e.conftest import PASSWORD, URL, Caller, eventually


def row(page: Page, team: Team) -> Page:
    """The business's line, found by its name."""
    page.get_by_role("searchbox", name="Search businesses by name").fill(team.name)
    found = page.get_by_role("row").filter(has_text=team.name)
    expect(found).to_have_count(1)
    return found


def test_operator_arrives_at_the_businesses_and_is_shown_nothing_else(visit: Visit, operator: str, team: Team) -> None:
    page = visit("/dashboard/", username=operator)

    expect(page).to_have_url(re.compile("/dashboard/platform/$"))
    places = page.get_by_role("navigation", name="Dashboard").locator("a > span")
    expect(places).to_have_text(["Businesses", "Insights", "Audit log"])
    expect(row(page, team)).to_contain_text("Active")


def test_operator_finds_by_name_and_is_told_when_nothing_is_found(visit: Visit, operator: str) -> None:
    page = visit("/dashboard/platform/", username=operator)

    page.get_by_role("searchbox", name="Search businesses by name").fill("nordli")
    expect(page.get_by_role("row").filter(has_text="Nordlicht Living")).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("searchbox", name="Search businesses by name").fill("no such business")

    expect(page.get_by_text("No business has this in its name.")).to_be_visible()


@pytest.mark.parametrize("section", ["review", "people", "business", "accounts", "product", "product/?id={product}"])
def test_operator_sees_none_of_a_business(section: str, visit: Visit, operator: str, team: Team) -> None:
    product_id = team.submit(name="Nobody else reads this")
    page = visit("/dashboard/platform/", username=operator)
    expect(page.get_by_role("heading", name="Businesses")).to_be_visible()

    page.goto(f"/dashboard/{section.format(product=product_id)}")

    expect(page.get_by_role("heading", name="You don’t have access to this page")).to_be_visible()
    expect(page.get_by_text("Nobody else reads this")).to_have_count(0)


def test_operator_suspends_and_restores_a_business(visit: Visit, operator: str, team: Team) -> None:
    product_id = team.publish()
    public = f"/api/products/public/{product_id}/"
    anonymous = Caller()
    page = visit("/dashboard/platform/", username=operator)
    row(page, team).get_by_role("button", name=f"Suspend {team.name}").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("its products disappear from the shop")

    dialog.get_by_role("button", name="Suspend").click()

    expect(page.get_by_text(re.compile(f"{team.name}.? is suspended."))).to_be_visible()
    expect(row(page, team)).to_contain_text("Suspended")
    assert eventually(lambda: anonymous("GET", public).status_code == 404, seconds=10)
    assert eventually(lambda: team.api["editor"]("GET", "/api/products/").status_code == 401, seconds=10)
    refused = visit("/login/")
    refused.get_by_label("User name or e-mail").fill(team.usernames["editor"])
    refused.get_by_label("Password", exact=True).fill(PASSWORD)
    refused.keyboard.press("Enter")
    expect(refused.get_by_role("alert").filter(has_text="The user name or password is not right.")).to_be_visible()

    row(page, team).get_by_role("button", name=f"Restore {team.name}").click()

    expect(row(page, team)).to_contain_text("Active")
    assert eventually(lambda: anonymous("GET", public).status_code == 200, seconds=10)


def test_suspension_can_be_thought_over(visit: Visit, operator: str, team: Team) -> None:
    page = visit("/dashboard/platform/", username=operator)
    row(page, team).get_by_role("button", name=f"Suspend {team.name}").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(row(page, team)).to_contain_text("Active")


def test_operator_takes_a_product_down_and_says_why(visit: Visit, operator: str, team: Team) -> None:
    product_id = team.publish(name=f"Recalled {team.id} kettle")
    page = visit("/dashboard/platform/", username=operator)
    page.get_by_label("Address or number of the product").fill(f"{URL}/product/?id={product_id}")
    expect(page.get_by_text(f"Recalled {team.id} kettle")).to_be_visible()
    take = page.get_by_role("button", name="Unpublish")
    expect(take).to_be_disabled()
    page.get_by_label("Reason").fill("The handle breaks.")

    take.click()

    expect(page.get_by_text("Unpublished. Shoppers no longer see it.")).to_be_visible()
    assert eventually(lambda: Caller()("GET", f"/api/products/public/{product_id}/").status_code == 404)
    author = visit(f"/dashboard/product/?id={product_id}", username=team.usernames["editor"])
    author.get_by_role("tab", name="History").click()
    expect(author.get_by_text("The handle breaks.")).to_be_visible()


@pytest.mark.parametrize("text", ["999999999", "no address", "https://elsewhere.example/lamp"])
def test_unknown_product_cannot_be_taken_down(text: str, visit: Visit, operator: str) -> None:
    page = visit("/dashboard/platform/", username=operator)
    page.get_by_label("Address or number of the product").fill(text)

    expect(page.get_by_text("There is no public product at this address.")).to_be_visible()
    expect(page.get_by_role("button", name="Unpublish")).to_have_count(0)
