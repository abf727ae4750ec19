"""What enters and leaves of service accounts and OAuth."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, RootModel

from auth_service.fields import ServiceName
from servicekit.api import Body, Moment, Out, RowId
from servicekit.problems import Problem

Scope = Literal["catalog:read", "catalog:write", "catalog:approve"]


class ServiceAccountIn(Body):
    name: ServiceName
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=3)]
    expires_at: Annotated[Moment | None, Field(description="never when left out")] = None


class RotateIn(Body):
    overlap_hours: Annotated[int, Field(ge=0, le=720, description="how long the earlier secret still works")] = 24


class ServiceAccountPath(BaseModel):
    account_id: RowId


class SecretOut(Out):
    id: int
    created_at: Moment
    expires_at: Moment | None
    last_used_at: Moment | None


class ServiceAccountOut(Out):
    id: int
    name: str
    client_id: str
    scopes: list[Scope]
    user: Annotated[int, Field(description="the author of what it makes")]
    created_by: int
    controllers: Annotated[
        list[int], Field(description="who made it or ever replaced its secret: one with it in reviews")
    ]
    created_at: Moment
    expires_at: Moment | None
    last_used_at: Moment | None
    secrets: list[SecretOut]

    @classmethod
    def of(cls, row: Any, **more: Any) -> "ServiceAccountOut":
        same = {
            name: getattr(row, name)
            for name in ServiceAccountOut.model_fields
            if name not in {"scopes", "user", "controllers"}
        }
        secrets = [SecretOut.model_validate(secret) for secret in same.pop("secrets")]
        return cls(
            **same,
            scopes=row.scopes.split(),
            user=row.user_id,
            controllers=row.user.controllers,
            secrets=secrets,
            **more,
        )


class ServiceAccountMadeOut(ServiceAccountOut):
    client_secret: Annotated[str, Field(description="shown once")]


class ServiceAccountsOut(RootModel[list[ServiceAccountOut]]):
    pass


class OAuthTokenOut(Out):
    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    scope: str


class OAuthErrorOut(Problem):
    """RFC 6749 section 5.2, with the members of every other failure beside its own."""

    error: str
    error_description: str


class OAuthMetadataOut(Out):
    """RFC 8414 section 2."""

    issuer: str
    token_endpoint: str
    jwks_uri: str
    scopes_supported: list[str]
    response_types_supported: list[str]
    grant_types_supported: list[str]
    token_endpoint_auth_methods_supported: list[str]
    service_documentation: str
