"""Settings from the environment, read once, in the factory."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from limits import RateLimitItem, parse
from pydantic import AfterValidator, AnyHttpUrl, Field, PlainValidator, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

Secret = Annotated[SecretStr, Field(min_length=16)]


def _rate(given: RateLimitItem | str) -> RateLimitItem:
    return parse(given) if isinstance(given, str) else given


# In the environment: `100/minute`.
Rate = Annotated[RateLimitItem, PlainValidator(_rate)]


def _database(url: str) -> str:
    try:
        backend = make_url(url).get_backend_name()
    except ArgumentError:
        backend = ""
    if backend not in {"sqlite", "postgresql"}:
        raise ValueError("must be like sqlite:////folder/file.db or postgresql+psycopg://user:password@host:5432/name")
    return url


DatabaseUrl = Annotated[str, AfterValidator(_database)]


def address(*schemes: str) -> AfterValidator:
    """Refuses a secret address of any other scheme, without repeating it."""

    def check(url: SecretStr) -> SecretStr:
        if urlsplit(url.get_secret_value()).scheme not in schemes:
            raise ValueError(f"must begin with {' or '.join(f'{scheme}://' for scheme in schemes)}")
        return url

    return AfterValidator(check)


def refusal(*lines: str) -> SystemExit:
    """Says in one line each what is wrong with the environment."""
    return SystemExit("cannot start, check these variables:\n" + "\n".join(f"  {line}" for line in lines))


class FileSource(PydanticBaseSettingsSource):
    """Reads NAME from the file that NAME_FILE names, as container secrets are handed over."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        path = os.environ.get(f"{field_name.upper()}_FILE")
        return (Path(path).read_text().strip() if path else None), field_name, False

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
    redis_url: Annotated[SecretStr, address("redis", "rediss")] | None = None
    write_limit: Rate = parse("100/minute")
    metrics_bind: Annotated[str, Field(pattern=r"^\S+:[0-9]{1,5}$")] | None = None

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
        except OSError as error:
            raise SystemExit(f"cannot start, a secret's file cannot be read: {error}") from None


class FollowerSettings(ServiceSettings):
    """Settings of a service that trusts auth-service's keys and follows its feed."""

    auth_url: AnyHttpUrl = AnyHttpUrl("http://127.0.0.1:8001")
    poll_seconds: Annotated[float, Field(gt=0, le=5)] = 1.0
