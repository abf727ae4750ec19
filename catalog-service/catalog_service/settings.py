"""Settings of catalog-service."""

from typing import Annotated

from pydantic import AfterValidator

from catalog_service.money import known_currency
from servicekit.settings import FollowerSettings


class Settings(FollowerSettings):
    database_url: str = "sqlite:///catalog.db"
    public_database_url: str = ""
    default_currency: Annotated[str, AfterValidator(known_currency)] = "EUR"
