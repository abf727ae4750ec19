"""Commands of auth-service."""

import click
from flask import Flask

from auth_service import keys
from auth_service.models import db


def register(app: Flask) -> None:
    @app.cli.command("rotate-keys")
    def rotate_keys() -> None:
        """Sign with the next key from now on; nobody is refused."""
        with db.transaction() as session:
            click.echo(f"signing with {keys.rotate(session).kid}")
