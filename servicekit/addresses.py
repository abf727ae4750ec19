"""Addresses as settings write them, parsed in one place.

An error never repeats what was given: it may hold a password. Of the standard library alone, since the gateway's image
has no other.
"""

import re
from dataclasses import dataclass

_BLANK = re.compile(r"[\s\x00-\x1f\x7f]")
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?\.?)(?::([0-9]+))?", re.ASCII)
# RFC 3986 section 3.2.1: what parsers read alike. At some others they stumble, and may repeat the password.
_USERINFO = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:-]|%[0-9A-Fa-f]{2})*")
ENCODE = (
    "in a user name or password, all but letters, digits and . _ ~ ! $ & ' ( ) * + , ; = : - must be percent-encoded: "
    "# is %23"
)


@dataclass(frozen=True)
class Address:
    """The parts of an address; user name and password stay percent-encoded. An IPv6 host keeps its brackets."""

    scheme: str
    user: str
    password: str
    host: str
    port: int | None
    path: str


def parse(text: str, *schemes: str, login: bool = False, path: str = "/?") -> Address:
    """scheme://[user:password@]host[:port][path]; ValueError in words.

    `login` says whether user name and password may stand there, `path` is what may follow as a regular expression.
    """
    scheme, mark, rest = text.partition("://")
    if not mark or scheme not in schemes:
        raise ValueError(f"must begin with {' or '.join(f'{one}://' for one in schemes)}")
    if _BLANK.search(rest):
        raise ValueError("must not hold blanks or control characters")
    authority, tail = re.fullmatch(r"([^/?#]*)(.*)", rest, re.DOTALL).groups()  # type: ignore[union-attr]
    who, at, place = authority.rpartition("@")
    if at and not login:
        raise ValueError("takes no user name and no password")
    if "#" in tail or "@" in tail or not _USERINFO.fullmatch(who):
        raise ValueError(ENCODE if login else "ends with the path: no # or @ in it")
    try:
        host, port = _endpoint(place)
    except ValueError as error:
        # A raw slash in a password cuts the address short, and what is left looks like a port.
        raise ValueError(f"{error}; {ENCODE}" if login and ":" in place else str(error)) from None
    if not re.fullmatch(path, tail):
        raise ValueError("has more behind the host and its port than belongs there")
    user, _, password = who.partition(":")
    return Address(scheme, user, password, host, port, tail)


def endpoint(text: str) -> tuple[str, int]:
    """(host, port) of host:port; ValueError in words."""
    host, port = _endpoint(text)
    if port is None:
        raise ValueError("must be like 127.0.0.1:9000, with a port")
    return host, port


def _endpoint(text: str) -> tuple[str, int | None]:
    found = _HOST.fullmatch(text)
    if found is None:
        raise ValueError("must name a host, and a port as a number from 1 to 65535 where there is one")
    host, port = found.groups()
    if port is not None and not (len(port) <= 5 and 1 <= int(port) <= 65535):
        raise ValueError("the port must be a number from 1 to 65535")
    return host, int(port) if port else None
