"""Mail: by SMTP where SMTP_URL names a server, else as files in a folder."""

import secrets
import smtplib
import ssl
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit

import idna

from auth_service.settings import Settings
from servicekit.problems import Unavailable

TIMEOUT_SECONDS = 10


class Refused(Exception):
    """The server will never take this mail (RFC 5321 section 4.2.1: 5yz), in its own words."""


class Delayed(Exception):
    """The server does not take this mail just now (4yz), in its own words."""


def send(settings: Settings, to: str, subject: str, text: str) -> None:
    """Hands one message over; Refused or Delayed where the server will not have this one.

    Unavailable when the server, or the folder, takes no mail at present.
    """
    try:
        message = _message(settings.mail_from, to, subject, text)
    except (idna.IDNAError, ValueError) as error:
        raise Refused(f"not an address that mail can go to: {type(error).__name__}") from None
    try:
        if settings.smtp_url:
            _by_smtp(settings.smtp_url.get_secret_value(), message)
        else:
            _into_folder(Path(settings.mail_folder), message)
    except (OSError, smtplib.SMTPException) as error:
        raise _meaning(error) from None


def _message(sender: str, to: str, subject: str, text: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = _address(sender), _address(to), subject
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain="vetted.invalid")
    # Plain where it can be: whoever opens the file in the folder reads the link unbroken.
    message.set_content(text, cte="7bit" if text.isascii() else "quoted-printable")
    return message


def _address(text: str) -> Address:
    """`Name <user@domain>` or `user@domain`, with the domain as xn-- (IDNA 2008): not every server takes it otherwise."""
    name, address = parseaddr(text)
    user, _, domain = address.rpartition("@")
    if not domain.isascii():
        domain = idna.encode(domain, uts46=True).decode()
    return Address(name, user, domain)


def _meaning(error: Exception) -> Exception:
    """Whether a failure is about this mail or about all: what is said of the recipient or the content is about this one."""
    words: bytes | str
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPDataError):
        code, words = error.smtp_code, error.smtp_error
    elif isinstance(error, smtplib.SMTPNotSupportedError):
        # A user name in another script, and a server without SMTPUTF8 (RFC 6531).
        return Refused(str(error))
    else:
        return Unavailable(f"mail was not taken: {type(error).__name__}")
    answer = f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"[:200]
    # 421 closes the connection for everybody.
    if code == 421:
        return Unavailable(f"mail was not taken: {answer}")
    return Refused(answer) if 500 <= code < 600 else Delayed(answer)


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
