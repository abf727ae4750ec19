"""Addresses in settings: taken apart once, refused in words that never repeat them."""

import pytest
from pydantic import SecretStr

from servicekit import addresses
from servicekit.settings import FollowerSettings, ServiceSettings

PASSWORD = "hunter2"


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("smtp://mail.example", "mail.example", None),
        ("smtps://mail.example:465/", "mail.example", 465),
        ("smtp://user:hun%23ter@mail.example:587", "mail.example", 587),
        ("smtp://user%40shop:x@[::1]:25", "[::1]", 25),
        ("smtp://user:._~!$&'()*+,;=:-%5B%C3%A4@mail.example", "mail.example", None),
    ],
)
def test_good_address_comes_apart(text: str, host: str, port: int | None) -> None:
    found = addresses.parse(text, "smtp", "smtps", login=True)

    assert (found.host, found.port) == (host, port)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"smtp://user:{PASSWORD}#x@mail.example", "percent-encoded"),
        (f"smtp://user:{PASSWORD}/x@mail.example", "percent-encoded"),
        (f"smtp://user:{PASSWORD}?x@mail.example", "percent-encoded"),
        (f"smtp://user:{PASSWORD}@x@mail.example", "percent-encoded"),
        (f"smtp://user:{PASSWORD}%zz@mail.example", "percent-encoded"),
        (f"smtp://user:{PASSWORD}[x@mail.example", "percent-encoded"),
        (f"smtp://user:{PASSWORD}]@mail.example", "percent-encoded"),
        (f"smtp://user:{PASSWORD}\u2100@mail.example", "percent-encoded"),
        (f"smtp://user:{PASSWORD}\u00e4@mail.example", "percent-encoded"),
        (f'smtp://user:{PASSWORD}"\\^`{{|}}<>@mail.example', "percent-encoded"),
        (f"smtp://\u00fcser:{PASSWORD}@mail.example", "percent-encoded"),
        ("smtp://user:123/x@mail.example", "percent-encoded"),
        (f"smtp://user:{PASSWORD} x@mail.example", "blanks"),
        (f"smtp://user:{PASSWORD}@", "host"),
        (f"smtp://user:{PASSWORD}@mail.example:", "host"),
        (f"smtp://user:{PASSWORD}@mail.example:0", "port"),
        (f"smtp://user:{PASSWORD}@mail.example:65536", "port"),
        (f"smtp://user:{PASSWORD}@mail.example:{'9' * 5000}", "port"),
        (f"smtp://user:{PASSWORD}@mail.example:smtp", "port"),
        (f"smtp://user:{PASSWORD}@mail.example/box", "behind the host"),
        (f"smtp://user:{PASSWORD}@mail.example?tls=1", "behind the host"),
        (f"smtp:user:{PASSWORD}@mail.example", "must begin with smtp://"),
        (f"http://user:{PASSWORD}@mail.example", "must begin with smtp://"),
        ("", "must begin with smtp://"),
    ],
)
def test_bad_address_is_refused_in_words_without_its_password(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said) as refusal:
        addresses.parse(text, "smtp", login=True)

    assert PASSWORD not in str(refusal.value)


@pytest.mark.parametrize("text", ["127.0.0.1", "127.0.0.1:", ":80", "host:0", "host:99999", "ho st:80", "host:80/x"])
def test_endpoint_needs_host_and_port(text: str) -> None:
    with pytest.raises(ValueError, match="host|port"):
        addresses.endpoint(text)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("redis_url", f"redis://:{PASSWORD}#x@redis:6379/0"),
        ("redis_url", f"redis://:{PASSWORD}[x@redis:6379/0"),
        ("redis_url", f"redis://:{PASSWORD}\u2100@redis:6379/0"),
        ("redis_url", f"redis://:{PASSWORD}@redis:99999/0"),
        ("redis_url", f"redis://:{PASSWORD}@redis/zero"),
        ("database_url", f"postgresql+psycopg://vetted:{PASSWORD}@x@db/auth"),
        ("database_url", f"postgresql+psycopg://vetted:{PASSWORD}@db:port/auth"),
        ("database_url", f"postgresql+psycopg://vetted:{PASSWORD}@db:70000/auth"),
        ("database_url", f"postgresql+asyncpg://vetted:{PASSWORD}@db/auth"),
        ("metrics_bind", f"{PASSWORD}:0"),
        ("write_limit", PASSWORD),
        ("auth_url", f"http://user:{PASSWORD}@auth:8000"),
        ("auth_url", f"http://auth:{PASSWORD}"),
        ("auth_url", f"ftp://{PASSWORD}"),
    ],
)
def test_every_address_in_the_settings_is_named_and_not_repeated(name: str, value: str) -> None:
    good = {"database_url": "sqlite://", "internal_token": "t" * 32}

    with pytest.raises(SystemExit, match=name.upper()) as stop:
        FollowerSettings.load({**good, name: value})
    assert PASSWORD not in str(stop.value)


def test_password_with_a_number_sign_works_percent_encoded() -> None:
    good = {"database_url": "postgresql+psycopg://vetted:a%23b@db:5432/auth", "internal_token": "t" * 32}

    found = ServiceSettings.load({**good, "redis_url": "redis://:a%23b@redis:6379/0"})

    assert found.redis_url == SecretStr("redis://:a%23b@redis:6379/0")
