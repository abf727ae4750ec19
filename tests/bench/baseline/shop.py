"""The same shop as an ordinary Flask application: ORM models, lazy relations, offset pages with totals, jsonify."""

import os
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from flask import Flask, jsonify, request
from flask_jwt_extended import JWTManager, create_access_token, current_user, jwt_required
from flask_sqlalchemy import SQLAlchemy
from werkzeug.security import check_password_hash

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URL"]
app.config["JWT_SECRET_KEY"] = "the baseline signs with a shared secret, as most do"
db = SQLAlchemy(app)
jwt = JWTManager(app)


class Business(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(200), nullable=False)


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    username = db.Column(db.String(150), unique=True, nullable=False)
    password = db.Column(db.String(256), nullable=False)
    role = db.Column(db.String(20), default="editor")
    business_id = db.Column(db.ForeignKey("business.id"), index=True)
    business = db.relationship("Business")

    def to_dict(self):
        return {"id": self.id, "username": self.username, "role": self.role, "business": self.business.name}


class Product(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(200), nullable=False)
    description = db.Column(db.Text, default="")
    price = db.Column(db.Numeric(12, 3), nullable=False)
    currency = db.Column(db.String(3), default="EUR")
    category = db.Column(db.String(64), default="", index=True)
    attributes = db.Column(db.JSON, default=dict)
    status = db.Column(db.String(20), default="draft")
    created_at = db.Column(db.DateTime, default=lambda: datetime.now(UTC))
    updated_at = db.Column(db.DateTime, default=lambda: datetime.now(UTC))
    business_id = db.Column(db.ForeignKey("business.id"), index=True)
    author_id = db.Column(db.ForeignKey("user.id"))
    approver_id = db.Column(db.ForeignKey("user.id"))
    business = db.relationship("Business")
    author = db.relationship("User", foreign_keys=[author_id])
    approver = db.relationship("User", foreign_keys=[approver_id])
    __table_args__ = (db.Index("ix_product_public", "status", "created_at"),)

    def to_dict(self):
        return {
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "price": str(self.price),
            "currency": self.currency,
            "category": self.category,
            "attributes": self.attributes,
            "status": self.status,
            "business": self.business_id,
            "business_name": self.business.name,
            "created_by": self.author.username,
            "approved_by": self.approver.username if self.approver else None,
            "created_at": self.created_at.isoformat(),
            "updated_at": self.updated_at.isoformat(),
        }


class Message(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    question = db.Column(db.Text)
    answer = db.Column(db.Text)
    created_at = db.Column(db.DateTime, default=lambda: datetime.now(UTC))


@jwt.user_lookup_loader
def load_user(_header, claims):
    return db.session.get(User, int(claims["sub"]))


@app.post("/login/")
def login():
    data = request.get_json()
    user = User.query.filter_by(username=data.get("username", "")).first()
    if user is None or not check_password_hash(user.password, data.get("password", "")):
        return jsonify(error="wrong name or password"), 401
    return jsonify(access=create_access_token(str(user.id)), user=user.to_dict())


@app.get("/products/")
def list_products():
    query = Product.query.filter_by(status="approved").order_by(Product.created_at.desc())
    page = query.paginate(page=request.args.get("page", 1, int), per_page=request.args.get("per_page", 20, int))
    return jsonify(total=page.total, pages=page.pages, items=[product.to_dict() for product in page.items])


@app.get("/products/<int:product_id>/")
@jwt_required()
def read_product(product_id):
    product = Product.query.filter_by(id=product_id, business_id=current_user.business_id).first_or_404()
    return jsonify(product.to_dict())


@app.post("/products/")
@jwt_required()
def create_product():
    data = request.get_json()
    if not data.get("name") or len(data.get("description", "").split()) > 100:
        return jsonify(error="a name, and a description of at most 100 words"), 400
    try:
        price = Decimal(data["price"])
    except (KeyError, InvalidOperation):
        return jsonify(error="a price"), 400
    product = Product(
        name=data["name"],
        description=data.get("description", ""),
        price=price,
        currency=data.get("currency", "EUR"),
        category=data.get("category", ""),
        business_id=current_user.business_id,
        author_id=current_user.id,
    )
    db.session.add(product)
    db.session.commit()
    return jsonify(product.to_dict()), 201


@app.post("/chat/")
def chat():
    question = request.get_json()["message"]
    words = [word.strip("?!.,").lower() for word in question.split() if len(word.strip("?!.,")) > 3]
    query = Product.query.filter_by(status="approved")
    for word in words:
        query = query.filter(Product.name.ilike(f"%{word}%") | Product.description.ilike(f"%{word}%"))
    found = query.limit(5).all()
    answer = "\n".join(f"{one.name} by {one.business.name}: {one.price} {one.currency}" for one in found)
    message = Message(question=question, answer=answer or "I found nothing.")
    db.session.add(message)
    db.session.commit()
    return jsonify(id=message.id, answer=message.answer, products=[one.to_dict() for one in found])
