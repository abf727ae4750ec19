"""Settings from the environment, read once, in the factory."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from limits import RateLimitItem, parse
from pydantic import AfterValidator, Field, PlainValidator, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from servicekit import addresses

Secret = Annotated[SecretStr, Field(min_length=16)]
MOST = 1_000_000_000
MONTH_SECONDS = 31 * 86_400


def _rate(given: RateLimitItem | str) -> RateLimitItem:
    if not isinstance(given, str):
        return given
    try:
        rate = parse(given)
    except ValueError:
        raise ValueError("must be like 100/minute") from None
    # Nobody would get in by none, and what a window longer than a month counts, a restart forgets.
    if not 1 <= rate.amount <= MOST or rate.get_expiry() > MONTH_SECONDS:
        raise ValueError(f"must allow 1 to {MOST} within a month at most, like 100/minute")
    return rate


# In the environment: `100/minute`.
Rate = Annotated[RateLimitItem, PlainValidator(_rate)]


def _database(url: str) -> str:
    try:
        found = make_url(url)
        known = found.drivername in {"sqlite", "postgresql+psycopg"}
    except (ArgumentError, ValueError):
        known = False
    if not known:
        raise ValueError("must be like sqlite:////folder/file.db or postgresql+psycopg://user:password@host:5432/name")
    if "@" in (found.host or ""):
        raise ValueError(addresses.ENCODE)
    if not 1 <= (5432 if found.port is None else found.port) <= 65535:
        raise ValueError("the port must be a number from 1 to 65535")
    return url


DatabaseUrl = Annotated[str, AfterValidator(_database)]


def address(*schemes: str, path: str = "/?") -> AfterValidator:
    """Refuses a secret address that is none of these schemes' or malformed, without repeating it."""

    def check(url: SecretStr) -> SecretStr:
        addresses.parse(url.get_secret_value(), *schemes, login=True, path=path)
        return url

    return AfterValidator(check)


def _http(url: str) -> str:
    addresses.parse(url, "http", "https", path=r"[^?#]*")
    return url.rstrip("/")


def _origin(url: str) -> str:
    addresses.parse(url, "http", "https")
    return url.rstrip("/")


def _endpoint(text: str) -> str:
    addresses.endpoint(text)
    return text


# Where another service is; without the last slash.
HttpUrl = Annotated[str, AfterValidator(_http)]
# The same with nothing behind the host and its port.
Origin = Annotated[str, AfterValidator(_origin)]
# host:port.
Endpoint = Annotated[str, AfterValidator(_endpoint)]


def refusal(*lines: str) -> SystemExit:
    """Says in one line each what is wrong with the environment."""
    return SystemExit("cannot start, check these variables:\n" + "\n".join(f"  {line}" for line in lines))


class FileSource(PydanticBaseSettingsSource):
    """Reads NAME from the file that NAME_FILE names, as container secrets are handed over."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        name = f"{field_name.upper()}_FILE"
        path = os.environ.get(name)
        try:
            return (Path(path).read_text().strip() if path else None), field_name, False
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "no text in UTF-8"
            raise refusal(f"{name}: the file cannot be read: {reason}") from None

    def __call__(self) -> dict[str, Any]:
        found = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in found.items() if value is not None}


class ServiceSettings(BaseSettings):
    """What every service reads; a service adds its own fields in its settings.py."""

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True, frozen=True, hide_input_in_errors=True)

    database_url: DatabaseUrl
    internal_token: Annotated[SecretStr, Field(min_length=32)]
    jwt_issuer: str = "vetted-auth"
    jwt_audience: str = "vetted"
    access_token_seconds: Annotated[int, Field(ge=30, le=3600)] = 600
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["json", "console"] = "json"
    database_pool_size: Annotated[int, Field(ge=1, le=100)] = 8
    redis_url: Annotated[SecretStr, address("redis", "rediss", path=r"/?|/[0-9]{1,5}")] | None = None
    write_limit: Rate = parse("100/minute")
    metrics_bind: Endpoint | None = None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, FileSource(settings_cls)

    @classmethod
    def load(cls, overrides: Mapping[str, Any] | None = None) -> Self:
        """The settings; SystemExit naming each missing or malformed variable."""
        try:
            return cls(**(overrides or {}))
        except ValidationError as error:
            lines = [
                f"{str(one['loc'][0]).upper()}: {one['msg'].removeprefix('Value error, ')}" for one in error.errors()
            ]
            raise refusal(*lines) from None


class FollowerSettings(ServiceSettings):
    """Settings of a service that trusts auth-service's keys and follows its feed."""

    auth_url: HttpUrl = "http://127.0.0.1:8001"
    poll_seconds: Annotated[float, Field(gt=0, le=5)] = 1.0
