"""Roles, scopes and what each may do: the only place that knows."""

from enum import StrEnum


class Permission(StrEnum):
    PRODUCT_VIEW = "product:view"
    PRODUCT_WRITE = "product:write"
    PRODUCT_APPROVE = "product:approve"
    PRODUCT_UNPUBLISH = "product:unpublish"
    POLICY_MANAGE = "policy:manage"
    USER_MANAGE = "user:manage"
    BUSINESS_VIEW = "business:view"
    BUSINESS_MANAGE = "business:manage"
    AUDIT_VIEW = "audit:view"
    USAGE_VIEW = "usage:view"
    PLATFORM_MANAGE = "platform:manage"


class Role(StrEnum):
    VIEWER = "viewer"
    EDITOR = "editor"
    APPROVER = "approver"
    ADMIN = "admin"
    OPERATOR = "operator"
    SERVICE = "service"


_VIEWER = frozenset({Permission.PRODUCT_VIEW, Permission.BUSINESS_VIEW})
_EDITOR = _VIEWER | {Permission.PRODUCT_WRITE}
_APPROVER = _EDITOR | {Permission.PRODUCT_APPROVE, Permission.PRODUCT_UNPUBLISH}
_ADMIN = _APPROVER | {
    Permission.POLICY_MANAGE,
    Permission.USER_MANAGE,
    Permission.BUSINESS_MANAGE,
    Permission.AUDIT_VIEW,
    Permission.USAGE_VIEW,
}

ROLES: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: _VIEWER,
    Role.EDITOR: _EDITOR,
    Role.APPROVER: _APPROVER,
    Role.ADMIN: _ADMIN,
    Role.OPERATOR: frozenset({Permission.PLATFORM_MANAGE, Permission.PRODUCT_UNPUBLISH, Permission.USAGE_VIEW}),
    # A partner's service account may what the scopes in its token say, and nothing by its role.
    Role.SERVICE: frozenset(),
}

# Roles that act inside one business and are handed out there: nobody gives what they do not have themselves.
BUSINESS_ROLES = tuple(role for role in Role if role not in {Role.OPERATOR, Role.SERVICE})

# Permissions that an account without a business (the platform's operator) may use.
PLATFORM = frozenset({Permission.PLATFORM_MANAGE, Permission.PRODUCT_UNPUBLISH, Permission.USAGE_VIEW})

# What a partner's service account may do, by OAuth scope (RFC 6749 section 3.3).
SCOPES: dict[str, frozenset[Permission]] = {
    "catalog:read": frozenset({Permission.PRODUCT_VIEW}),
    "catalog:write": frozenset({Permission.PRODUCT_VIEW, Permission.PRODUCT_WRITE}),
    "catalog:approve": frozenset({Permission.PRODUCT_VIEW, Permission.PRODUCT_APPROVE, Permission.PRODUCT_UNPUBLISH}),
}


def granted(role: str, scope: str | None = None) -> frozenset[Permission]:
    """What a token's role, or its scopes when it carries any, allow; unknown names allow nothing."""
    if scope is not None:
        return frozenset().union(*(SCOPES.get(name, frozenset()) for name in scope.split()))
    return ROLES[Role(role)] if role in ROLES else frozenset()
