"""HTTP: one module per noun."""

from auth_service.events import feed
from auth_service.models import db
from auth_service.routes import (
    account,
    audit,
    businesses,
    invitations,
    keys,
    oauth,
    resets,
    service_accounts,
    sessions,
    users,
)
from servicekit import feeds

BLUEPRINTS = (
    sessions.bp,
    account.bp,
    users.bp,
    businesses.bp,
    invitations.bp,
    resets.bp,
    service_accounts.bp,
    oauth.bp,
    keys.bp,
    audit.bp,
    feeds.blueprint(db, feed),
)
