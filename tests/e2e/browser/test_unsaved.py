"""Unsaved work is not lost by accident, whichever way a page is left."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.browser.conftest import Team, Visit
from tests.e2e.conftest import PASSWORD

LIST = re.compile("/dashboard/$")
QUESTION = "Leave without saving?"


def write(visit: Visit, team: Team) -> Page:
    """The form of a new product, come to from the list and half filled in."""
    page = visit("/dashboard/", username=team.usernames["editor"])
    page.get_by_role("link", name="New product").click()
    page.locator("[data-path=name]").fill("Half written")
    expect(page.get_by_text("Unsaved changes")).to_be_visible()
    return page


def question(page: Page) -> Locator:
    return page.get_by_role("dialog", name=QUESTION)


def back(page: Page) -> None:
    page.evaluate("history.back()")


def link(page: Page) -> None:
    page.get_by_role("link", name="All products").click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()


@pytest.mark.parametrize("leave", [back, link, sign_out])
def test_whoever_stays_keeps_what_was_written(leave: Callable[[Page], None], visit: Visit, team: Team) -> None:
    page = write(visit, team)

    leave(page)
    question(page).get_by_role("button", name="Keep editing").click()

    expect(question(page)).to_have_count(0)
    expect(page.locator("[data-path=name]")).to_have_value("Half written")
    expect(page).to_have_url(re.compile("/dashboard/product/$"))


@pytest.mark.parametrize("leave", [back, link])
def test_whoever_leaves_is_asked_once(leave: Callable[[Page], None], visit: Visit, team: Team) -> None:
    page = write(visit, team)

    leave(page)
    question(page).get_by_role("button", name="Leave").click()

    expect(page).to_have_url(LIST)
    expect(page.get_by_role("heading", name="No products yet")).to_be_visible()
    expect(question(page)).to_have_count(0)


def test_whoever_signs_out_all_the_same_is_signed_out(visit: Visit, team: Team) -> None:
    page = write(visit, team)

    sign_out(page)
    question(page).get_by_role("button", name="Leave").click()

    page.wait_for_url("**/login/**")


def test_back_after_saving_asks_nothing(visit: Visit, team: Team) -> None:
    page = write(visit, team)
    page.get_by_label("Price").fill("12.00")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_role("heading", name="Half written")).to_be_visible()

    back(page)

    expect(page).to_have_url(LIST)
    expect(question(page)).to_have_count(0)


def test_link_into_another_tab_asks_nothing(visit: Visit, team: Team) -> None:
    page = write(visit, team)

    with page.context.expect_page():
        page.get_by_role("link", name="All products").click(modifiers=["Control"])

    expect(page.locator("[data-path=name]")).to_have_value("Half written")
    expect(question(page)).to_have_count(0)


def test_business_settings_are_not_lost_either(visit: Visit, team: Team) -> None:
    page = visit("/dashboard/", username=team.usernames["admin"])
    page.get_by_role("link", name="Business", exact=True).click()
    page.get_by_label("Website").fill("https://example.org")

    back(page)
    question(page).get_by_role("button", name="Keep editing").click()

    expect(page.get_by_label("Website")).to_have_value("https://example.org")


def test_sign_out_in_another_tab_loses_nothing_here(visit: Visit, team: Team) -> None:
    page = write(visit, team)
    other = visit("/dashboard/", context=page.context)

    other.get_by_role("button", name="Sign out").click()
    other.wait_for_url("**/login/**")

    dialog = page.get_by_role("dialog", name="You signed out in another tab")
    dialog.get_by_label("Password", exact=True).fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in").click()
    expect(dialog).to_have_count(0)
    expect(page.locator("[data-path=name]")).to_have_value("Half written")
    # The other tab is signed in with it, and nothing was lost there that nobody kept.
    page.get_by_label("Price").fill("12.00")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_role("heading", name="Half written")).to_be_visible()


def test_whoever_signed_out_elsewhere_may_leave_what_was_written(visit: Visit, team: Team) -> None:
    page = write(visit, team)
    other = visit("/dashboard/", context=page.context)
    other.get_by_role("button", name="Sign out").click()

    page.get_by_role("button", name="Leave without saving").click()

    page.wait_for_url("**/login/**")
