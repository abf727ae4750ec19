"""Who is one person: an account, and all through which its owner can act or who can act through it."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import BigInteger, Connection, bindparam, case, false, or_, select, true, union_all

from catalog_service.models import AccountController, User, db
from servicekit.auth import Actor
from servicekit.database import connection_of
from servicekit.permissions import Permission
from servicekit.prepared import Prepared

_MINE = select(bindparam("me", type_=BigInteger).label("id")).cte("mine", recursive=True)
_EITHER_END = or_(AccountController.user_id == _MINE.c.id, AccountController.controller_id == _MINE.c.id)
_OTHER_END = case(
    (AccountController.user_id == _MINE.c.id, AccountController.controller_id), else_=AccountController.user_id
)
_CONNECTED = _MINE.union(select(_OTHER_END).where(_EITHER_END))
_CONTROL = select(AccountController.user_id, AccountController.controller_id).where(
    AccountController.user_id.in_(select(_CONNECTED.c.id))
)
_CONTROLLED = Prepared(_CONTROL)
_KNOWN = select(User.id, User.version, true()).where(User.id.in_(bindparam("people", expanding=True)))
_JUDGED = union_all(_CONTROL.add_columns(false().label("is_version")), _KNOWN)


class Person(NamedTuple):
    """The accounts that count as the caller's where own work is judged, and all that control connects with those."""

    own: frozenset[int]
    connected: frozenset[int]


def behind(actor: Actor, connection: Connection | None = None) -> Person:
    """Whose work is the caller's own: that of accounts that act through the caller's, and of those it acts through.

    Whoever set up an account or holds its secret acts through it, and so on from there. Two accounts with one controller
    are connected only: they may be two people, and what one approves of the other's is marked. Only approvers are judged:
    for anybody else it is the caller's account alone.
    """
    alone = frozenset({actor.id})
    if not actor.can(Permission.PRODUCT_APPROVE):
        return Person(alone, alone)
    rows = _CONTROLLED.rows(connection or connection_of(db.session()), {"me": actor.id})
    return _person(actor, rows)


def _person(actor: Actor, rows: Sequence[tuple[int, int]]) -> Person:
    above = _reach(actor.id, rows)
    below = _reach(actor.id, [(controller, user) for user, controller in rows])
    return Person(above | below, frozenset({actor.id}).union(*rows))


def accounts(actor: Actor, connection: Connection | None = None) -> frozenset[int]:
    """The accounts whose work counts as the caller's own."""
    return behind(actor, connection).own


def _reach(start: int, steps: Sequence[tuple[int, int]]) -> frozenset[int]:
    reached, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        further = {to for origin, to in steps if origin == here} - reached
        reached |= further
        waiting += further
    return frozenset(reached)


def judged(actor: Actor, contributors: Iterable[int]) -> tuple[Person, bool]:
    """Who is behind an approver, and whether auth-service has told who controls the contributors' accounts and theirs.

    A new account may be used before its event is here, and then nothing is known of whose it is.
    """
    wanted = {actor.id, *contributors}
    parameters = {"me": actor.id, "people": sorted(wanted)}
    rows = connection_of(db.session()).execute(_JUDGED, parameters).tuples().all()
    versions = {user: version for user, version, is_version in rows if is_version}
    newest = versions.get(actor.id)
    is_known = versions.keys() >= wanted and (newest is None or newest >= actor.version)
    return _person(actor, [(user, controller) for user, controller, is_version in rows if not is_version]), is_known
