"""The one table of what passes the gateway, and the nginx locations made of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Route:
    """A path and everything below it.

    access: `token` asks for one; `public` welcomes the anonymous and still refuses a bad token;
    `client` leaves the Authorization header to the service (OAuth 2.0 client authentication, RFC 6749 section 2.3.1).
    limit: the zone of limits.conf that counts the address; `signed_in` instead of it where a good token was sent.
    """

    path: str
    service: str
    access: str = "token"
    limit: str = "address"
    signed_in: str = ""
    user_limit: str = "writes"
    cookies: bool = False
    cached: bool = False
    stream: bool = False
    body: str = ""

    @property
    def name(self) -> str:
        return self.path.strip("/.").replace("/", "_").replace(".", "_").replace("-", "_")

    @property
    def body_limit(self) -> str:
        """The setting that bounds the body: of auth-service and chat-service a few short fields arrive."""
        return self.body or ("SMALL_BODY_LIMIT" if self.service in ("auth", "chat") else "")

    @property
    def matches(self) -> list[str]:
        """The path itself and what lies below it, but not its namesakes (`/api/users` is not `/api/usersX`)."""
        if self.path.startswith("~"):
            return [self.path]
        return [f"= {self.path}", f"{self.path}/"]


ROUTES = (
    Route("/api/register", "auth", "public", limit="register"),
    Route("/api/login", "auth", "public", limit="login", cookies=True),
    Route("/api/token", "auth", cookies=True),
    Route("/api/token/refresh", "auth", "public", limit="session", cookies=True),
    Route("/api/logout", "auth", cookies=True),
    Route("/api/me", "auth"),
    Route("/api/me/email/confirm", "auth", "public", limit="login"),
    Route("/api/users", "auth"),
    Route("/api/invitations", "auth"),
    Route("/api/invitations/accept", "auth", "public", limit="login"),
    Route("/api/invitations/preview", "auth", "public", limit="session"),
    Route("/api/businesses", "auth"),
    Route("/api/businesses/public", "catalog", "public", limit="public", cached=True),
    Route("/api/service-accounts", "auth"),
    Route("/api/audit", "auth"),
    Route("/api/sessions", "auth"),
    Route("/api/password-reset", "auth", "public", limit="login"),
    Route("/oauth", "auth"),
    Route("/oauth/token", "auth", "client", limit="session"),
    Route("/.well-known/jwks.json", "auth", "public", limit="public"),
    Route("/.well-known/oauth-authorization-server", "auth", "public", limit="public"),
    Route("/api/products", "catalog"),
    Route("/api/products/public", "catalog", "public", limit="public", cached=True),
    Route("/api/products/import", "catalog", body="IMPORT_BODY_LIMIT"),
    Route("~ ^/api/products/[0-9]+/picture/?$", "catalog", body="PICTURE_BODY_LIMIT"),
    Route("/api/pages", "catalog"),
    Route("/api/approvals", "catalog"),
    Route("/api/imports", "catalog"),
    Route("/api/webhooks", "catalog"),
    Route(
        "/api/chatbot",
        "chat",
        "public",
        limit="chat",
        signed_in="address",
        user_limit="chat",
        cookies=True,
        stream=True,
    ),
    Route("/api/chat-history", "chat", "public", cookies=True),
    Route("/api/clear-chat-history", "chat", "public", cookies=True),
    Route("/api/conversations", "chat", "public", cookies=True),
    Route("/api/chat", "chat", cookies=True),
)


def locations(routes: Iterable[Route], values: Mapping[str, str]) -> str:
    """The `location` blocks of all routes as nginx text; `values` are the rendered settings."""
    return "\n".join(text for route in routes for text in _blocks(route, values))


def _blocks(route: Route, values: Mapping[str, str]) -> list[str]:
    if route.access != "public":
        return [_block(match, _body(route, values, route.limit)) for match in route.matches]
    # auth_request costs a subrequest even where nobody sent a token: those who did take a second, named location.
    checked = f"@{route.name}"
    fork = [
        "if ($token_sent) {",
        "    return 418;",
        "}",
        f"error_page 418 = {checked};",
        "include snippets/errors.conf;",
    ]
    plain = [_block(match, _body(route, values, route.limit, fork)) for match in route.matches]
    return [*plain, _block(checked, _body(route, values, route.signed_in or route.limit))]


def _block(match: str, lines: Iterable[str]) -> str:
    return "\n".join([f"location {match} {{", *(f"    {line}" for line in lines), "}", ""])


def _body(route: Route, values: Mapping[str, str], limit: str, fork: Iterable[str] = ()) -> list[str]:
    cookie = "$http_cookie" if route.cookies else '""'
    authorization = '""' if route.cached else "$http_authorization"
    lines = [
        "include snippets/entry.conf;",
        f"set $service {route.service};",
        f"set $limit {limit};",
        f"set $user_limit {route.user_limit};",
        f"set $cookie {cookie};",
        f"set $authorization {authorization};",
    ]
    if fork:
        lines += fork
    elif route.access != "client":
        lines += ["include snippets/token.conf;"]
    lines += [f"limit_req zone={limit}{values[limit.upper() + '_BURST']};"]
    if route.body_limit:
        lines += [f"client_max_body_size {values[route.body_limit]};"]
    lines += ["include snippets/proxy.conf;"]
    if route.stream:
        lines += ["include snippets/stream.conf;"]
    lines += [f"proxy_read_timeout {values['STREAM_READ_TIMEOUT' if route.stream else 'UPSTREAM_READ_TIMEOUT']};"]
    if route.service == "auth":
        lines += ["gzip off;  # answers hold secrets (BREACH)"]
    if route.cached:
        return [*lines, "set $kind public;", "include snippets/cache.conf;", "proxy_pass http://public_list;"]
    return [*lines, "proxy_pass http://$target;"]
