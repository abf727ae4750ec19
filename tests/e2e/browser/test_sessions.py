"""Signing in and out, and what becomes of a session."""

import re
from collections.abc import Callable

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.e2e.browser.conftest import DEMO_PASSWORD, Team, Visit, sign_in
from tests.e2e.conftest import PASSWORD, URL, Caller, eventually, person

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

    expect(page.get_by_role("heading", name="Not for this account")).to_be_visible()


def test_stranger_is_sent_to_the_login_page_and_back(visit: Visit, team: Team) -> None:
    page = visit("/dashboard/review/")
    page.wait_for_url("**/login/?next=*")

    page.get_by_label("User name or e-mail").fill(team.usernames["approver"])
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("/dashboard/review/$"))


def test_faults_stand_beside_their_fields(visit: Visit) -> None:
    page = visit("/login/?view=register")
    page.get_by_label("Password", exact=True).fill("short")
    page.get_by_role("button", name="Create the business").click()

    name = page.get_by_label("Name of the business")
    expect(name).to_be_focused()
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Password", exact=True)).to_have_accessible_description(
        re.compile("At least 10 characters")
    )


def test_wrong_password_is_one_message(visit: Visit) -> None:
    page = visit("/login/")
    page.get_by_label("User name or e-mail").fill("anna.nordlicht")
    page.get_by_label("Password", exact=True).fill("not the password")
    page.keyboard.press("Enter")

    expect(page.get_by_role("alert").filter(has_text="No active account")).to_be_visible()
    expect(page.get_by_label("User name or e-mail")).to_have_value("anna.nordlicht")


def test_server_names_the_field_that_is_taken(visit: Visit, team: Team) -> None:
    page = visit("/login/?view=register")
    page.get_by_label("Name of the business").fill("Another")
    page.get_by_label("User name").fill(team.usernames["admin"])
    page.get_by_label("E-mail").fill("new@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create the business").click()

    expect(page.get_by_label("User name")).to_have_attribute("aria-invalid", "true")


def test_business_is_registered_and_works_at_once(visit: Visit, unique: Callable[[str], str]) -> None:
    new, name = person("owner"), unique("New & sons")
    page = visit("/login/?view=register")
    page.get_by_label("Name of the business").fill(name)
    page.get_by_label("User name").fill(new["username"])
    page.get_by_label("E-mail").fill(new["email"])
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create the business").click()

    expect(page).to_have_url(re.compile("/dashboard/$"))
    expect(page.get_by_role("heading", name="No products yet")).to_be_visible()
    expect(page.get_by_text(name)).to_be_visible()


def test_invited_person_joins(visit: Visit, team: Team) -> None:
    admin = visit("/dashboard/people/", username=team.usernames["admin"])
    admin.get_by_role("button", name="Invite someone").click()
    dialog = admin.get_by_role("dialog")
    new = person("guest")
    dialog.get_by_label("E-mail").fill(new["email"])
    dialog.get_by_role("radio", name="Approver").check()
    dialog.get_by_role("button", name="Make an invitation").click()
    link = dialog.get_by_label("Send this link").input_value()

    guest = visit(link)
    guest.get_by_label("User name").fill(new["username"])
    guest.get_by_label("Password", exact=True).fill(PASSWORD)
    guest.get_by_role("button", name="Join").click()

    expect(guest).to_have_url(re.compile("/dashboard/$"))
    expect(guest.get_by_text(team.name)).to_be_visible()
    expect(guest.get_by_role("link", name="Review")).to_be_visible()


def test_ended_session_keeps_what_was_written(visit: Visit, team: Team) -> None:
    page = visit("/dashboard/product/", username=team.usernames["editor"])
    page.get_by_label("Name", exact=False).first.fill("Half written")
    team.api["editor"]("POST", "/api/logout/", {"everywhere": True})
    page.get_by_label("Price").fill("12.50")
    assert eventually(lambda: team.api["editor"]("GET", "/api/products/").status_code == 401)

    page.get_by_role("button", name="Save draft").click()

    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Your session ended")).to_be_visible(timeout=15_000)
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
    expect(page.get_by_label("Name of the business")).to_have_value(team.name)


def test_next_page_is_never_another_site(visit: Visit, team: Team) -> None:
    page = visit("/login/?next=//evil.example/")
    page.get_by_label("User name or e-mail").fill(team.usernames["viewer"])
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("/dashboard/$"))


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
    expect(second.get_by_label("Name of the business")).to_have_value(team.name)
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

    # The next call is refused, within the seconds that a revocation takes to reach every service.
    for place in ("Business", "Insights") * 10:
        if there.get_by_role("dialog").count():
            break
        there.get_by_role("navigation", name="Dashboard").get_by_role("link", name=place).dispatch_event("click")
        there.wait_for_timeout(500)
    expect(there.get_by_role("dialog").get_by_text("Your session ended")).to_be_visible()


