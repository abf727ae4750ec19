"""Settings of chat-service."""

from typing import Annotated

from limits import parse
from pydantic import Field, SecretStr

from servicekit.settings import DatabaseUrl, FollowerSettings, HttpUrl, Rate

# Of one web worker: a stream holds a thread, which waits for the model nearly all of its time.
THREADS = 450

Count = Annotated[int, Field(ge=1, le=1_000_000_000)]


class Settings(FollowerSettings):
    database_url: DatabaseUrl = "sqlite:///chat.db"
    catalog_url: HttpUrl = "http://127.0.0.1:8002"
    chat_catalog_seconds: Annotated[float, Field(ge=0, le=2)] = 1.0
    openai_api_key: SecretStr | None = None
    openai_base_url: HttpUrl = "https://api.openai.com/v1"
    openai_model: Annotated[str, Field(min_length=1, max_length=200)] = "gpt-4o-mini"
    chat_retention_days: Annotated[int, Field(ge=1, le=3650)] = 365
    chat_anonymous_retention_days: Annotated[int, Field(ge=1, le=3650)] = 30
    chat_limit: Rate = parse("30/minute")
    chat_anonymous_limit: Rate = parse("10/minute")
    chat_turns_per_conversation: Count = 200
    chat_turns_per_address: Count = 2_000
    chat_turns_per_business: Count = 20_000
    chat_turns_per_day: Count = 200_000
    chat_tokens_per_conversation: Count = 200_000
    chat_tokens_per_address: Count = 1_000_000
    chat_tokens_per_business: Count = 5_000_000
    chat_tokens_per_day: Count = 20_000_000
    chat_prompt_price: Annotated[float, Field(ge=0, le=1000)] = 0.0
    chat_completion_price: Annotated[float, Field(ge=0, le=1000)] = 0.0
