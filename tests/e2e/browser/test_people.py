"""People, invitations, the business and its policy, as its admin keeps them."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.browser.conftest import Team, Visit
from tests.e2e.conftest import PASSWORD, Caller, eventually, person


def member(team: Team, role: str) -> dict[str, object]:
    found = team.api["admin"]("GET", "/api/users/").json()
    return next((one for one in found if one["username"] == team.usernames[role]), {})


def people(visit: Visit, team: Team) -> Page:
    page = visit("/dashboard/people/", username=team.usernames["admin"])
    expect(page.get_by_role("heading", name="People")).to_be_visible()
    return page


def test_role_is_changed_and_holds_at_once(visit: Visit, team: Team) -> None:
    page = people(visit, team)
    page.get_by_role("combobox", name=f"Role of {team.usernames['viewer']}").select_option("Editor")
    expect(page.get_by_text("Changes saved.")).to_be_visible()

    assert member(team, "viewer")["role"] == "editor"
    theirs = visit("/dashboard/", username=team.usernames["viewer"])
    expect(theirs.get_by_role("link", name="New product")).to_be_visible()


def test_person_is_kept_out_and_let_in_again(visit: Visit, team: Team) -> None:
    page = people(visit, team)
    switch = page.get_by_role("switch", name=f"{team.usernames['editor']} can sign in")
    sign_in = {"username": team.usernames["editor"], "password": PASSWORD}

    switch.click(force=True)
    expect(switch).not_to_be_checked()
    assert eventually(lambda: Caller()("POST", "/api/login/", sign_in).status_code == 401)
    switch.click(force=True)

    expect(switch).to_be_checked()
    assert eventually(lambda: Caller()("POST", "/api/login/", sign_in).status_code == 200)


def test_person_is_deleted_after_a_question(visit: Visit, team: Team) -> None:
    page = people(visit, team)
    delete = page.get_by_role("button", name=f"Delete {team.usernames['viewer']}")
    delete.click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert member(team, "viewer")

    delete.click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()

    expect(page.get_by_text(team.usernames["viewer"])).to_have_count(0)
    assert not member(team, "viewer")


def test_admin_cannot_lock_themselves_out(visit: Visit, team: Team) -> None:
    page = people(visit, team)
    own = team.usernames["admin"]

    row = page.get_by_role("row").filter(has_text=f"{own}@")
    expect(row.get_by_role("cell", name="Admin", exact=True)).to_be_visible()
    expect(row.get_by_role("combobox").or_(row.get_by_role("switch"))).to_have_count(0)
    expect(page.get_by_role("button", name=f"Delete {own}")).to_have_count(0)


def test_open_invitation_is_revoked(visit: Visit, team: Team) -> None:
    address = person("guest")["email"]
    code = team.api["admin"]("POST", "/api/invitations/", {"email": address, "role": "editor"}).json()["code"]
    page = people(visit, team)
    page.get_by_role("listitem").filter(has_text=address).get_by_role("button", name="Revoke").click()

    expect(page.get_by_text("No open invitations.")).to_be_visible()
    accept = {"code": code, "username": person("guest")["username"], "password": PASSWORD}
    assert Caller()("POST", "/api/invitations/accept/", accept).status_code in {404, 410, 422}


def test_business_is_renamed_for_shoppers_as_well(visit: Visit, team: Team, unique: Callable[[str], str]) -> None:
    product_id = team.publish()
    name = unique("Renamed")
    page = visit("/dashboard/business/", username=team.usernames["admin"])
    page.get_by_label("Business name").fill(name)
    page.get_by_label("Website").fill("no address")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Website")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Website").fill("https://atelier.example")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Changes saved.")).to_be_visible()

    public = f"/api/products/public/{product_id}/"
    assert eventually(lambda: Caller()("GET", public).json()["business_name"] == name, seconds=10)


def test_policy_lets_a_small_change_go_live_without_review(visit: Visit, team: Team) -> None:
    product_id = team.publish(description="A chair.")
    page = visit("/dashboard/business/", username=team.usernames["admin"])
    page.get_by_role("checkbox", name="Description").click()
    expect(page.get_by_text("Changes saved.")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Description")).to_be_checked()
    editor = visit(f"/dashboard/product/?id={product_id}", username=team.usernames["editor"])
    editor.get_by_label("Description").fill("A better chair.")

    editor.get_by_role("button", name="Save and submit").click()

    expect(editor.get_by_text("Live now")).to_be_visible()
    expect(editor.get_by_text("Live", exact=True).first).to_be_visible()
    public = f"/api/products/public/{product_id}/"
    assert eventually(lambda: Caller()("GET", public).json()["description"] == "A better chair.")


def test_editor_reads_the_settings_and_changes_none(visit: Visit, team: Team) -> None:
    page = visit("/dashboard/business/", username=team.usernames["editor"])

    expect(page.get_by_role("definition").first).to_have_text(team.name)
    expect(page.get_by_role("textbox")).to_have_count(0)
    expect(page.get_by_role("button", name="Save")).to_have_count(0)
    expect(page.get_by_role("heading", name="Review rules")).to_have_count(0)


def test_own_address_takes_the_password_and_a_mailed_code(
    visit: Visit, team: Team, mailed: Callable[[str], str]
) -> None:
    new = person("moved")["email"]
    page = visit("/dashboard/profile/", username=team.usernames["editor"])
    section = page.locator("section").filter(has=page.get_by_role("heading", name="Change e-mail address"))
    section.get_by_label("New e-mail").fill(new)
    section.get_by_label("Current password").fill("not my password")
    section.get_by_role("button", name="Send code").click()
    expect(section.get_by_text("This is not your current password.")).to_be_visible()
    section.get_by_label("Current password").fill(PASSWORD)
    section.get_by_role("button", name="Send code").click()
    expect(section.get_by_role("status")).to_contain_text(f"We have sent a code to \u2068{new}\u2069")
    code = re.search(r"enter this code: (\S+)", mailed(new))
    assert code

    section.get_by_label("Code from the e-mail").fill(code[1])
    section.get_by_role("button", name="Confirm new address").click()

    expect(section.get_by_role("status")).to_have_text(new)
    assert member(team, "editor")["email"] == new


def test_person_whose_password_an_admin_chose_is_marked(visit: Visit, team: Team) -> None:
    new = person("given")
    made = team.api["admin"]("POST", "/api/users/", {**new, "role": "editor"})
    assert made.status_code == 201, made.text
    page = people(visit, team)
    row = page.get_by_role("row").filter(has_text=new["username"])
    expect(row).to_contain_text(f"Set up by \u2068{team.usernames['admin']}\u2069")
    expect(page.get_by_text("Set up by")).to_have_count(1)

    theirs = visit("/dashboard/profile/", username=new["username"])
    expect(theirs.get_by_role("link", name="Choose a new password")).to_be_visible()


def test_invitation_that_is_sent_again_replaces_the_earlier_one(visit: Visit, team: Team) -> None:
    address = person("guest")["email"]
    first = team.api["admin"]("POST", "/api/invitations/", {"email": address, "role": "editor"}).json()["code"]
    page = people(visit, team)
    page.get_by_role("button", name=f"Send again: the invitation to {address}").click()
    link = page.get_by_role("dialog").get_by_label("Invitation link").input_value()
    assert first not in link

    guest = visit(f"/login/?invitation={first}")
    guest.get_by_label("User name").fill(person("guest")["username"])
    guest.get_by_label("Password", exact=True).fill(PASSWORD)
    guest.get_by_role("button", name="Join").click()

    expect(guest.get_by_label("Invitation code")).to_have_accessible_description(
        "This invitation is no longer valid. Ask for a new one."
    )
