"""What each field may hold."""

from typing import Annotated, Literal

from pydantic import Field

from servicekit.texts import ShortName, ShortText

Username = ShortName
BusinessName = ShortName
PersonName = ShortText
ServiceName = ShortName
Email = Annotated[str, Field(min_length=3, max_length=254)]
# The rules are in passwords.py; this bound only keeps a megabyte from being hashed.
Password = Annotated[str, Field(max_length=1024, json_schema_extra={"format": "password"})]
# Where the refresh token goes: into the answer, or into a cookie that no script can read.
SessionKind = Annotated[Literal["token", "cookie"], Field(description="where the refresh token goes")]
