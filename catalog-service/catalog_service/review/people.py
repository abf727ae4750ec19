"""Who is one person: an account, and all through which its owner can act or who can act through it."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import BigInteger, Connection, bindparam, case, or_, select

from catalog_service.models import AccountController, User, db
from servicekit.auth import Actor
from servicekit.database import connection_of
from servicekit.permissions import Permission
from servicekit.problems import NotHeardYet

_MINE = select(bindparam("me", type_=BigInteger).label("id")).cte("mine", recursive=True)
_EITHER_END = or_(AccountController.user_id == _MINE.c.id, AccountController.controller_id == _MINE.c.id)
_OTHER_END = case(
    (AccountController.user_id == _MINE.c.id, AccountController.controller_id), else_=AccountController.user_id
)
_CONNECTED = _MINE.union(select(_OTHER_END).where(_EITHER_END))
_CONTROL = select(AccountController.user_id, AccountController.controller_id).where(
    AccountController.user_id.in_(select(_CONNECTED.c.id))
)
_KNOWN = select(User.id, User.version).where(User.id.in_(bindparam("people", expanding=True)))


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
    rows = (connection or connection_of(db.session())).execute(_CONTROL, {"me": actor.id}).tuples().all()
    above = _reach(actor.id, rows)
    below = _reach(actor.id, [(controller, user) for user, controller in rows])
    return Person(above | below, alone.union(*rows))


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


def ensure_known(actor: Actor, contributors: Iterable[int]) -> None:
    """NotHeardYet while auth-service has not told yet who controls one of these accounts or the caller's.

    A new account may be used before its event is here, and then nothing is known of whose it is.
    """
    wanted = {actor.id, *contributors}
    rows = connection_of(db.session()).execute(_KNOWN, {"people": sorted(wanted)})
    versions = {row.id: row.version for row in rows}
    newest = versions.get(actor.id)
    if wanted - versions.keys() or (newest is not None and newest < actor.version):
        raise NotHeardYet("an account that took part in this is new here, try again in a moment")
