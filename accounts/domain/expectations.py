"""What a touch model demands: how often to talk, and whose support to have (CONTENT section 1)."""

from collections.abc import Mapping

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


def cadence_days(*, touch_model: str, phase: str) -> int | None:
    """Return the days between two-way touches an account is to have; None where none are asked."""
    days = ONBOARDING_CADENCE_DAYS if phase == "onboarding" else CADENCE_DAYS
    return days.get(touch_model)
