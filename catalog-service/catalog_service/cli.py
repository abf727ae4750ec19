"""Commands of catalog-service."""

from typing import BinaryIO

import click
from flask import Flask
from flask.cli import with_appcontext

from catalog_service.models import db
from catalog_service.review import decisions, verify_log


def register(app: Flask) -> None:
    app.cli.add_command(export_decisions)
    app.cli.add_command(verify_decisions)


@click.command("export-decisions")
@click.argument("file", type=click.File("wb"))
@click.option("--business", type=int, help="One business's log alone.")
@with_appcontext
def export_decisions(file: BinaryIO, business: int | None) -> None:
    """Write the decision log to FILE, as JSON lines."""
    for line in decisions.export(db.session(), business):
        file.write(line)


@click.command("verify-decisions")
@click.argument("file", type=click.File("rb"))
@click.option(
    "--anchors", type=click.File("rb"), help="An earlier export, or heads kept elsewhere, to hold it against."
)
def verify_decisions(file: BinaryIO, anchors: BinaryIO | None) -> None:
    """Check an exported decision log, offline; names the first link that does not hold."""
    try:
        found = verify_log.verify(file, anchors or ())
    except verify_log.Broken as broken:
        raise click.ClickException(str(broken)) from None
    for business_id, count in sorted(found.items()):
        click.echo(f"business {business_id}: {count} entries hold")
