"""Invitations into a business."""

from typing import Any

from auth_service import businesses, invitations, passwords, throttle
from auth_service.identities import login_key
from auth_service.models import db
from auth_service.routes.sessions import signed_in_answer
from auth_service.schemas import RegisterOut
from auth_service.schemas_businesses import (
    AcceptIn,
    BusinessOut,
    InvitationIn,
    InvitationMadeOut,
    InvitationOut,
    InvitationPath,
    InvitationPreviewOut,
    InvitationsOut,
    PreviewIn,
)
from servicekit import paging
from servicekit.api import Blueprint, no_content, validate_request
from servicekit.auth import actor, public, requires
from servicekit.limits import counters, per_address
from servicekit.permissions import Permission, Role

bp = Blueprint("invitations", __name__)


@bp.get("/api/invitations/", responses={200: InvitationsOut})
@requires(Permission.USER_MANAGE)
@validate_request()
def list_invitations(query: paging.PageQuery) -> Any:
    """The invitations of the caller's business, newest first."""
    page = invitations.page(actor(), query.cursor, query.page_size)
    return paging.respond_rows(page, InvitationsOut, InvitationOut.model_validate)


@bp.post("/api/invitations/", responses={201: InvitationMadeOut})
@requires(Permission.USER_MANAGE)
@validate_request()
def create_invitation(body: InvitationIn) -> Any:
    """Invite a person, in place of any earlier invitation to the address.

    The code goes by mail; where none is set up it is in this answer and nowhere else.
    """
    counters().count(throttle.INVITATIONS, str(actor().tenant), login_key(body.email))
    with db.transaction():
        business = businesses.get(actor(), actor().tenant, lock=True)
        invitation, code = invitations.send(actor(), business, body.email, body.role)
    return InvitationMadeOut.of(invitation, code), 201


@bp.delete("/api/invitations/<int:invitation_id>/", responses={204: None})
@requires(Permission.USER_MANAGE)
@validate_request()
def revoke_invitation(path: InvitationPath) -> Any:
    """Take an invitation back."""
    with db.transaction():
        invitations.revoke(actor(), path.invitation_id)
    return no_content()


@bp.post("/api/invitations/preview/", responses={200: InvitationPreviewOut})
@public
@per_address("register_limit")
@validate_request()
def preview_invitation(body: PreviewIn) -> Any:
    """Which business and role a code is good for, before it is accepted."""
    invitation = invitations.find(body.code)
    return InvitationPreviewOut(
        business_name=invitation.business.name,
        role=Role(invitation.role),
        email=invitation.email,
        expires_at=invitation.expires_at,
    )


@bp.post("/api/invitations/accept/", responses={201: RegisterOut})
@public
@per_address("register_limit")
@validate_request()
def accept_invitation(body: AcceptIn) -> Any:
    """Join a business with an invitation's code, signed in."""
    invitation = invitations.find(body.code)
    password_hash = passwords.make(
        body.password, body.username, invitation.email, body.first_name, body.last_name, invitation.business.name
    )
    with db.transaction():
        user = invitations.accept(body.code, password_hash, body.username, body.first_name, body.last_name)
        answer = signed_in_answer(user, body.session)
    return RegisterOut(**answer, business=BusinessOut.model_validate(user.business)), 201
