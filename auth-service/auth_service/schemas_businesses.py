"""What enters and leaves of businesses and invitations."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, RootModel

from auth_service.fields import BusinessName, Email, Password, PersonName, SessionKind, Username
from servicekit.api import Body, Moment, Out, RowId
from servicekit.paging import PageQuery
from servicekit.permissions import Role


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


class BusinessPath(BaseModel):
    business_id: RowId


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


class BusinessesQuery(PageQuery):
    q: Annotated[str | None, Field(max_length=200, description="what the name holds, in any case")] = None
