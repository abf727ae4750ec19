"""OAuth 2.0 client credentials (RFC 6749 section 4.4) by Authlib, and the server's metadata (RFC 8414)."""

import http
import logging
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin, grants
from authlib.oauth2.rfc6749.errors import InvalidClientError, InvalidRequestError, InvalidScopeError
from flask import Response, current_app, jsonify, request

from auth_service import service_accounts, throttle
from auth_service.models import ServiceAccount, ServiceSecret, db
from auth_service.schemas_partners import OAuthErrorOut, OAuthMetadataOut, OAuthTokenOut
from servicekit import problems
from servicekit.api import Blueprint, validate_request
from servicekit.auth import guard, public
from servicekit.limits import counters, per_address
from servicekit.logs import request_id
from servicekit.permissions import SCOPES

bp = Blueprint("oauth", __name__)

# At debug level it would write tokens into the log.
logging.getLogger("authlib").setLevel(logging.INFO)

METHODS = ["client_secret_basic", "client_secret_post"]


class Client(ClientMixin):
    """A service account as Authlib asks for it."""

    def __init__(self, account: ServiceAccount) -> None:
        self.account = account
        self.secret: ServiceSecret | None = None

    def get_client_id(self) -> str:
        return self.account.client_id

    def get_allowed_scope(self, scope: str | None) -> str:
        return scope or self.account.scopes

    def check_client_secret(self, client_secret: str) -> bool:
        self.secret = service_accounts.prove(self.account, client_secret)
        return self.secret is not None

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method in METHODS and endpoint == "token"

    def check_grant_type(self, grant_type: str) -> bool:
        return bool(grant_type == ClientCredentials.GRANT_TYPE)


class ClientCredentials(grants.ClientCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def validate_requested_scope(self) -> None:
        """Authlib would drop a scope that the client may not have; who asks for one is told."""
        asked = set((self.request.payload.scope or "").split())
        if asked - set(self.request.client.account.scopes.split()):
            raise InvalidScopeError()


class Server(AuthorizationServer):
    def authenticate_client(self, request: Any, methods: Any, endpoint: str = "token") -> Any:
        """Credentials that are missing behind their scheme or no UTF-8, at which Authlib stumbles, are nobody's."""
        try:
            return super().authenticate_client(request, methods, endpoint)
        except ValueError:
            raise InvalidClientError(status_code=401) from None

    def handle_response(self, status_code: int, payload: Any, headers: Any) -> Response:
        """Errors in the words of RFC 6749 section 5.2, with the members that every failure here has beside them."""
        if "error" in payload:
            known = payload["error"] != "invalid_client"
            detail = payload.get("error_description", "") if known else "unknown client or wrong secret"
            problem = problems.Problem(
                title=http.HTTPStatus(status_code).phrase,
                status=status_code,
                code=payload["error"],
                detail=detail,
                error=detail,
                request_id=request_id(),
            )
            payload = {**problem.model_dump(), "error": payload["error"], "error_description": detail}
        return Response(current_app.json.dumps(payload), status_code, headers)


def _client(client_id: str) -> Client | None:
    counters().count(throttle.CLIENT_TOKENS, client_id, quietly=True)
    account = service_accounts.find(client_id)
    return Client(account) if account else None


def _token(client: Client, scope: str | None, **_: Any) -> dict[str, Any]:
    scope = client.get_allowed_scope(scope)
    assert client.secret
    access_token, seconds = service_accounts.token(client.account, client.secret, scope)
    return {"token_type": "Bearer", "access_token": access_token, "expires_in": seconds, "scope": scope}


server = Server(query_client=_client, save_token=lambda *_: None)
server.register_token_generator("default", _token)
server.register_grant(ClientCredentials)


# The Authorization header carries the client's own credentials here (RFC 6749 section 2.3.1), not a token.
client_authenticated = guard("public", lambda: None)


FORM = {
    "required": True,
    "content": {
        "application/x-www-form-urlencoded": {
            "schema": {
                "type": "object",
                "required": ["grant_type"],
                "properties": {
                    "grant_type": {"type": "string", "enum": [ClientCredentials.GRANT_TYPE]},
                    "scope": {"type": "string", "description": "by spaces; all that the account has when left out"},
                    "client_id": {"type": "string", "description": "here, or by HTTP Basic"},
                    "client_secret": {"type": "string", "format": "password"},
                },
            }
        }
    },
}


@bp.post("/oauth/token", request_body=FORM, responses={200: OAuthTokenOut, 400: OAuthErrorOut, 401: OAuthErrorOut})
@client_authenticated
@per_address("login_limit")
@validate_request()
def issue_token() -> Any:
    """Trade a service account's id and secret for an access token (`grant_type=client_credentials`)."""
    if not request.form.get("grant_type"):
        # Authlib would answer unsupported_grant_type, which RFC 6749 section 5.2 keeps for one that is named.
        return server.handle_error_response(None, InvalidRequestError("grant_type is missing"))
    with db.transaction():
        return server.create_token_response()


@bp.get("/.well-known/oauth-authorization-server", responses={200: OAuthMetadataOut})
@public
@validate_request()
def read_oauth_metadata() -> Any:
    """Where and how partners get tokens (RFC 8414)."""
    base = current_app.config["SETTINGS"].public_url
    response = jsonify(
        OAuthMetadataOut(
            issuer=base,
            token_endpoint=f"{base}/oauth/token",
            jwks_uri=f"{base}/.well-known/jwks.json",
            scopes_supported=sorted(SCOPES),
            response_types_supported=[],
            grant_types_supported=[ClientCredentials.GRANT_TYPE],
            token_endpoint_auth_methods_supported=METHODS,
            service_documentation=f"{base}/api/docs/",
        ).model_dump()
    )
    response.headers["Cache-Control"] = "public, max-age=60"
    return response
