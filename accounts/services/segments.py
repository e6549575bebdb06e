"""Segments: save a rule tree after checking it, and keep who is in which segment since when."""

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.conditions import field_specs
from accounts.domain.rules import (
    FieldSpec,
    Group,
    Moment,
    RuleError,
    fields_of,
    parse_rule_tree,
    values_of,
)
from accounts.models import Account, Organisation, Segment, StaticList, User
from accounts.registry import field_of
from accounts.selectors.segments import LISTS
from config.lib.once import reading_once
from config.lib.problems import FieldError, Problem

STARTER = Path(__file__).parent.parent / "starter" / "segments"
#: The apps in the order in which they may build on one another, lowest first.
STAGES = ("accounts", "surveys", "scoring", "playbooks")

_WHY = {
    "not_a_group": _("A group of rules is expected here."),
    "too_deep": _("Groups may be nested at most %(limit)s deep."),
    "unknown_combinator": _("Rules are joined by “and” or “or”."),
    "rules_missing": _("A group needs a list of rules."),
    "empty_group": _("This group has no rules. Add one or remove the group."),
    "too_many_rules": _("A segment may have at most %(limit)s rules."),
    "not_a_rule": _("A rule is expected here."),
    "unknown_field": _("There is no field “%(field)s”."),
    "unknown_operator": _("This field can't be compared with “%(operator)s”."),
    "unknown_option": _("“%(value)s” is not one of this field's values."),
    "not_a_text": _("A text is expected here."),
    "not_a_boolean": _("Say true or false here."),
    "not_a_number": _("A number is expected here."),
    "not_a_number_of_days": _("A whole number of days from 0 to 36,500 is expected here."),
    "not_a_date": _("A date such as 2026-04-01 is expected here."),
    "not_a_list": _("A list of 1 to 200 values is expected here."),
    "not_two_values": _("Two values are expected here, the lower one first."),
    "wrong_order": _("The lower value comes first."),
}


class InvalidSegment(Problem):
    """The rule tree names an unknown field, a wrong operator or a value of the wrong type."""

    status = 400
    code = "invalid_segment"
    title = _("These rules can't be used.")


def read_rules(
    rule: Any, *, pointer: str = "/rule", by: User | None = None, before: Any = None,
    specs: Mapping[str, FieldSpec] | None = None,
) -> Group:  # fmt: skip
    """Return the typed tree of a segment's JSON.

    :param by: who writes or asks it; they can name only lists they see, and those that stood in
        the rule `before`.
    :param specs: what rules may say, where many are read; else it is asked for.
    :raises InvalidSegment: naming the place and the reason.
    """
    specs = specs or field_specs()
    try:
        tree = parse_rule_tree(rule, specs)
        if by is not None and LISTS in fields_of(tree):
            seen = StaticList.objects.visible_to(by).values_list("pk", flat=True)
            named = FieldSpec("set", (*seen, *values_of(before, LISTS)))
            parse_rule_tree(rule, {**specs, LISTS: named})
        return tree
    except RuleError as error:
        fault = FieldError(pointer + error.pointer, _WHY[error.code] % error.params)
        raise InvalidSegment(errors=[fault]) from error


@transaction.atomic
def save_segment(
    *, key: str, name_en: str, name_ja: str, rule: Any, at: dt.datetime, is_shipped: bool = False,
    by: User | None = None,
) -> Segment:  # fmt: skip
    """Create or change the segment with this key and recompute who is in it.

    :param by: who does; None for what is shipped.
    :raises InvalidSegment: when the rules can't be used; nothing is changed then.
    """
    before = Segment.objects.filter(key=key).values_list("rule", flat=True).first()
    tree = read_rules(rule, by=by, before=before)
    stage = max((field_of(name).stage for name in fields_of(tree)), key=STAGES.index,
                default=STAGES[0])  # fmt: skip
    segment, _created = Segment.objects.update_or_create(
        key=key,
        defaults={
            "name_en": name_en,
            "name_ja": name_ja,
            "rule": rule,
            "stage": stage,
            "is_shipped": is_shipped,
            "updated_at": at,
        },
    )
    refresh_memberships(segments=[segment], at=at)
    return segment


@transaction.atomic
def archive_segment(*, segment: Segment, at: dt.datetime) -> None:
    """Take a segment out of use; whoever is in it leaves. Twice is once."""
    Segment.objects.filter(pk=segment.pk, archived_at=None).update(archived_at=at, updated_at=at)
    segment.memberships.filter(left_at=None).update(left_at=at)


def moment_of(at: dt.datetime) -> Moment:
    """Return the instant with the organisation's day it falls on."""
    return Moment(at, Organisation.objects.day_of(at))


_LEAVE = """
UPDATE accounts_segmentmembership m SET left_at = %s
WHERE m.segment_id = %s AND m.left_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM ({members}) AS now(id) WHERE now.id = m.account_id)
"""
_ENTER = """
INSERT INTO accounts_segmentmembership (segment_id, account_id, entered_at)
SELECT %s, now.id, %s FROM ({members}) AS now(id)
ON CONFLICT (segment_id, account_id) WHERE left_at IS NULL DO NOTHING
"""


@reading_once()
@transaction.atomic
def refresh_memberships(*, segments: list[Segment], at: dt.datetime) -> dict[str, int]:
    """Let accounts enter and leave segments, two statements a segment; return changes by key."""
    moment = moment_of(at)
    specs = field_specs()
    changes = {}
    for segment in segments:
        members = Account.objects.unarchived().matching(
            read_rules(segment.rule, specs=specs), moment
        )
        sql, params = members.order_by().values("pk").query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(_LEAVE.format(members=sql), [at, segment.pk, *params])
            changed = cursor.rowcount
            cursor.execute(_ENTER.format(members=sql), [segment.pk, at, *params])
            changes[segment.key] = changed + cursor.rowcount
    return changes


def install_starter_segments(*, at: dt.datetime) -> None:
    """Add the shipped segments an organisation does not have yet; edited ones stay as they are."""
    known = set(Segment.objects.values_list("key", flat=True))
    for file in sorted(STARTER.glob("*.json")):
        if file.stem not in known:
            save_segment(**json.loads(file.read_text("utf-8")), at=at, is_shipped=True)
