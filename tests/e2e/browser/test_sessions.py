"""Signing in and out, and what becomes of a session."""

import re

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.e2e.browser.conftest import DEMO_PASSWORD, Team, Visit, sign_in
from tests.e2e.conftest import PASSWORD, URL, eventually

PLACES = {
    "viewer": ["Products", "Insights", "Business"],
    "editor": ["Products", "Insights", "Business"],
    "approver": ["Products", "Review", "Insights", "Business"],
    "admin": ["Products", "Review", "Insights", "People", "Business", "Audit log"],
}


def places(page: Page) -> list[str]:
    return page.get_by_role("navigation", name="Dashboard").locator("a > span").all_inner_texts()


@pytest.mark.parametrize("role", PLACES)
def test_each_role_is_shown_what_it_may_do(role: str, visit: Visit, team: Team) -> None:
    page = visit("/dashboard/", username=team.usernames[role])

    expect(page.get_by_role("heading", name="Products", exact=True)).to_be_visible()
    assert set(places(page)) >= set(PLACES[role])
    assert ("Review" in places(page)) == (role in {"approver", "admin"})
    assert ("People" in places(page)) == (role == "admin")
    expect(page.get_by_role("link", name="New product")).to_have_count(0 if role == "viewer" else 1)


def test_page_that_is_not_allowed_says_so(visit: Visit, team: Team) -> None:
    page = visit("/dashboard/people/", username=team.usernames["viewer"])

    expect(page.get_by_role("heading", name="You don’t have access to this page")).to_be_visible()


def test_ended_session_keeps_what_was_written(visit: Visit, team: Team) -> None:
    page = visit("/dashboard/product/", username=team.usernames["editor"])
    page.get_by_label("Name", exact=False).first.fill("Half written")
    team.api["editor"]("POST", "/api/logout/", {"everywhere": True})
    page.get_by_label("Price").fill("12.50")
    assert eventually(lambda: team.api["editor"]("GET", "/api/products/").status_code == 401)

    page.get_by_role("button", name="Save draft").click()

    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Your session has ended")).to_be_visible(timeout=15_000)
    dialog.get_by_label("Password", exact=True).fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in").click()
    expect(dialog).to_have_count(0)
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_role("heading", name="Half written")).to_be_visible()


def test_token_is_renewed_silently(visit: Visit, team: Team) -> None:
    page = visit("/dashboard/", username=team.usernames["editor"])
    expect(page.get_by_role("heading", name="No products yet")).to_be_visible()
    page.clock.install()
    page.clock.fast_forward("09:50")

    with page.expect_response("**/api/token/refresh/") as renewal:
        page.get_by_role("link", name="Business").click()

    assert renewal.value.status == 200
    expect(page.get_by_role("definition").first).to_have_text(team.name)


