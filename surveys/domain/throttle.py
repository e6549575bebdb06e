"""How often one person may be asked, over all surveys: SURVEYS, section 6.

Any survey at least 30 days apart; relationship surveys (NPS) at least 90 days apart and at most
two in 365 days.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

DAYS_BETWEEN_ANY = 30
DAYS_BETWEEN_RELATIONSHIP = 90
RELATIONSHIP_PER_YEAR = 2
YEAR = 365
RELATIONSHIP_KINDS = frozenset({"nps"})


@dataclass(frozen=True)
class Asked:
    """A person was invited to a survey of this kind on this day."""

    kind: str
    on: dt.date


def may_be_asked(*, kind: str, today: dt.date, before: Iterable[Asked]) -> bool:
    """Tell whether one more invitation today keeps to the limits.

    A limit of n days is kept on day n itself: asked on 1 June, again from 1 July on.
    """
    asked = [(entry.kind, (today - entry.on).days) for entry in before]
    if any(days < DAYS_BETWEEN_ANY for _, days in asked):
        return False
    if kind not in RELATIONSHIP_KINDS:
        return True
    relationship = [days for other, days in asked if other in RELATIONSHIP_KINDS and days < YEAR]
    return len(relationship) < RELATIONSHIP_PER_YEAR and all(
        days >= DAYS_BETWEEN_RELATIONSHIP for days in relationship
    )