def test_password_reset_tells_strangers_nothing(visit: Visit) -> None:
    page = visit("/login/?view=reset")
    page.get_by_label("E-mail").fill("nobody-at-all@example.org")
    page.get_by_role("button", name="Send the code").click()
    expect(page.get_by_text("If this address belongs to an account")).to_be_visible()

    page.get_by_label("Code from the message").fill("made-up")
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Save the new password").click()

    expect(page.get_by_label("Code from the message")).to_have_attribute("aria-invalid", "true")


def test_forgotten_password_is_replaced_with_the_mailed_code(
    visit: Visit, team: Team, mailed: Callable[[str], str]
) -> None:
    username = team.usernames["editor"]
    page = visit("/login/")
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("E-mail").fill(f"{username}@example.org")
    page.get_by_role("button", name="Send the code").click()
    expect(page.get_by_text("If this address belongs to an account")).to_be_visible()
    link = re.search(r"http\S+/login/\?reset=\S+", mailed(f"{username}@example.org"))
    assert link

    page.goto(link[0].replace(link[0].split("/login/")[0], URL))
    page.get_by_label("New password", exact=True).fill("short")
    page.get_by_role("button", name="Save the new password").click()
    expect(page.get_by_label("New password", exact=True)).to_have_attribute("aria-invalid", "true")
    page.get_by_label("New password", exact=True).fill("otter bicycle 41 plum")
    page.get_by_role("button", name="Save the new password").click()
    expect(page.get_by_text("Your password was changed.")).to_be_visible()

    page.get_by_role("main").get_by_role("link", name="Sign in").first.click()
    page.get_by_label("User name or e-mail").fill(username)
    page.get_by_label("Password", exact=True).fill("otter bicycle 41 plum")
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/dashboard/$"))
    # The old password and what it opened are gone, and the code works once.
    assert Caller()("POST", "/api/login/", {"username": username, "password": PASSWORD}).status_code == 401
    assert eventually(lambda: team.api["editor"]("GET", "/api/products/").status_code == 401)
    again = visit(link[0].replace(link[0].split("/login/")[0], URL))
    again.get_by_label("New password", exact=True).fill("another otter 42 plum")
    again.get_by_role("button", name="Save the new password").click()
    expect(again.get_by_label("Code from the message")).to_have_attribute("aria-invalid", "true")


def test_used_invitation_lets_nobody_else_in(visit: Visit, team: Team) -> None:
    made = team.api["admin"]("POST", "/api/invitations/", {"email": person("guest")["email"], "role": "editor"})
    accept = {"code": made.json()["code"], "username": person("first")["username"], "password": PASSWORD}
    assert Caller()("POST", "/api/invitations/accept/", accept).status_code == 201

    page = visit(f"/login/?invitation={made.json()['code']}")
    page.get_by_label("User name").fill(person("second")["username"])
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Join").click()

    expect(page.get_by_label("Invitation code")).to_have_attribute("aria-invalid", "true")
    expect(page).to_have_url(re.compile("/login/"))


def test_sign_in_without_an_answer_keeps_what_was_typed(visit: Visit, team: Team) -> None:
    page = visit("/login/")
    page.route("**/api/login/", lambda route: route.abort())
    page.get_by_label("User name or e-mail").fill(team.usernames["viewer"])
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="The server cannot be reached")).to_be_visible()

    page.unroute("**/api/login/")
    page.get_by_role("button", name="Sign in").click()

    expect(page).to_have_url(re.compile("/dashboard/$"))


def test_reload_while_nothing_answers_does_not_sign_out(visit: Visit, team: Team) -> None:
    page = visit("/dashboard/business/", username=team.usernames["admin"])
    expect(page.get_by_label("Name of the business")).to_have_value(team.name)
    page.route("**/api/**", lambda route: route.abort())
    page.reload()
    expect(page.get_by_role("heading", name="No answer")).to_be_visible()
    expect(page).to_have_url(re.compile("/dashboard/business/$"))

    page.unroute("**/api/**")
    page.get_by_role("button", name="Try again").click()

    expect(page.get_by_label("Name of the business")).to_have_value(team.name)


def test_section_that_does_not_answer_says_so_and_comes_back(visit: Visit, team: Team) -> None:
    page = visit("/dashboard/business/", username=team.usernames["admin"])
    expect(page.get_by_label("Name of the business")).to_have_value(team.name)
    page.route("**/api/products/**", lambda route: route.fulfill(status=503, body=""))
    page.get_by_role("link", name="Products").click()
    expect(page.get_by_role("heading", name="This part is resting")).to_be_visible()

    page.unroute("**/api/products/**")
    page.get_by_role("button", name="Try again").click()

    expect(page.get_by_role("heading", name="No products yet")).to_be_visible()


def test_session_is_known_by_its_device(visit: Visit, team: Team) -> None:
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
    other = visit("/dashboard/", username=team.usernames["viewer"], user_agent=agent)
    expect(other.get_by_role("heading", name="No products yet")).to_be_visible()
    page = visit("/dashboard/profile/", username=team.usernames["viewer"])
    session = page.get_by_role("listitem").filter(has_text="Firefox, Windows")

    session.get_by_role("button", name="Sign out there").click()

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
