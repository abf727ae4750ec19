"""Password rules and argon2id hashes. Keyboards spell one letter in several ways: what is stored is the hash of the NFC."""

import re
import unicodedata
from functools import lru_cache

from flask import current_app
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from auth_service import common_passwords
from servicekit.problems import Invalid
from servicekit.texts import spelling

MIN_LENGTH = 10
MAX_LENGTH = 256


@lru_cache(maxsize=4)
def _hasher(memory_kib: int, passes: int) -> PasswordHash:
    return PasswordHash((Argon2Hasher(time_cost=passes, memory_cost=memory_kib, parallelism=1),))


def hasher() -> PasswordHash:
    """argon2id with the configured cost (RFC 9106; OWASP's floor of 19 MiB and two passes by default)."""
    settings = current_app.config["SETTINGS"]
    return _hasher(settings.argon2_memory_kib, settings.argon2_passes)


def make(password: str, *own_names: str, field: str = "password") -> str:
    """The hash of an acceptable password; Invalid tells what is wrong with another. Slow on purpose."""
    check(password, *own_names, field=field)
    return hasher().hash(_composed(password))


def _composed(password: str) -> str:
    return unicodedata.normalize("NFC", password)


def check(password: str, *own_names: str, field: str = "password") -> None:
    """Invalid for a password that is too short or too long in code points, common, or made of the account's names."""
    if not MIN_LENGTH <= len(_composed(password)) <= MAX_LENGTH:
        raise Invalid(fields={field: f"must have {MIN_LENGTH} to {MAX_LENGTH} characters"})
    if common_passwords.is_common(password):
        raise Invalid(fields={field: "is among the first that an attacker would try"})
    if any(_contains(password, name) for name in own_names):
        raise Invalid(fields={field: "must not contain your own name or your business's"})


def _contains(password: str, name: str) -> bool:
    """Whether the password holds the name, its address part or one of its longer words, whatever the spelling."""
    key = spelling(password)
    parts = [name, name.partition("@")[0], *re.split(r"[^\w]+", spelling(name))]
    found = {spelling(part).replace(" ", "") for part in parts}
    return any(len(part) >= 4 and part in key.replace(" ", "") for part in found)


@lru_cache(maxsize=4)
def _decoy(memory_kib: int, passes: int) -> str:
    return _hasher(memory_kib, passes).hash("the password of nobody")


def verify(password: str, password_hash: str | None) -> bool:
    """Whether it fits. Without a hash it takes the same time and fails, so that a stranger learns nothing.

    Tried as NFC, as it was sent and as NFD, where these differ: earlier versions stored the hash of what was sent.
    """
    settings = current_app.config["SETTINGS"]
    decoy = _decoy(settings.argon2_memory_kib, settings.argon2_passes)
    forms = dict.fromkeys((_composed(password), password, unicodedata.normalize("NFD", password)))
    return any(hasher().verify(form, password_hash or decoy) for form in forms) and bool(password_hash)


def stronger(password: str, password_hash: str) -> str | None:
    """A new hash of a password that fits, when the stored one is weaker than today's cost or not of the NFC. Slow."""
    composed = _composed(password)
    if not hasher().current_hasher.check_needs_rehash(password_hash) and (
        composed.isascii() or hasher().verify(composed, password_hash)
    ):
        return None
    return hasher().hash(composed)
