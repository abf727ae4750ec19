"""Who is one person: an account, and all through which its owner can act or who can act through it."""

from collections.abc import Iterable

from sqlalchemy import BigInteger, Connection, bindparam, case, false, literal, or_, select, true, union_all

from catalog_service.models import AccountController, User, db
from servicekit.auth import Actor
from servicekit.database import connection_of
from servicekit.permissions import Permission

_MINE = select(bindparam("me", type_=BigInteger).label("id")).cte("mine", recursive=True)
_EITHER_END = or_(AccountController.user_id == _MINE.c.id, AccountController.controller_id == _MINE.c.id)
_OTHER_END = case(
    (AccountController.user_id == _MINE.c.id, AccountController.controller_id), else_=AccountController.user_id
)
_ALL_MINE = _MINE.union(select(_OTHER_END).where(_EITHER_END))
_CONNECTED = select(_ALL_MINE.c.id)
_KNOWN = select(User.id, User.version, false().label("is_mine")).where(User.id.in_(bindparam("people", expanding=True)))
_JUDGED = union_all(select(_ALL_MINE.c.id, literal(0).label("version"), true().label("is_mine")), _KNOWN)


def accounts(actor: Actor, connection: Connection | None = None) -> frozenset[int]:
    """The accounts that count as the caller's where own work is judged, the caller's among them.

    Whoever set up an account or holds its secret acts through it, and so on from there, in both directions. Only
    approvers are judged: for anybody else it is the caller's account alone.
    """
    if not actor.can(Permission.PRODUCT_APPROVE):
        return frozenset({actor.id})
    reader = connection or connection_of(db.session())
    return frozenset(reader.scalars(_CONNECTED, {"me": actor.id}))


def judged(actor: Actor, contributors: Iterable[int]) -> tuple[frozenset[int], bool]:
    """The accounts that count as an approver's, and whether auth-service has told who controls these and theirs.

    A new account may be used before its event is here, and then nothing is known of whose it is.
    """
    wanted = {actor.id, *contributors}
    parameters = {"me": actor.id, "people": sorted(wanted)}
    rows = connection_of(db.session()).execute(_JUDGED, parameters).all()
    versions = {row.id: row.version for row in rows if not row.is_mine}
    newest = versions.get(actor.id)
    is_known = versions.keys() >= wanted and (newest is None or newest >= actor.version)
    return frozenset(row.id for row in rows if row.is_mine), is_known
