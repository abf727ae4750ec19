"""HTTP: one module per noun."""

from auth_service.events import feed
from auth_service.models import db
from auth_service.routes import account, businesses, keys, sessions, users
from servicekit import feeds

BLUEPRINTS = (sessions.bp, account.bp, users.bp, businesses.bp, keys.bp, feeds.blueprint(db, feed))
