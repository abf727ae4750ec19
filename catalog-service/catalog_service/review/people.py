"""Who is one person: an account, and all through which its owner can act or who can act through it."""

from collections.abc import Iterable

from sqlalchemy import BigInteger, Connection, bindparam, case, or_, select

from catalog_service.models import AccountController, User, db
from servicekit.auth import Actor
from servicekit.database import connection_of
from servicekit.permissions import Permission
from servicekit.problems import Unavailable

_MINE = select(bindparam("me", type_=BigInteger).label("id")).cte("mine", recursive=True)
_EITHER_END = or_(AccountController.user_id == _MINE.c.id, AccountController.controller_id == _MINE.c.id)
_OTHER_END = case(
    (AccountController.user_id == _MINE.c.id, AccountController.controller_id), else_=AccountController.user_id
)
_CONNECTED = select(_MINE.union(select(_OTHER_END).where(_EITHER_END)).c.id)
_KNOWN = select(User.id, User.version).where(User.id.in_(bindparam("people", expanding=True)))


def accounts(actor: Actor, connection: Connection | None = None) -> frozenset[int]:
    """The accounts that count as the caller's where own work is judged, the caller's among them.

    Whoever set up an account or holds its secret acts through it, and so on from there, in both directions. Only
    approvers are judged: for anybody else it is the caller's account alone.
    """
    if not actor.can(Permission.PRODUCT_APPROVE):
        return frozenset({actor.id})
    reader = connection or connection_of(db.session())
    return frozenset(reader.scalars(_CONNECTED, {"me": actor.id}))


def ensure_known(actor: Actor, contributors: Iterable[int]) -> None:
    """Unavailable while auth-service has not told yet who controls one of these accounts or the caller's.

    A new account may be used before its event is here, and then nothing is known of whose it is.
    """
    wanted = {actor.id, *contributors}
    rows = connection_of(db.session()).execute(_KNOWN, {"people": sorted(wanted)})
    versions = {row.id: row.version for row in rows}
    newest = versions.get(actor.id)
    if wanted - versions.keys() or (newest is not None and newest < actor.version):
        raise Unavailable("an account that took part in this is new here, try again in a moment")
