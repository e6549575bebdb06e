"""The tree below an account, to any depth, and what it adds up to over what the reader may see.

Amounts of one currency stay in it; those of several are taken together in the reporting currency
at the latest rates, as those of an account's contracts are.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import (
    Avg,
    Case,
    Count,
    DecimalField,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.utils.translation import gettext_lazy as _

from accounts.domain.rules import Group, Moment, fields_of
from accounts.models import Account, FxRate, Organisation
from accounts.querysets import reach_of
from accounts.registry import Field, field_of
from config.lib.problems import FieldError, Problem

FUNCTIONS = {"sum": Sum, "min": Min, "max": Max, "avg": Avg, "count": Count}
_ADDS = {"sum", "avg"}
_NUMBERS = {"number", "money"}
_ORDERED = _NUMBERS | {"date", "datetime"}
SHOWN = 200

_BELOW = """
WITH RECURSIVE below(id, depth, trail) AS (
  SELECT id, 1, ARRAY[name_kana || E'\\x01' || id] FROM accounts_account
  WHERE parent_id = %s AND archived_at IS NULL
  UNION ALL
  SELECT a.id, b.depth + 1, b.trail || (a.name_kana || E'\\x01' || a.id)
  FROM accounts_account a JOIN below b ON a.parent_id = b.id
  WHERE a.archived_at IS NULL AND b.depth < 100
)
SELECT id, depth FROM below ORDER BY trail
"""


class BadRollUp(Problem):
    """A function that does not exist, or one its field has no sense for."""

    code = "bad_rollup"
    title = _("This can't be added up.")


@dataclass(frozen=True)
class Measure:
    """One figure over a tree: a function over a field, such as the sum of ARR."""

    function: str
    key: str

    @property
    def alias(self) -> str:
        """Return the name of the figure in SQL."""
        return f"{self.function}_of_{self.key.replace('.', '_')}"

    @property
    def is_money(self) -> bool:
        """Say whether the figure is an amount."""
        return self.function != "count" and field_of(self.key).type == "money"


@dataclass(frozen=True)
class RollUp:
    """Figures over the visible part of a tree; `hidden` are accounts the reader can't see.

    `currency` is that of the amounts; empty where none was asked for, or where a rate is missing
    to take several together, and then there is no amount.
    """

    accounts: int
    hidden: int
    values: dict[Measure, Any] = field(default_factory=dict)
    currency: str = ""


@dataclass(frozen=True)
class Branch:
    """An account of a tree, so many steps below its top."""

    account: Account
    depth: int


def ids_below(account: Account) -> dict[int, int]:
    """Return {id: depth} of every account below, in the order of the tree; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_BELOW, [account.pk])
        return dict(cursor.fetchall())


def branches(
    below: dict[int, int], *, user: Any, at: dt.datetime, keys: Sequence[str] = ()
) -> list[Branch]:
    """Return what the reader sees of a tree in its order, with these fields."""
    shown = Account.objects.visible_to(user).filter(pk__in=list(below)).with_fields(*keys, at=at)
    found = {row.pk: row for row in shown}
    return [Branch(found[pk], depth) for pk, depth in below.items() if pk in found]


def roll_up(
    below: dict[int, int],
    measures: Sequence[Measure],
    *,
    user: Any,
    at: dt.datetime,
    only: Group | None = None,
) -> RollUp:
    """Add up fields over the accounts of a tree that the reader sees, one statement a policy.

    A field whose kind of record the reader sees at some accounts only is read at those, in the
    rules, too.

    :param only: a rule tree accounts must fulfil to count.
    :raises BadRollUp: naming a measure that makes no sense.
    """
    visible = Account.objects.visible_to(user).filter(pk__in=list(below))
    seen = visible.count()
    kinds: dict[str, list[Measure]] = {}
    for measure in measures:
        kinds.setdefault(_checked(measure).kind, []).append(measure)
    values: dict[Measure, Any] = {}
    currency = ""
    for kind, own in kinds.items():
        rows = visible.showing(user, kind)
        if only is not None:
            for asked in {field_of(name).kind for name in fields_of(only)}:
                rows = rows.showing(user, asked)
            rows = rows.matching(only, Moment(at, Organisation.objects.day_of(at)))
        rows = rows.with_fields(*{measure.key for measure in own}, at=at).order_by()
        amounts = [measure for measure in own if measure.is_money]
        plain = [measure for measure in own if not measure.is_money]
        found = rows.aggregate(
            **{m.alias: FUNCTIONS[m.function](field_of(m.key).alias) for m in plain}
        )
        values |= {measure: found[measure.alias] for measure in plain}
        if amounts:
            currency, sums = _amounts(rows, amounts, at=at)
            values |= sums
    return RollUp(seen, len(below) - seen, {m: values[m] for m in measures}, currency)


def _amounts(
    rows: Any, measures: Sequence[Measure], *, at: dt.datetime
) -> tuple[str, dict[Measure, Any]]:
    """Return amounts over accounts, and the currency they are in; one statement."""
    own = Organisation.objects.values_list("currency", flat=True).first() or "JPY"
    day = Organisation.objects.day_of(at)
    rates = FxRate.objects.filter(currency=OuterRef("currency"), on__lte=day)
    latest = Subquery(rates.order_by("-on", "-recorded_at").values("rate")[:1])
    rated = rows.annotate(rate=Case(When(currency=own, then=Value(1)), default=latest,
                                    output_field=DecimalField()))  # fmt: skip
    worth = Q()
    for measure in measures:
        worth |= ~Q(**{field_of(measure.key).alias: 0})
    asked: dict[str, Any] = {}
    for measure in measures:
        amount, add = F(field_of(measure.key).alias), FUNCTIONS[measure.function]
        asked[measure.alias] = add(amount)
        asked[f"own_{measure.alias}"] = add(amount * F("rate"), output_field=DecimalField())
    found = rated.aggregate(
        currencies=ArrayAgg("currency", distinct=True, filter=worth, default=Value([])),
        unrated=Count("pk", filter=worth & Q(rate=None)),
        **asked,
    )
    currencies = found["currencies"] or [own]
    if len(currencies) == 1:
        return currencies[0], {m: found[m.alias] for m in measures}
    if found["unrated"]:
        return "", dict.fromkeys(measures)
    return own, {m: found[f"own_{m.alias}"] for m in measures}


def may_read(measure: Measure, user: Any) -> bool:
    """Say whether the reader sees this kind of value anywhere."""
    return reach_of(user).scope(_checked(measure).kind) != "none"


def _checked(measure: Measure) -> Field:
    try:
        found = field_of(measure.key)
    except LookupError as error:
        raise _refused(measure) from error
    allowed = _NUMBERS if measure.function in _ADDS else _ORDERED
    if measure.function != "count" and found.type not in allowed:
        raise _refused(measure)
    if measure.function not in FUNCTIONS:
        raise _refused(measure)
    return found


def _refused(measure: Measure) -> BadRollUp:
    detail = _("Give a function and a field, such as sum:arr or min:renewal_on.")
    return BadRollUp(errors=[FieldError("/measure", detail)])
