"""Who may call what, one line a route: the table that test_isolation.py turns into calls.

A line says which permission the route needs, whose row its path names, and a body that is good enough. A route of any
service's OpenAPI document without a line fails the build, and so does a line without a route.
"""

from dataclasses import dataclass, field
from typing import Any

from servicekit.permissions import Permission, Role

PUBLIC = "public"  # anybody; who signs in must still do it well
CLIENT = "client"  # OAuth clients by their own credentials: nobody's token counts here
PERSON = "person"  # anybody signed in but service accounts
SIGNED_IN = "signed in"


@dataclass(frozen=True)
class Line:
    """needs: PUBLIC, CLIENT, PERSON, SIGNED_IN or permissions of which one is enough.

    row: what the path's id names. `own` rows are the caller's business's (for `session` and `conversation` the
    caller's own), `other` ones exist elsewhere. everywhere: callers for whom there is no `other`.
    """

    needs: Any
    row: str = ""
    body: dict[str, Any] | None = None
    query: str = ""
    everywhere: frozenset[str] = frozenset()
    path: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def permissions(self) -> frozenset[Permission]:
        return self.needs if isinstance(self.needs, frozenset) else frozenset()


def any_of(*permissions: Permission) -> frozenset[Permission]:
    return frozenset(permissions)


ANYBODY = frozenset({"anonymous", *Role})
OPERATOR = frozenset({"operator"})

USERS = any_of(Permission.USER_MANAGE)
PLATFORM = any_of(Permission.PLATFORM_MANAGE)
VIEW = any_of(Permission.PRODUCT_VIEW)
WRITE = any_of(Permission.PRODUCT_WRITE)
APPROVE = any_of(Permission.PRODUCT_APPROVE)
POLICY = any_of(Permission.POLICY_MANAGE)

PERSON_IN = {"username": "{unique}", "email": "{unique}@example.org", "password": "{password}", "role": "viewer"}
PRODUCT_IN = {"name": "Heron chair", "description": "A chair.", "price": "19.90", "currency": "EUR"}
# One of each kind and language is a business's, so a test that makes one of its own names its own language.
PAGE_IN = {"kind": "about", "language": "{language}", "text": "We are small."}

