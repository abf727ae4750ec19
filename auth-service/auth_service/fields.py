"""What each field may hold."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field


def _trimmed(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be blank")
    if any(ord(char) < 32 or ord(char) == 127 for char in text):
        raise ValueError("must not contain control characters")
    return text.strip()


def _plain(text: str) -> str:
    return _trimmed(text) if text.strip() else ""


Username = Annotated[str, Field(min_length=1, max_length=150), AfterValidator(_trimmed)]
BusinessName = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_trimmed)]
Email = Annotated[str, Field(min_length=3, max_length=254)]
PersonName = Annotated[str, Field(max_length=150), AfterValidator(_plain)]
# The rules are in passwords.py; this bound only keeps a megabyte from being hashed.
Password = Annotated[str, Field(max_length=1024, json_schema_extra={"format": "password"})]
# Where the refresh token goes: into the answer, or into a cookie that no script can read.
SessionKind = Annotated[Literal["token", "cookie"], Field(description="where the refresh token goes")]
ServiceName = Annotated[str, Field(min_length=1, max_length=150), AfterValidator(_trimmed)]
