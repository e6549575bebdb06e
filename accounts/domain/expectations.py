"""What a touch model demands: how often to talk, and whose support to have (CONTENT section 1)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

#: Days between two-way touches; a model that is not here demands none.
CADENCE_DAYS: Mapping[str, int] = {"high": 30, "low": 90}
ONBOARDING_CADENCE_DAYS: Mapping[str, int] = {"high": 7, "low": 14}

REQUIRED_ROLES: Mapping[str, tuple[str, ...]] = {
    "high": ("decision_maker", "champion", "executive_sponsor", "day_to_day"),
    "low": ("decision_maker", "champion", "day_to_day"),
    "tech": ("day_to_day",),
}

#: Business days within which a ticket is to be resolved.
TICKET_TARGET_DAYS: Mapping[str, int] = {"critical": 1, "high": 3, "normal": 5, "low": 10}


#: So many days before the actionable renewal date talks are to be more frequent; this decides
#: when the next touch is due, never a score.
NEAR_RENEWAL_DAYS = 120
NEAR_CADENCE_DAYS: Mapping[str, int] = {"high": 14, "low": 30}


@dataclass(frozen=True)
class Expectation:
    """What a touch model demands of accounts that have it; None where nothing is asked."""

    cadence_days: int | None
    onboarding_cadence_days: int | None
    near_cadence_days: int | None
    required_roles: tuple[str, ...]

    def cadence(self, *, phase: str) -> int | None:
        """Return the days between two-way touches an account in this phase is to have."""
        return self.onboarding_cadence_days if phase == "onboarding" else self.cadence_days

    def cadence_near(self, *, phase: str, renewal_on: dt.date | None, today: dt.date) -> int | None:
        """Return the cadence that decides when the next touch is due: shorter near a renewal."""
        cadence = self.cadence(phase=phase)
        ahead = (renewal_on - today).days if renewal_on else -1
        if not 0 <= ahead <= NEAR_RENEWAL_DAYS or self.near_cadence_days is None:
            return cadence
        return min(cadence or self.near_cadence_days, self.near_cadence_days)


#: Of partners nothing is asked: they have no score, no cadence and no roles to fill.
NOTHING_ASKED = Expectation(None, None, None, ())


def default_expectation(touch_model: str) -> Expectation:
    """Return what a touch model demands until an organisation says otherwise."""
    return Expectation(
        CADENCE_DAYS.get(touch_model),
        ONBOARDING_CADENCE_DAYS.get(touch_model),
        NEAR_CADENCE_DAYS.get(touch_model),
        REQUIRED_ROLES.get(touch_model, ()),
    )
