"""python -m tests.bench.rival.fill FILE: makes the tables and loads the products of FILE, JSON lines as the API lists them."""

import json
import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.rival.settings")


def main(file: str, password: str) -> None:
    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from tests.bench.rival.models import Business, Product, User

    call_command("migrate", run_syncdb=True, verbosity=0)
    rows = [json.loads(line) for line in Path(file).read_text().splitlines()]
    names = {row["business"]: row["business_name"] for row in rows}
    Business.objects.bulk_create(Business(id=number, name=name) for number, name in names.items())
    owner = User.objects.create_user("owner", "owner@example.org", password, business_id=min(names))
    Product.objects.bulk_create(
        Product(
            **{name: row[name] for name in ("name", "description", "price", "currency", "category")},
            business_id=row["business"],
            status="approved",
            created_by=owner,
            created_at=timezone.now(),
        )
        for row in rows
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
