"""What mail needs is looked at when the service starts, not with every mail."""

import pytest
from auth_service.settings import Settings

NEEDED = {"internal_token": "t" * 32, "key_passphrase": "k" * 16}
PASSWORD = "hunter2"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("smtp_url", f"smtp://user:{PASSWORD}%C3%A4@mail.example"),
        ("smtp_url", f"smtp://user:{PASSWORD}%ff@mail.example"),
        ("smtp_url", f"smtp://user:{PASSWORD}%0a@mail.example"),
        ("smtp_url", f"smtp://%C3%BCser:{PASSWORD}@mail.example"),
        ("smtp_url", f"smtp://user:{PASSWORD}[@mail.example"),
        ("mail_from", PASSWORD),
        ("mail_from", f"{PASSWORD}@"),
        ("mail_from", f"Vetted <{PASSWORD}>"),
        ("mail_from", f"a@shop.example\nBcc: {PASSWORD}@shop.example"),
    ],
)
def test_mail_that_could_never_leave_stops_the_start(name: str, value: str) -> None:
    with pytest.raises(SystemExit, match=name.upper()) as stop:
        Settings.load({**NEEDED, name: value})

    assert PASSWORD not in str(stop.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("smtp_url", "smtp://user%40shop.example:a%23b%5B@mail.example:587"),
        ("smtp_url", "smtps://mail.example"),
        ("mail_from", "no-reply@shop.example"),
        ("mail_from", "B\u00fccher <no-reply@b\u00fccher.example>"),
    ],
)
def test_mail_that_can_leave(name: str, value: str) -> None:
    assert str(Settings.load({**NEEDED, name: value}).model_dump()[name])
