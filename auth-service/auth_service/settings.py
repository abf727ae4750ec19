"""Settings of auth-service."""

import re
from email.utils import parseaddr
from typing import Annotated
from urllib.parse import unquote

from limits import parse
from pydantic import AfterValidator, Field, SecretStr

from servicekit.settings import DatabaseUrl, Origin, Rate, Secret, ServiceSettings, address


def _sendable(url: SecretStr) -> SecretStr:
    """smtplib signs in with ASCII alone, and would fail at each mail."""
    login = unquote(url.get_secret_value().rpartition("@")[0])
    if not login.isascii() or not login.isprintable():
        raise ValueError("user name and password must be printable ASCII")
    return url


def _sender(text: str) -> str:
    """From a sender that is none, every mail would be refused for good."""
    if not text.isprintable() or not re.fullmatch(r"[^@\s]+@[^@\s]+", parseaddr(text)[1]):
        raise ValueError("must be like Vetted <no-reply@shop.example>")
    return text


class Settings(ServiceSettings):
    database_url: DatabaseUrl = "sqlite:///auth.db"
    key_passphrase: Secret
    refresh_token_days: Annotated[int, Field(ge=1, le=365)] = 30
    invitation_hours: Annotated[int, Field(ge=1, le=24 * 90)] = 168
    password_reset_minutes: Annotated[int, Field(ge=5, le=24 * 60)] = 60
    smtp_url: Annotated[SecretStr, address("smtp", "smtps"), AfterValidator(_sendable)] | None = None
    mail_folder: str = "mail"
    mail_from: Annotated[str, AfterValidator(_sender)] = "Vetted <no-reply@vetted.invalid>"
    public_url: Origin = "http://127.0.0.1:8080"
    login_limit: Rate = parse("120/minute")
    register_limit: Rate = parse("60/minute")
    refresh_limit: Rate = parse("600/minute")
    reset_limit: Rate = parse("30/minute")
    argon2_memory_kib: Annotated[int, Field(ge=8, le=1_048_576)] = 19_456
    argon2_passes: Annotated[int, Field(ge=1, le=10)] = 2

    @property
    def mails(self) -> bool:
        """Whether mail reaches people, and not a folder of the machine alone."""
        return self.smtp_url is not None
