"""Codes that are shown once and stored hashed: invitations, password resets, client secrets."""

import hashlib
import secrets


def make() -> tuple[str, str]:
    """A new code of 256 random bits, and the hash to store.

    SHA-256 without salt or stretching is enough where nothing can be guessed (OWASP ASVS 5.0, 11.4).
    """
    code = secrets.token_urlsafe(32)
    return code, digest(code)


def digest(code: str) -> str:
    """The hash under which a code is found."""
    return hashlib.sha256(code.encode()).hexdigest()