MATRIX: dict[str, Line] = {
    # auth-service
    "POST /api/register/": Line(PUBLIC, body={"business_name": "{unique}"}),
    "POST /api/register/confirm/": Line(PUBLIC, body={"code": "none"}),
    "POST /api/login/": Line(PUBLIC, body={"username": "{unique}"}),
    "POST /api/token/refresh/": Line(PUBLIC, body={}),
    "POST /api/password-reset/": Line(PUBLIC, body={"email": "{unique}@example.org"}),
    "POST /api/password-reset/confirm/": Line(PUBLIC, body={"code": "none"}),
    "POST /api/invitations/accept/": Line(PUBLIC, body={"code": "none"}),
    "POST /api/invitations/preview/": Line(PUBLIC, body={"code": "none"}),
    "POST /api/me/email/confirm/": Line(PUBLIC, body={"code": "none"}),
    "POST /oauth/token": Line(CLIENT),
    "GET /.well-known/jwks.json": Line(PUBLIC),
    "GET /.well-known/oauth-authorization-server": Line(PUBLIC),
    "POST /api/logout/": Line(PERSON, body={"everywhere": "no boolean"}),
    "GET /api/me/": Line(SIGNED_IN),
    "PATCH /api/me/": Line(PERSON, body={"first_name": "Anna"}),
    "PUT /api/me/": Line(PERSON, body={"first_name": "Anna"}),
    "POST /api/me/email/": Line(PERSON, body={"email": "{unique}@example.org", "password": "no"}),
    "POST /api/me/password/": Line(PERSON, body={"old_password": "no", "new_password": "no"}),
    "GET /api/sessions/": Line(PERSON),
    "DELETE /api/sessions/{session_id}/": Line(PERSON, "session"),
    "GET /api/users/": Line(USERS),
    "POST /api/users/": Line(USERS, body=PERSON_IN),
    "GET /api/users/{user_id}/": Line(USERS, "user"),
    "PATCH /api/users/{user_id}/": Line(USERS, "user", {"role": "editor"}),
    "PUT /api/users/{user_id}/": Line(USERS, "user", {"role": "editor"}),
    "DELETE /api/users/{user_id}/": Line(USERS, "user"),
    "GET /api/invitations/": Line(USERS),
    "POST /api/invitations/": Line(USERS, body={"email": "{unique}@example.org"}),
    "DELETE /api/invitations/{invitation_id}/": Line(USERS, "invitation"),
    "GET /api/service-accounts/": Line(USERS),
    "POST /api/service-accounts/": Line(USERS, body={"name": "Sync", "scopes": ["catalog:read"]}),
    "GET /api/service-accounts/{account_id}/": Line(USERS, "service_account"),
    "POST /api/service-accounts/{account_id}/rotate/": Line(USERS, "service_account", {}),
    "DELETE /api/service-accounts/{account_id}/": Line(USERS, "service_account"),
    "GET /api/audit/": Line(any_of(Permission.AUDIT_VIEW, Permission.PLATFORM_MANAGE)),
    "GET /api/businesses/": Line(SIGNED_IN),
    "POST /api/businesses/": Line(PLATFORM, body={"name": "{unique}"}),
    "GET /api/businesses/{business_id}/": Line(SIGNED_IN, "business", everywhere=OPERATOR),
    "PATCH /api/businesses/{business_id}/": Line(
        any_of(Permission.BUSINESS_MANAGE, Permission.PLATFORM_MANAGE),
        "business",
        {"settings": {"default_currency": "EUR"}},
        everywhere=OPERATOR,
    ),
    "PUT /api/businesses/{business_id}/": Line(
        any_of(Permission.BUSINESS_MANAGE, Permission.PLATFORM_MANAGE),
        "business",
        {"settings": {"default_currency": "EUR"}},
        everywhere=OPERATOR,
    ),
    "POST /api/businesses/{business_id}/suspend/": Line(PLATFORM, "new_business", everywhere=OPERATOR),
    "POST /api/businesses/{business_id}/restore/": Line(PLATFORM, "new_business", everywhere=OPERATOR),
    "DELETE /api/businesses/{business_id}/": Line(PLATFORM, "new_business", everywhere=OPERATOR),
    # catalog-service
    "GET /api/products/public/": Line(PUBLIC),
    "GET /api/products/public/facets/": Line(PUBLIC),
    "GET /api/products/public/suggestions/": Line(PUBLIC),
    "GET /api/products/public/{product_id}/": Line(PUBLIC, "published", everywhere=ANYBODY),
    "GET /api/products/": Line(VIEW),
    "POST /api/products/": Line(WRITE, body=PRODUCT_IN),
    "GET /api/products/{product_id}/": Line(VIEW, "draft"),
    "PATCH /api/products/{product_id}/": Line(WRITE, "draft", {"name": "Heron stool"}),
    "PUT /api/products/{product_id}/": Line(WRITE, "draft", PRODUCT_IN),
    "DELETE /api/products/{product_id}/": Line(WRITE, "draft"),
    "GET /api/products/{product_id}/diff/": Line(VIEW, "draft"),
    "GET /api/products/{product_id}/history/": Line(VIEW, "draft"),
    "GET /api/products/{product_id}/revisions/": Line(VIEW, "draft"),
    "POST /api/products/{product_id}/comments/": Line(WRITE, "draft", {"comment": "Nice."}),
    "POST /api/products/{product_id}/submit/": Line(WRITE, "draft", {}),
    "POST /api/products/{product_id}/withdraw/": Line(WRITE, "pending", {}),
    "POST /api/products/{product_id}/revert/": Line(WRITE, "draft", {}),
    "POST /api/products/{product_id}/approve/": Line(APPROVE, "pending", {}),
    "POST /api/products/{product_id}/reject/": Line(APPROVE, "pending", {"comment": "Too tall."}),
    "POST /api/products/{product_id}/unpublish/": Line(
        any_of(Permission.PRODUCT_UNPUBLISH), "published", {"comment": "Recalled."}, everywhere=OPERATOR
    ),
    "PUT /api/products/by-sku/{sku}/": Line(WRITE, body=PRODUCT_IN, path={"sku": "{unique}"}),
    "GET /api/products/changes/": Line(VIEW),
    "GET /api/products/policy/": Line(POLICY),
    "PUT /api/products/policy/": Line(POLICY, body={}),
    "GET /api/businesses/public/{business_id}/": Line(PUBLIC, "public_business", everywhere=ANYBODY),
    "GET /api/pages/": Line(VIEW),
    "POST /api/pages/": Line(WRITE, body=PAGE_IN),
    "GET /api/pages/{page_id}/": Line(VIEW, "page"),
    "PATCH /api/pages/{page_id}/": Line(WRITE, "page", {"text": "We ship at once."}),
    "DELETE /api/pages/{page_id}/": Line(WRITE, "page"),
    "GET /api/pages/{page_id}/diff/": Line(VIEW, "page"),
    "GET /api/pages/{page_id}/history/": Line(VIEW, "page"),
    "GET /api/pages/{page_id}/revisions/": Line(VIEW, "page"),
    "POST /api/pages/{page_id}/comments/": Line(WRITE, "page", {"comment": "Nice."}),
    "POST /api/pages/{page_id}/submit/": Line(WRITE, "page", {}),
    "POST /api/pages/{page_id}/withdraw/": Line(WRITE, "pending_page", {}),
    "POST /api/pages/{page_id}/revert/": Line(WRITE, "page", {}),
    "POST /api/pages/{page_id}/approve/": Line(APPROVE, "pending_page", {}),
    "POST /api/pages/{page_id}/reject/": Line(APPROVE, "pending_page", {"comment": "Too short."}),
    "POST /api/pages/{page_id}/unpublish/": Line(
        any_of(Permission.PRODUCT_UNPUBLISH), "published_page", {"comment": "Wrong."}, everywhere=OPERATOR
    ),
    "GET /api/approvals/": Line(APPROVE),
    "GET /api/approvals/statistics/": Line(VIEW),
    "POST /api/approvals/bulk/": Line(APPROVE, body={"items": [{"id": 1, "action": "approve"}]}),
    # chat-service
    "POST /api/chatbot/": Line(PUBLIC, body={"message": "Which lamps are there?"}),
    "GET /api/chat-history/": Line(PUBLIC),
    "GET /api/chat-history/export/": Line(PUBLIC),
    "DELETE /api/clear-chat-history/": Line(PUBLIC),
    "GET /api/conversations/": Line(PUBLIC),
    "GET /api/conversations/{conversation_id}/": Line(PUBLIC, "conversation"),
    "DELETE /api/conversations/{conversation_id}/": Line(PUBLIC, "conversation"),
    "GET /api/conversations/{conversation_id}/messages/{message_id}/sources/": Line(PUBLIC, "message"),
    "GET /api/chat/usage/": Line(any_of(Permission.USAGE_VIEW)),
}
