"""Commands of auth-service."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask
from pydantic import ValidationError

from auth_service import keys, passwords, users
from auth_service.models import db
from auth_service.schemas import OperatorIn
from servicekit.problems import DomainError, from_validation


@contextmanager
def _told() -> Iterator[None]:
    """Turns a refusal into one line on standard error and the exit status 1."""
    try:
        yield
    except (DomainError, ValidationError) as refusal:
        error = from_validation(refusal) if isinstance(refusal, ValidationError) else refusal
        fields = [f"{one.field} {one.message}" for one in error.errors]
        raise click.ClickException("; ".join(fields) or error.detail) from None


def register(app: Flask) -> None:
    @app.cli.command("create-operator")
    @click.argument("username")
    @click.argument("email")
    @click.option("--password-stdin", is_flag=True, help="read the password from standard input, without asking")
    def create_operator(username: str, email: str, password_stdin: bool) -> None:
        """Make a platform operator, who suspends, restores and deletes businesses."""
        password = (
            sys.stdin.readline().rstrip("\r\n")
            if password_stdin
            else click.prompt("Password", hide_input=True, confirmation_prompt=True)
        )
        with _told():
            person = OperatorIn(username=username, email=email)
            password_hash = passwords.make(password, person.username, person.email)
            with db.transaction():
                user = users.create_operator(password_hash, username=person.username, email=person.email)
        click.echo(f"operator {user.username} has the number {user.id}")

    @app.cli.command("rotate-keys")
    @click.option("--emergency", is_flag=True, help="withdraw all keys, and every access token that they signed")
    def rotate_keys(emergency: bool) -> None:
        """Sign with the next key from now on; nobody is refused, unless it is an emergency."""
        with _told(), db.transaction() as session:
            key = keys.replace(session) if emergency else keys.rotate(session)
        click.echo(f"signing with {key.kid}")
