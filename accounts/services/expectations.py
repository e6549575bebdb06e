"""Saying how often accounts of a touch model are to be talked to, and whose support to have."""

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from accounts.choices import TouchModel
from accounts.models import Organisation, TouchExpectation, User
from accounts.services.authors import written_by
from accounts.services.conflicts import check_columns, refusing
from accounts.services.facts import put_fact
from accounts.services.hierarchy import hold_tree
from config.lib.problems import Problem

ONE_DAY = dt.timedelta(days=1)


class NoDays(Problem):
    """A cadence is a whole number of days, or none at all."""

    code = "no_days"
    title = _("Give at least one day, or nothing where no cadence is asked.")


def set_expectation(
    *,
    touch_model: TouchModel | str,
    cadence_days: int | None,
    onboarding_cadence_days: int | None,
    near_cadence_days: int | None,
    required_roles: Sequence[str],
    at: dt.datetime,
    by: User | None = None,
) -> TouchExpectation | None:
    """Change what a touch model demands from tomorrow on; None where it said so already.

    The day that is running keeps its numbers, so that its score can be computed again.

    :raises NoDays: for a cadence of zero days.
    """
    values = {
        "cadence_days": cadence_days,
        "onboarding_cadence_days": onboarding_cadence_days,
        "near_cadence_days": near_cadence_days,
        "required_roles": list(required_roles),
    }
    tomorrow = Organisation.objects.day_of(at) + ONE_DAY
    owner = {"touch_model": TouchModel(touch_model)}
    check_columns(TouchExpectation(**owner, **values, starts_on=tomorrow, recorded_at=at))
    with written_by(by), refusing({"accounts_expectation_days": NoDays}):
        hold_expectations()
        return put_fact(TouchExpectation, owner=owner, values=values, on=tomorrow, at=at)


def hold_expectations() -> None:
    """Keep other changes of what is asked waiting until the transaction ends."""
    hold_tree(TouchExpectation._meta.db_table)
