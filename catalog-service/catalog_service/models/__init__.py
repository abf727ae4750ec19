"""The tables of catalog-service."""

from catalog_service.models.accounts import AccountController, Business, FeedCursor, Revocation, TrustedKey, User
from catalog_service.models.base import Base, ByCodePoint, db
from catalog_service.models.content import CONTENT, Policy, Product, Revision
from catalog_service.models.feed import Change, FeedHead
from catalog_service.models.listings import Listing, ListingBusiness, ListingMark
from catalog_service.models.pages import PAGE_CONTENT, Page, PageRevision, PublicPage
from catalog_service.models.requests import IdempotencyKey
from catalog_service.models.review import Decision, DecisionAnchor, DecisionHead
from catalog_service.models.vetted import STATES

__all__ = [
    "CONTENT",
    "PAGE_CONTENT",
    "STATES",
    "AccountController",
    "Base",
    "Business",
    "ByCodePoint",
    "Change",
    "Decision",
    "DecisionAnchor",
    "DecisionHead",
    "FeedCursor",
    "FeedHead",
    "IdempotencyKey",
    "Listing",
    "ListingBusiness",
    "ListingMark",
    "Page",
    "PageRevision",
    "Policy",
    "Product",
    "PublicPage",
    "Revision",
    "Revocation",
    "TrustedKey",
    "User",
    "db",
]
