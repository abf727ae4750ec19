"""python -m tests.bench.baseline.fill COUNT: the baseline's tables, with the products that catalog_loader loads."""

import sys
from itertools import islice

from werkzeug.security import generate_password_hash

from tests.bench import catalog_products
from tests.bench.baseline import HASHES
from tests.bench.baseline.shop import Business, Product, User, app, db
from tests.builders import PASSWORD


def row(values):
    kept = {name: values[name] for name in ("id", "name", "description", "currency", "category", "attributes")}
    moment = catalog_products.moment(values["id"])
    price = values["price_minor"] / 10 ** catalog_products.DIGITS[values["currency"]]
    people = {"author_id": values["business_id"] * 10 + 1, "approver_id": values["business_id"] * 10 + 2}
    kept |= {"price": price, "status": "approved", "business_id": values["business_id"], **people}
    return kept | {"created_at": moment, "updated_at": moment}


def fill(count):
    db.create_all()
    connection = db.session.connection()
    numbers = range(1, catalog_products.BUSINESSES + 1)
    connection.execute(Business.__table__.insert(), [{"id": one, "name": f"Business {one}"} for one in numbers])
    people = [
        {"id": one * 10 + place, "username": f"person{one * 10 + place}", "password": "!", "business_id": one}
        for one in numbers
        for place in (1, 2)
    ]
    users = [
        {"id": place, "username": name, "password": generate_password_hash(PASSWORD, method), "business_id": 1}
        for place, (name, method) in enumerate(HASHES.items(), 1)
    ]
    connection.execute(User.__table__.insert(), [*people, *users])
    source = catalog_products.products(count)
    while found := list(islice(source, 10_000)):
        connection.execute(Product.__table__.insert(), [row(values) for values in found])
    db.session.commit()
    db.session.execute(db.text("ANALYZE"))
    db.session.commit()


if __name__ == "__main__":
    with app.app_context():
        fill(int(sys.argv[1]))
