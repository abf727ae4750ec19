"""What enters and leaves of the statistics of reviewing."""

from datetime import date
from typing import Annotated

from pydantic import Field

from servicekit.api import Moment, Out, Query


class StatisticsQuery(Query):
    days: Annotated[int, Field(ge=1, le=90, description="how many days (UTC), today included")] = 28


class SpreadOut(Out):
    """Seconds from the last submission to its decision; null where nothing was decided."""

    median_seconds: int | None
    p90_seconds: int | None


class DecisionDayOut(SpreadOut):
    """What the log says of one day (UTC)."""

    day: date
    submitted: int
    approved: int
    rejected: int
    withdrawn: int
    published_without_review: int
    unpublished: int


class AgeOut(Out):
    """How many have been waiting for less than this and not less than the bound before; null: all longer ones."""

    under_seconds: int | None
    count: int


class WaitingOut(Out):
    count: int
    oldest_at: Moment | None
    oldest_seconds: int | None
    ages: list[AgeOut]


class StateCountsOut(Out):
    draft: int
    pending_approval: int
    approved: int
    rejected: int


class StatisticsOut(SpreadOut):
    """The days in order, and over all of them; what waits and what stands where at this moment."""

    days: list[DecisionDayOut]
    waiting: WaitingOut
    products: StateCountsOut
