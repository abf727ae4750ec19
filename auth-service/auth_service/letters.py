"""What is written to people by mail."""

from flask import current_app

from auth_service.clients import mail
from auth_service.models import User

PASSWORD_RESET = """\
Hello {name},

somebody asked to set a new password for your account {username}. If it was you, open

    {url}/login/?reset={code}

or enter this code: {code}

It works once, for {minutes} minutes. If it was not you, there is nothing to do: your password stays as it is.
"""


def password_reset(user: User, code: str) -> None:
    """Sends the code to the account's own address; Unavailable when the mail is not taken."""
    settings = current_app.config["SETTINGS"]
    text = PASSWORD_RESET.format(
        name=user.name,
        username=user.username,
        url=settings.public_url,
        code=code,
        minutes=settings.password_reset_minutes,
    )
    mail.send(settings, user.email, "Set a new password", text)