def test_sign_out_leaves_nothing_behind(visit: Visit) -> None:
    page = visit("/dashboard/", username="dirk.nordlicht", password=DEMO_PASSWORD)
    expect(page.get_by_role("link", name="Elbe desk lamp")).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login/**")
    page.goto("/dashboard/")

    page.wait_for_url("**/login/**")
    assert page.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)").find("eyJ") == -1


def test_session_survives_a_reload_and_is_out_of_reach_of_scripts(visit: Visit, team: Team) -> None:
    page = visit("/dashboard/", username=team.usernames["editor"])
    expect(page.get_by_role("heading", name="No products yet")).to_be_visible()

    page.reload()

    expect(page.get_by_role("heading", name="No products yet")).to_be_visible()
    held = {cookie["name"]: cookie for cookie in page.context.cookies(f"{URL}/api/token/refresh/")}
    assert held["vetted_refresh"]["httpOnly"]
    assert held["vetted_refresh"]["sameSite"] == "Strict"
    assert "vetted_refresh" not in page.evaluate("document.cookie")


def test_tabs_agree_on_who_is_signed_in(visit: Visit, team: Team) -> None:
    first = visit("/login/")
    second = visit("/", context=first.context)
    expect(second.get_by_role("link", name="Sign in")).to_be_visible()

    sign_in(first, team.usernames["viewer"])
    expect(second.get_by_role("link", name="Dashboard")).to_be_visible()
    second.goto("/dashboard/")
    expect(second.get_by_role("heading", name="Products", exact=True)).to_be_visible()
    first.get_by_role("button", name="Sign out").click()

    second.wait_for_url("**/login/**")


def test_tabs_that_renew_at_once_stay_signed_in(visit: Visit, team: Team) -> None:
    first = visit("/dashboard/", username=team.usernames["admin"])
    second = visit("/dashboard/business/", context=first.context)
    expect(second.get_by_label("Business name")).to_have_value(team.name)
    for tab in (first, second):
        tab.clock.install()
        tab.clock.fast_forward("09:50")

    first.get_by_role("link", name="People").click()
    second.get_by_role("link", name="Audit log").click()

    expect(first.get_by_role("combobox", name=f"Role of {team.usernames['viewer']}")).to_be_visible()
    expect(second.get_by_role("row").nth(2)).to_be_visible()
    expect(first.get_by_role("dialog")).to_have_count(0)


def test_sign_out_everywhere_reaches_other_browsers(visit: Visit, team: Team) -> None:
    here = visit("/dashboard/profile/", username=team.usernames["editor"])
    there = visit("/dashboard/", username=team.usernames["editor"])
    expect(there.get_by_role("heading", name="No products yet")).to_be_visible()

    here.get_by_role("button", name="Sign out everywhere").click()
    here.wait_for_url("**/login/**")

    # The next call is refused as soon as the revocation has reached the services: it ended the sessions of all programs.
    assert eventually(lambda: team.api["editor"]("GET", "/api/approvals/statistics/").status_code == 401, seconds=10)
    there.get_by_role("navigation", name="Dashboard").get_by_role("link", name="Insights").click()
    expect(there.get_by_role("dialog").get_by_text("Your session has ended")).to_be_visible()


def test_reload_while_nothing_answers_does_not_sign_out(visit: Visit, team: Team) -> None:
    page = visit("/dashboard/business/", username=team.usernames["admin"])
    expect(page.get_by_label("Business name")).to_have_value(team.name)
    page.route("**/api/**", lambda route: route.abort())
    page.reload()
    expect(page.get_by_role("heading", name="We can’t reach the server")).to_be_visible()
    expect(page).to_have_url(re.compile("/dashboard/business/$"))

    page.unroute("**/api/**")
    page.get_by_role("button", name="Try again").click()

    expect(page.get_by_label("Business name")).to_have_value(team.name)


def test_section_that_does_not_answer_says_so_and_comes_back(visit: Visit, team: Team) -> None:
    page = visit("/dashboard/business/", username=team.usernames["admin"])
    expect(page.get_by_label("Business name")).to_have_value(team.name)
    page.route("**/api/products/**", lambda route: route.fulfill(status=503, body=""))
    page.get_by_role("link", name="Products").click()
    expect(page.get_by_role("heading", name="Temporarily unavailable")).to_be_visible()

    page.unroute("**/api/products/**")
    page.get_by_role("button", name="Try again").click()

    expect(page.get_by_role("heading", name="No products yet")).to_be_visible()


def test_session_is_known_by_its_device(visit: Visit, team: Team) -> None:
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
    other = visit("/dashboard/", username=team.usernames["viewer"], user_agent=agent)
    expect(other.get_by_role("heading", name="No products yet")).to_be_visible()
    page = visit("/dashboard/profile/", username=team.usernames["viewer"])
    session = page.get_by_role("listitem").filter(has_text="Firefox, Windows")

    session.get_by_role("button", name="Sign out").click()

    expect(session).to_have_count(0)


def test_service_account_shows_its_secret_once(visit: Visit, team: Team) -> None:
    page = visit("/dashboard/accounts/", username=team.usernames["admin"])
    page.get_by_role("button", name="New service account").click()
    dialog = page.get_by_role("dialog", name="New service account")
    dialog.get_by_label("Name").fill("Price feed")
    dialog.get_by_role("checkbox", name="write and submit products").check()
    dialog.get_by_role("button", name="New service account").click()

    made = page.get_by_role("dialog", name="Copy the secret now")
    client_id, secret = made.get_by_label("Client ID").input_value(), made.get_by_label("Client secret").input_value()
    page.keyboard.press("Escape")
    expect(page.get_by_text("read products, write and submit products")).to_be_visible()
    assert secret not in page.content()
    answer = requests.post(
        f"{URL}/oauth/token",
        auth=(client_id, secret),
        data={"grant_type": "client_credentials", "scope": "catalog:read"},
        timeout=20,
    )
    assert answer.status_code == 200


def test_theme_chosen_in_one_tab_is_the_other_tabs_too(visit: Visit) -> None:
    first = visit("/", color_scheme="light")
    second = visit("/chatbot/", context=first.context)

    first.get_by_role("button", name="Switch to dark mode").click()

    expect(second.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
