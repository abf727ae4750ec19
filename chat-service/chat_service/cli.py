"""Commands of chat-service."""

import click
from flask import Flask, current_app

from chat_service import conversations
from chat_service.models import db


def register(app: Flask) -> None:
    @app.cli.command("prune")
    def prune() -> None:
        """Erase conversations past their retention now; the worker does it every minute."""
        settings = current_app.config["SETTINGS"]
        with db.transaction() as session:
            gone = conversations.prune(session, settings.chat_retention_days, settings.chat_anonymous_retention_days)
        click.echo(f"{gone} conversations erased")
