"""What enters and leaves of businesses and invitations."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field, RootModel

from auth_service.fields import BusinessName, Email, Password, PersonName, SessionKind, Username
from servicekit.api import Body, Moment, Out, RowId
from servicekit.paging import PageQuery
from servicekit.permissions import Role
from servicekit.texts import clean


class BusinessSettings(Body):
    """What a business says about itself; a member sent as null is taken away."""

    contact_email: Annotated[Email, AfterValidator(clean), Field(pattern=r"^[^@\s]+@[^@\s]+$")] | None = None
    website: Annotated[str, Field(max_length=200, pattern=r"^https?://[^\s]+$"), AfterValidator(clean)] | None = None
    default_currency: Annotated[str | None, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217")] = None


class BusinessChangeIn(Body):
    """`id`, `status` and `created_at` may come back as they were read."""

    id: Any = None
    status: Any = None
    created_at: Any = None
    name: BusinessName | None = None
    settings: BusinessSettings | None = None

    def echoed(self) -> dict[str, Any]:
        """The read-only members that were sent."""
        return {name: getattr(self, name) for name in self.model_fields_set & {"id", "status", "created_at"}}


class BusinessIn(Body):
    name: BusinessName
    admin_email: Annotated[Email | None, Field(description="whom to invite as the first admin")] = None


class InvitationIn(Body):
    email: Email
    role: Role = Role.VIEWER


class PreviewIn(Body):
    code: Annotated[str, Field(max_length=256)]


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
    state: Annotated[
        Literal["open", "accepted", "revoked", "expired", "undeliverable"],
        Field(description="undeliverable: the mail server refused the address for good"),
    ]
    invited_by: int
    accepted_by: int | None
    created_at: Moment
    expires_at: Moment


class InvitationMadeOut(InvitationOut):
    code: Annotated[str | None, Field(description="shown once; null where it goes by mail")]

    @classmethod
    def of(cls, row: Any, code: str | None) -> "InvitationMadeOut":
        return cls(**InvitationOut.model_validate(row).model_dump(), code=code)


class InvitationPreviewOut(Out):
    """What whoever holds the code is about to accept."""

    business_name: str
    role: Role
    email: str
    expires_at: Moment


class InvitationsOut(RootModel[list[InvitationOut]]):
    pass


class BusinessMadeOut(BusinessOut):
    invitation: InvitationMadeOut | None


class BusinessesOut(RootModel[list[BusinessOut]]):
    pass


class BusinessesQuery(PageQuery):
    q: Annotated[str | None, Field(max_length=200, description="what the name holds, in any case")] = None
