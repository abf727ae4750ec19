"""What enters and leaves auth-service."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field, RootModel, model_serializer

from servicekit.api import Body, Moment, Out, RowId
from servicekit.paging import PageQuery
from servicekit.permissions import Permission, Role, granted
from servicekit.problems import Problem


def _trimmed(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be blank")
    if any(ord(char) < 32 or ord(char) == 127 for char in text):
        raise ValueError("must not contain control characters")
    return text.strip()


def _plain(text: str) -> str:
    return _trimmed(text) if text.strip() else ""


Username = Annotated[str, Field(min_length=1, max_length=150), AfterValidator(_trimmed)]
BusinessName = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_trimmed)]
Email = Annotated[str, Field(min_length=3, max_length=254)]
PersonName = Annotated[str, Field(max_length=150), AfterValidator(_plain)]
# The rules are in passwords.py; this bound only keeps a megabyte from being hashed.
Password = Annotated[str, Field(max_length=1024, json_schema_extra={"format": "password"})]


# Where the refresh token goes: into the answer, or into a cookie that no script can read.
SessionKind = Annotated[Literal["token", "cookie"], Field(description="where the refresh token goes")]


class RegisterIn(Body):
    business_name: BusinessName
    username: Username
    email: Email
    password: Password
    first_name: PersonName = ""
    last_name: PersonName = ""
    session: SessionKind = "token"


class LoginIn(Body):
    username: Annotated[str, Field(max_length=254, description="user name or e-mail address")]
    password: Password
    session: SessionKind = "token"


class RefreshIn(Body):
    refresh: Annotated[str | None, Field(max_length=1024, description="left out in a cookie session")] = None


class LogoutIn(Body):
    everywhere: Annotated[bool, Field(strict=True)] = False
    refresh: Annotated[str | None, Field(max_length=1024, description="accepted and not needed")] = None


class ResetIn(Body):
    email: Email


class ResetConfirmIn(Body):
    code: Annotated[str, Field(max_length=256)]
    password: Password


class PasswordIn(Body):
    old_password: Password
    new_password: Password


class ProfileIn(Body):
    email: Email | None = None
    first_name: PersonName | None = None
    last_name: PersonName | None = None


class UserIn(Body):
    username: Username
    email: Email
    password: Password
    first_name: PersonName = ""
    last_name: PersonName = ""
    role: Role = Role.VIEWER


class UserChangeIn(Body):
    username: Username | None = None
    email: Email | None = None
    first_name: PersonName | None = None
    last_name: PersonName | None = None
    role: Role | None = None
    is_active: Annotated[bool | None, Field(strict=True)] = None


class BusinessSettings(Body):
    """What a business says about itself; a member sent as null is taken away."""

    contact_email: Email | None = None
    website: Annotated[str | None, Field(max_length=200, pattern=r"^https?://[^\s]+$")] = None
    default_currency: Annotated[str | None, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217")] = None


class BusinessChangeIn(Body):
    name: BusinessName | None = None
    settings: BusinessSettings | None = None


class BusinessIn(Body):
    name: BusinessName
    admin_email: Annotated[Email | None, Field(description="whom to invite as the first admin")] = None


class InvitationIn(Body):
    email: Email
    role: Role = Role.VIEWER


class AcceptIn(Body):
    code: Annotated[str, Field(max_length=256)]
    username: Username
    password: Password
    first_name: PersonName = ""
    last_name: PersonName = ""
    session: SessionKind = "token"


class InvitationPath(BaseModel):
    invitation_id: RowId


class UserPath(BaseModel):
    user_id: RowId


class BusinessPath(BaseModel):
    business_id: RowId


Scope = Literal["catalog:read", "catalog:write", "catalog:approve"]


class ServiceAccountIn(Body):
    name: Annotated[str, Field(min_length=1, max_length=150), AfterValidator(_trimmed)]
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
    created_at: Moment
    expires_at: Moment | None
    last_used_at: Moment | None
    secrets: list[SecretOut]

    @classmethod
    def of(cls, row: Any, **more: Any) -> "ServiceAccountOut":
        same = {name: getattr(row, name) for name in ServiceAccountOut.model_fields if name not in {"scopes", "user"}}
        secrets = [SecretOut.model_validate(secret) for secret in same.pop("secrets")]
        return cls(**same, scopes=row.scopes.split(), user=row.user_id, secrets=secrets, **more)


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


class UserOut(Out):
    id: int
    username: str
    email: str
    first_name: str
    last_name: str
    role: Role
    is_active: bool
    business: int | None
    business_name: str | None
    permissions: list[Permission]

    @classmethod
    def of(cls, user: Any, permissions: Iterable[Permission] | None = None) -> "UserOut":
        return cls(
            id=user.id,
            username=user.username,
            email=user.email,
            first_name=user.first_name,
            last_name=user.last_name,
            role=user.role,
            is_active=user.is_active,
            business=user.business_id,
            business_name=user.business_name,
            permissions=sorted(granted(user.role) if permissions is None else permissions),
        )


class UsersOut(RootModel[list[UserOut]]):
    pass


class BusinessOut(Out):
    id: int
    name: str
    status: str
    created_at: Moment
    settings: dict[str, Any]


class InvitationOut(Out):
    id: int
    email: str
    role: Role
    state: Literal["open", "accepted", "revoked", "expired"]
    invited_by: int
    accepted_by: int | None
    created_at: Moment
    expires_at: Moment


class InvitationMadeOut(InvitationOut):
    code: Annotated[str, Field(description="shown once")]

    @classmethod
    def of(cls, row: Any, code: str) -> "InvitationMadeOut":
        return cls(**InvitationOut.model_validate(row).model_dump(), code=code)


class InvitationsOut(RootModel[list[InvitationOut]]):
    pass


class BusinessMadeOut(BusinessOut):
    invitation: InvitationMadeOut | None


class BusinessesOut(RootModel[list[BusinessOut]]):
    pass


class TokensOut(Out):
    access: str
    refresh: Annotated[str | None, Field(description="not there in a cookie session")] = None
    csrf: Annotated[str | None, Field(description="in a cookie session, for the header X-CSRF-Token")] = None

    @model_serializer(mode="wrap")
    def leave_out(self, rest: Any) -> Any:
        """Of `refresh` and `csrf` the one that the kind of session has."""
        return {name: value for name, value in rest(self).items() if value is not None or name not in _ONE_OF}


_ONE_OF = ("refresh", "csrf")


class LoginOut(TokensOut):
    user: UserOut


class RegisterOut(LoginOut):
    business: BusinessOut


class SessionPath(BaseModel):
    session_id: Annotated[str, Field(max_length=32)]


class SessionOut(Out):
    id: str
    device: Annotated[str, Field(description="the browser or program, as it named itself at sign-in")]
    address: Annotated[str, Field(description="where the sign-in came from")]
    created_at: Moment
    last_used_at: Moment
    expires_at: Moment
    current: Annotated[bool, Field(description="whether this request came from it")]

    @classmethod
    def of(cls, row: Any, current: str) -> "SessionOut":
        return cls(
            id=row.id,
            device=row.device,
            address=row.address,
            created_at=row.created_at,
            last_used_at=row.rotated_at,
            expires_at=row.expires_at,
            current=row.id == current,
        )


class SessionsOut(RootModel[list[SessionOut]]):
    pass


class JwksOut(Out):
    keys: list[dict[str, Any]]


class BusinessesQuery(PageQuery):
    q: Annotated[str | None, Field(max_length=200, description="what the name holds, in any case")] = None


class AuditQuery(PageQuery):
    act: Annotated[str | None, Field(max_length=64, description="only this kind of act")] = None


class AuditOut(Out):
    id: int
    occurred_at: Moment
    act: str
    actor: int | None
    actor_name: str | None
    target: str
    detail: dict[str, Any]
    address: str
    request_id: str

    @classmethod
    def of(cls, row: Any) -> "AuditOut":
        same = {name: getattr(row, name) for name in cls.model_fields if name not in {"actor", "actor_name"}}
        return cls(**same, actor=row.actor_id, actor_name=row.username)


class AuditPageOut(RootModel[list[AuditOut]]):
    pass
