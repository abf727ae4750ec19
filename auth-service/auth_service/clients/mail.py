"""Mail: by SMTP where SMTP_URL names a server, else as files in a folder."""

import secrets
import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from urllib.parse import unquote, urlsplit

from auth_service.settings import Settings
from servicekit.problems import Unavailable

TIMEOUT_SECONDS = 10


def send(settings: Settings, to: str, subject: str, text: str) -> None:
    """Hands one message over; Unavailable when the mail server or the folder does not take it."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.mail_from, to, subject
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain="vetted.invalid")
    # Plain where it can be: whoever opens the file in the folder reads the link unbroken.
    message.set_content(text, cte="7bit" if text.isascii() else "quoted-printable")
    try:
        if settings.smtp_url:
            _by_smtp(settings.smtp_url.get_secret_value(), message)
        else:
            _into_folder(Path(settings.mail_folder), message)
    except (OSError, smtplib.SMTPException) as error:
        raise Unavailable(f"mail was not taken: {type(error).__name__}") from None


def _by_smtp(url: str, message: EmailMessage) -> None:
    """smtp://user:password@host:587 (STARTTLS where offered) or smtps://… (TLS from the first byte)."""
    parts = urlsplit(url)
    host, context = parts.hostname or "localhost", ssl.create_default_context()
    connect = (
        smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT_SECONDS, context=context)
        if parts.scheme == "smtps"
        else smtplib.SMTP(host, parts.port or 587, timeout=TIMEOUT_SECONDS)
    )
    with connect as server:
        server.ehlo()
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)


def _into_folder(folder: Path, message: EmailMessage) -> None:
    """One file a message, complete as soon as it has its name, readable by its owner alone."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{datetime.now():%Y%m%d-%H%M%S-%f}-{secrets.token_hex(4)}"
    part = folder / f".{name}.part"
    part.touch(mode=0o600)
    try:
        part.write_bytes(bytes(message))
        part.rename(folder / f"{name}.eml")
    finally:
        # On a full disk it is tried again every few seconds.
        part.unlink(missing_ok=True)
