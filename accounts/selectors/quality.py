"""What is missing in the record of an account: the least that must be there to work with it.

Each check is a condition in SQL, so that a list of gaps, their number and the share that is
complete are values of a set of accounts. Churned accounts and prospects owe nothing.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Case,
    Exists,
    FloatField,
    Func,
    IntegerField,
    OuterRef,
    Q,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.choices import AccountKind, AccountRoleKind, AccountStatus, StakeholderRoleKind
from accounts.models import (
    AccountRole,
    AttributeDefinition,
    Contract,
    Organisation,
    StakeholderRole,
)
from accounts.selectors.attributes import PREFIX, definitions

#: A record nobody has touched for so long is worth a look.
STALE_DAYS = 180
CUSTOMER = Q(kind=AccountKind.CUSTOMER)
OWED = (AccountStatus.SIGNED, AccountStatus.ACTIVE, AccountStatus.LEAVING)


@dataclass(frozen=True)
class Check:
    """One thing that must be there; `missing(at, today)` is the condition that it is not."""

    key: str
    label: Any
    missing: Callable[[dt.datetime, dt.date], Any]


def _manager(at: dt.datetime, today: dt.date) -> Q:
    roles: Any = AccountRole.objects.filter(
        account=OuterRef("pk"), role=AccountRoleKind.MANAGER, user__is_active=True
    )
    return ~Q(Exists(roles.current().holding_on(today)))


def _contract(at: dt.datetime, today: dt.date) -> Q:
    contracts: Any = Contract.objects.filter(account=OuterRef("pk"))
    return CUSTOMER & ~Q(Exists(contracts.unarchived().lasting(on=today)))


def _decision_maker(at: dt.datetime, today: dt.date) -> Q:
    roles: Any = StakeholderRole.objects.filter(
        account=OuterRef("pk"), role=StakeholderRoleKind.DECISION_MAKER
    )
    return CUSTOMER & ~Q(Exists(roles.current().holding_on(today)))


CHECKS = (
    Check("manager", _("No account manager"), _manager),
    Check("kana", _("No reading"), lambda at, today: Q(name_kana="", country="JP")),
    Check("contract", _("No contract in force"), _contract),
    Check("decision_maker", _("No decision maker known"), _decision_maker),
    Check("fiscal_year", _("Fiscal year unknown"), lambda at, today: Q(fiscal_year_end_month=None)),
    Check(
        "stale",
        _("Not changed for 180 days"),
        lambda at, today: Q(updated_at__lt=at - dt.timedelta(days=STALE_DAYS)),
    ),
)


def checks() -> Sequence[Check]:
    """Return every check there is now: the built-in ones and one a required attribute."""
    rows = [row for row in definitions() if not row.is_computed]
    required = [_attribute(row.key, str(row), row.required_tiers) for row in rows
                if row.required_tiers]  # fmt: skip
    return [*CHECKS, *required, *(_unlisted(row) for row in rows if row.takes_others)]


def gaps_expression(at: dt.datetime) -> Combinable:
    """Return the keys of the checks an account fails, as an array."""
    today = Organisation.objects.day_of(at)
    owes = Q(status__in=OWED, archived_at__isnull=True)
    parts = [
        Case(When(owes & check.missing(at, today), then=Value(check.key)), output_field=TextField())
        for check in checks()
    ]
    return Func(
        *parts, template="array_remove(ARRAY[%(expressions)s], NULL)",
        output_field=ArrayField(TextField()),
    )  # fmt: skip


def gap_count_expression(at: dt.datetime) -> Combinable:
    """Return how many checks an account fails."""
    return Func(gaps_expression(at), function="cardinality", output_field=IntegerField())


def completeness_expression(at: dt.datetime) -> Combinable:
    """Return the share of checks an account passes, 0 to 1."""
    template = f"(1 - cardinality(%(expressions)s)::float8 / {len(checks())})"
    return Func(gaps_expression(at), template=template, output_field=FloatField())


def gap_words(keys: Sequence[str]) -> list[str]:
    """Return what the checks of these keys say."""
    words = {check.key: str(check.label) for check in checks()}
    return [words[key] for key in keys if key in words]


def _attribute(key: str, label: str, tiers: Sequence[str]) -> Check:
    def missing(at: dt.datetime, today: dt.date) -> Q:
        absent = ~Q(attributes__has_key=key) | Q(**{f"attributes__{key}": None})
        return Q(tier__in=list(tiers)) & absent

    words = gettext("“%(attribute)s” is empty") % {"attribute": label}
    return Check(f"{PREFIX}.{key}", words, missing)


def _unlisted(row: AttributeDefinition) -> Check:
    def outside(at: dt.datetime, today: dt.date) -> Q:
        said = Q(attributes__has_key=row.key) & ~Q(**{f"attributes__{row.key}": None})
        return said & ~Q(**{f"attributes__{row.key}__in": row.values()})

    words = gettext("“%(attribute)s” is not in the list") % {"attribute": str(row)}
    return Check(f"{PREFIX}.{row.key}.listed", words, outside)
