"""What enters and leaves of accounts and of signing in."""

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, Field, RootModel, model_serializer

from auth_service.fields import BusinessName, Email, Password, PersonName, SessionKind, Username
from auth_service.schemas_businesses import BusinessOut
from servicekit.api import Body, Out, RowId
from servicekit.permissions import Permission, Role, granted
from servicekit.texts import MAX_LENGTH


class RegisterIn(Body):
    business_name: BusinessName
    username: Username
    email: Email
    password: Password
    first_name: PersonName = ""
    last_name: PersonName = ""
    session: SessionKind = "token"


class LoginIn(Body):
    username: Annotated[str, Field(max_length=MAX_LENGTH, description="user name or e-mail address")]
    password: Password
    session: SessionKind = "token"


class RefreshIn(Body):
    refresh: Annotated[str | None, Field(max_length=1024, description="left out in a cookie session")] = None


class LogoutIn(Body):
    everywhere: Annotated[bool, Field(strict=True)] = False
    refresh: Annotated[str | None, Field(max_length=1024, description="accepted and not needed")] = None


class ResetIn(Body):
    email: Email


class CodeIn(Body):
    code: Annotated[str, Field(max_length=256)]


class ResetConfirmIn(CodeIn):
    password: Password


class PasswordIn(Body):
    old_password: Password
    new_password: Password


class EmailChangeIn(Body):
    email: Email
    password: Annotated[Password, Field(description="the account's present one")]


class RegisterConfirmIn(CodeIn):
    session: SessionKind = "token"


class UserEcho(Body):
    """Read-only members: may come back as they were read, and may not be others."""

    READ_ONLY: ClassVar[frozenset[str]] = frozenset(
        {"id", "business", "business_name", "permissions", "set_up_by", "email_confirmed"}
    )

    id: Any = None
    business: Any = None
    business_name: Any = None
    permissions: Any = None
    set_up_by: Any = None
    email_confirmed: Any = None

    def changes(self) -> dict[str, Any]:
        """What was sent to be written; null stands for nothing."""
        return self.model_dump(exclude_unset=True, exclude_none=True, exclude=set(self.READ_ONLY))

    def echoed(self) -> dict[str, Any]:
        """The read-only members that were sent."""
        return {name: getattr(self, name) for name in self.model_fields_set & self.READ_ONLY}


class ProfileIn(UserEcho):
    READ_ONLY = UserEcho.READ_ONLY | {"username", "role", "is_active"}

    username: Annotated[Any, Field(description="an admin's to change")] = None
    email: Annotated[Email | None, Field(description="the present one; another takes POST /api/me/email/")] = None
    first_name: PersonName | None = None
    last_name: PersonName | None = None
    role: Any = None
    is_active: Any = None


class OperatorIn(Body):
    username: Username
    email: Email


class UserIn(Body):
    business: Annotated[int | None, Field(description="the caller's, if any")] = None
    username: Username
    email: Email
    password: Password
    first_name: PersonName = ""
    last_name: PersonName = ""
    role: Role = Role.VIEWER


class UserChangeIn(UserEcho):
    username: Username | None = None
    email: Annotated[Email | None, Field(description="the present one: only its owner changes it")] = None
    first_name: PersonName | None = None
    last_name: PersonName | None = None
    role: Role | None = None
    is_active: Annotated[bool | None, Field(strict=True)] = None


class UserPath(BaseModel):
    user_id: RowId


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
    set_up_by: Annotated[
        int | None, Field(description="who chose the password, until the owner sets another with a mailed code")
    ]

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
            set_up_by=user.controllers[0] if user.controllers else None,
        )


class ProfileOut(UserOut):
    """The own account. To others `email_confirmed` would tell whether the address is an account's elsewhere."""

    email_confirmed: Annotated[
        bool, Field(description="whether a code mailed there came back: then the address signs in, too")
    ]

    @classmethod
    def of(cls, user: Any, permissions: Iterable[Permission] | None = None) -> "ProfileOut":
        return cls(**UserOut.of(user, permissions).model_dump(), email_confirmed=user.email_confirmed)


class UsersOut(RootModel[list[UserOut]]):
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
    user: ProfileOut


class RegisterOut(LoginOut):
    business: BusinessOut


class ConfirmationOut(Out):
    """The registration waits for the code in the mail."""

    confirmation: Literal["mailed"] = "mailed"
    email: str
