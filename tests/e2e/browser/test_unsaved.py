"""Unsaved work is not lost by accident, whichever way a page is left."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.e2e.browser.conftest import Team, Visit

LIST = re.compile("/dashboard/$")
QUESTION = "Leave without saving?"


def write(visit: Visit, team: Team) -> Page:
    """The form of a new product, come to from the list and half filled in."""
    page = visit("/dashboard/", username=team.usernames["editor"])
    page.get_by_role("link", name="New product").click()
    page.locator("[data-path=name]").fill("Half written")
    expect(page.get_by_text("Not saved yet")).to_be_visible()
    return page


def answer(page: Page, *answers: bool) -> list[str]:
    """Answers the questions that come, in turn; what they were."""
    asked: list[str] = []

    def decide(dialog: Dialog) -> None:
        asked.append(dialog.message)
        if answers[len(asked) - 1]:
            dialog.accept()
        else:
            dialog.dismiss()

    page.on("dialog", decide)
    return asked


def back(page: Page) -> None:
    page.evaluate("history.back()")


def link(page: Page) -> None:
    page.get_by_role("link", name="All products").click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()


@pytest.mark.parametrize("leave", [back, link, sign_out])
def test_whoever_stays_keeps_what_was_written(leave: Callable[[Page], None], visit: Visit, team: Team) -> None:
    page = write(visit, team)
    asked = answer(page, False)

    with page.expect_event("dialog"):
        leave(page)

    expect(page.locator("[data-path=name]")).to_have_value("Half written")
    expect(page).to_have_url(re.compile("/dashboard/product/$"))
    assert [QUESTION in question for question in asked] == [True]


@pytest.mark.parametrize("leave", [back, link])
def test_whoever_leaves_is_asked_once(leave: Callable[[Page], None], visit: Visit, team: Team) -> None:
    page = write(visit, team)
    asked = answer(page, True)

    leave(page)

    expect(page).to_have_url(LIST)
    expect(page.get_by_role("heading", name="No products yet")).to_be_visible()
    assert len(asked) == 1


def test_back_after_saving_asks_nothing(visit: Visit, team: Team) -> None:
    page = write(visit, team)
    page.get_by_label("Price").fill("12.00")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_role("heading", name="Half written")).to_be_visible()
    asked = answer(page)

    back(page)

    expect(page).to_have_url(LIST)
    assert asked == []


def test_link_into_another_tab_asks_nothing(visit: Visit, team: Team) -> None:
    page = write(visit, team)
    asked = answer(page)

    with page.context.expect_page():
        page.get_by_role("link", name="All products").click(modifiers=["Control"])

    expect(page.locator("[data-path=name]")).to_have_value("Half written")
    assert asked == []


def test_business_settings_are_not_lost_either(visit: Visit, team: Team) -> None:
    page = visit("/dashboard/", username=team.usernames["admin"])
    page.get_by_role("link", name="Business", exact=True).click()
    page.get_by_label("Website").fill("https://example.org")
    answer(page, False)

    with page.expect_event("dialog"):
        back(page)

    expect(page.get_by_label("Website")).to_have_value("https://example.org")
