"""The login page: signing in, registering, accepting an invitation, a forgotten password."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.browser.conftest import Team, Visit
from tests.e2e.conftest import PASSWORD, URL, Caller, eventually, person


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
    page.get_by_role("button", name="Register").click()

    name = page.get_by_label("Business name")
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

    expect(page.get_by_role("alert").filter(has_text="The user name or password is not right.")).to_be_visible()
    expect(page.get_by_label("User name or e-mail")).to_have_value("anna.nordlicht")


def test_server_names_the_field_that_is_taken(visit: Visit, team: Team) -> None:
    page = visit("/login/?view=register")
    page.get_by_label("Business name").fill("Another")
    page.get_by_label("User name").fill(team.usernames["admin"])
    page.get_by_label("E-mail").fill("new@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Register").click()

    expect(page.get_by_label("User name")).to_have_attribute("aria-invalid", "true")


def test_business_is_registered_and_works_at_once(visit: Visit, unique: Callable[[str], str]) -> None:
    new, name = person("owner"), unique("New & sons")
    page = visit("/login/?view=register")
    page.get_by_label("Business name").fill(name)
    page.get_by_label("User name").fill(new["username"])
    page.get_by_label("E-mail").fill(new["email"])
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Register").click()

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
    dialog.get_by_role("button", name="Create invitation").click()
    link = dialog.get_by_label("Invitation link").input_value()

    guest = visit(link)
    expect(guest.get_by_role("status").filter(has_text="invites you to join as an approver")).to_contain_text(team.name)
    expect(guest.get_by_text(new["email"])).to_be_visible()
    guest.get_by_label("User name").fill(new["username"])
    guest.get_by_label("Password", exact=True).fill(PASSWORD)
    guest.get_by_role("button", name="Join").click()

    expect(guest).to_have_url(re.compile("/dashboard/$"))
    expect(guest.get_by_text(team.name)).to_be_visible()
    expect(guest.get_by_role("link", name="Review")).to_be_visible()


@pytest.mark.parametrize("view", ["constructor", "__proto__", "toString", "nothing"])
def test_unknown_view_is_the_login_form(view: str, visit: Visit) -> None:
    expect(visit(f"/login/?view={view}").get_by_role("heading", name="Sign in", level=1)).to_be_visible()


def test_taken_name_is_said_in_a_sentence(visit: Visit, team: Team) -> None:
    page = visit("/login/?view=register")
    page.get_by_label("Business name").fill(f"Another {team.id}")
    page.get_by_label("User name").fill(team.usernames["admin"])
    page.get_by_label("E-mail").fill(person("new")["email"])
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Register").click()

    expect(page.get_by_label("User name")).to_have_accessible_description(
        "This user name is taken. Please choose another."
    )


def test_next_page_is_never_another_site(visit: Visit, team: Team) -> None:
    page = visit("/login/?next=//evil.example/")
    page.get_by_label("User name or e-mail").fill(team.usernames["viewer"])
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("/dashboard/$"))


def test_password_reset_tells_strangers_nothing(visit: Visit) -> None:
    page = visit("/login/?view=reset")
    page.get_by_label("E-mail").fill("nobody-at-all@example.org")
    page.get_by_role("button", name="Send code").click()
    expect(page.get_by_text("If there is an account with this address")).to_be_visible()

    page.get_by_label("Code from the e-mail").fill("made-up")
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Save new password").click()

    expect(page.get_by_label("Code from the e-mail")).to_have_attribute("aria-invalid", "true")


def test_forgotten_password_is_replaced_with_the_mailed_code(
    visit: Visit, team: Team, mailed: Callable[[str], str]
) -> None:
    username = team.usernames["editor"]
    page = visit("/login/")
    page.get_by_role("link", name="Forgot your password?").click()
    # The login form's own field says "user name or e-mail".
    page.get_by_label("E-mail", exact=True).fill(f"{username}@example.org")
    page.get_by_role("button", name="Send code").click()
    expect(page.get_by_text("If there is an account with this address")).to_be_visible()
    link = re.search(r"http\S+/login/\?reset=\S+", mailed(f"{username}@example.org"))
    assert link

    page.goto(link[0].replace(link[0].split("/login/")[0], URL))
    page.get_by_label("New password", exact=True).fill("short")
    page.get_by_role("button", name="Save new password").click()
    expect(page.get_by_label("New password", exact=True)).to_have_attribute("aria-invalid", "true")
    page.get_by_label("New password", exact=True).fill("otter bicycle 41 plum")
    page.get_by_role("button", name="Save new password").click()
    expect(page.get_by_text("Your password has been changed.")).to_be_visible()

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
    again.get_by_role("button", name="Save new password").click()
    expect(again.get_by_label("Code from the e-mail")).to_have_attribute("aria-invalid", "true")


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
    expect(page.get_by_role("alert").filter(has_text="Check your connection, then try again.")).to_be_visible()

    page.unroute("**/api/login/")
    page.get_by_role("button", name="Sign in").click()

    expect(page).to_have_url(re.compile("/dashboard/$"))


def test_registration_that_waits_for_the_mail_says_so_and_takes_its_code(
    visit: Visit, unique: Callable[[str], str]
) -> None:
    new = person("owner")
    page = visit("/login/?view=register")
    # Mail is not set up here; an answer like this comes where it is.
    waiting = f'{{"confirmation": "mailed", "email": "{new["email"]}"}}'
    page.route(
        "**/api/register/", lambda route: route.fulfill(status=202, content_type="application/json", body=waiting)
    )
    page.get_by_label("Business name").fill(unique("New"))
    page.get_by_label("User name").fill(new["username"])
    page.get_by_label("E-mail").fill(new["email"])
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_text("We have sent an e-mail to")).to_contain_text(new["email"])

    page.get_by_label("Code from the e-mail").fill("made-up")
    page.get_by_role("button", name="Confirm and sign in").click()

    expect(page.get_by_label("Code from the e-mail")).to_have_attribute("aria-invalid", "true")


@pytest.mark.parametrize(
    ("query", "heading"),
    [("registration=made-up", "Confirm your e-mail address"), ("email=made-up", "Confirm your new address")],
)
def test_mailed_link_that_is_spent_says_so(query: str, heading: str, visit: Visit) -> None:
    page = visit(f"/login/?{query}")
    expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()

    page.get_by_role("button", name="Confirm").click()

    expect(page.get_by_label("Code from the e-mail")).to_have_accessible_description(
        re.compile("This code has been used or has expired.")
    )
