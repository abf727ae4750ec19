"""What leaves of sessions, keys and the audit log."""

from typing import Annotated, Any

from pydantic import BaseModel, Field, RootModel

from servicekit.api import Moment, Out
from servicekit.paging import PageQuery


class SessionPath(BaseModel):
    session_id: Annotated[str, Field(max_length=32)]


class SessionOut(Out):
    id: str
    device: Annotated[str, Field(description="the browser or program, as it named itself at sign-in")]
    address: Annotated[str, Field(description="where the sign-in came from")]
    created_at: Moment
    last_used_at: Moment
    expires_at: Moment
    current: Annotated[bool, Field(description="whether this request came from it")]

    @classmethod
    def of(cls, row: Any, current: str) -> "SessionOut":
        return cls(
            id=row.id,
            device=row.device,
            address=row.address,
            created_at=row.created_at,
            last_used_at=row.rotated_at,
            expires_at=row.expires_at,
            current=row.id == current,
        )


class SessionsOut(RootModel[list[SessionOut]]):
    pass


class JwksOut(Out):
    keys: list[dict[str, Any]]


class AuditQuery(PageQuery):
    act: Annotated[str | None, Field(max_length=64, description="only this kind of act")] = None


class AuditOut(Out):
    id: int
    occurred_at: Moment
    act: str
    actor: int | None
    actor_name: str | None
    target: str
    detail: dict[str, Any]
    address: str
    request_id: str

    @classmethod
    def of(cls, row: Any) -> "AuditOut":
        same = {name: getattr(row, name) for name in cls.model_fields if name not in {"actor", "actor_name"}}
        return cls(**same, actor=row.actor_id, actor_name=row.username)


class AuditPageOut(RootModel[list[AuditOut]]):
    pass
