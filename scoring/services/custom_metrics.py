"""Custom metrics: made from a spec, counted from their events on, changed only while unused.

What a metric counts never changes under a scorecard that names it: another spec is another metric.
Labels, unit and direction may change at any time.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Organisation, User
from accounts.services.authors import written_by
from accounts.services.conflicts import apply_changes, check_columns, refusing
from accounts.services.dirty import mark_accounts_dirty
from config.lib.problems import Conflict, FieldError, Problem, Text
from scoring.domain.metric_spec import InvalidSpec, MetricSpec, SpecFault, parse_spec
from scoring.models import CustomMetric, EventName, EventSeries, ScorecardVersion
from scoring.registry import metrics
from scoring.selectors.metric_checks import (
    Meaning,
    find_meaning,
    find_series,
    kept_by,
    needs_series,
)
from scoring.services.event_series import begin_series
from scoring.services.metric_slots import give_slot

PLAIN = {"label_en", "label_ja", "unit", "higher_is_better"}
FAULTS: Mapping[str, Text] = {
    "unknown_member": _("There is no such member."),
    "required": _("This is required."),
    "not_an_object": _("This must be an object."),
    "not_a_text": _("Give a text of at most 200 characters."),
    "not_a_number": _("This must be a number."),
    "not_whole": _("Give a whole number."),
    "not_a_flag": _("Give true or false."),
    "not_a_value": _("Give a text, a number, true or false."),
    "too_many": _("At most ten conditions."),
    "too_many_codes": _("At most fifty texts."),
    "out_of_range": _("This number is outside the allowed range."),
    "unknown_choice": _("This is none of the choices."),
    "not_for_source": _("This does not go with where the measure reads from."),
    "not_for_aggregate": _("This does not go with what the measure makes of it."),
    "too_short": _("A trend needs a window of at least two days."),
    "unknown_event": _("No event of this name has ever come in."),
    "unknown_property": _("None of the newest events carries this property."),
    "no_numbers": _("None of the values of this property is a number."),
    "no_values": _("None of its values is a number, yes or no, or a text with a number given."),
    "no_scalars": _("None of its values is a text, a number, or yes or no."),
    "unknown_attribute": _("There is no such attribute."),
    "computed_attribute": _("A computed attribute keeps no past, so it can't be measured."),
    "no_number": _("This attribute is no number and no yes or no."),
    "no_date": _("This attribute is no date."),
    "unknown_measurement": _("No measurement with this key has ever come in."),
    "unknown_segment": _("There is no segment with this key whose rules do without health itself."),
    "empty_segment": _("Nobody falls into this segment, so there is nothing to measure."),
}


class InvalidMetric(Problem):
    """The spec of a metric has faults; each names its member."""

    code = "invalid_metric"
    title = _("The measure is not valid.")

    def __init__(self, faults: Iterable[SpecFault]) -> None:
        super().__init__(
            errors=[
                FieldError(f"/spec/{fault.member}".rstrip("/"), FAULTS[fault.code])
                for fault in faults
            ]
        )


class MetricKeyTaken(Conflict):
    """Another metric has the key, perhaps one that is archived or built in."""

    code = "metric_key_taken"
    title = _("There is a measure with this key.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/key", self.title)])


class MetricInUse(Conflict):
    """A scorecard names the metric, so what it counts stays."""

    code = "metric_in_use"
    title = _("A scorecard uses this measure. Make another one instead.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/spec", self.title)])


class BuiltInMetric(Conflict):
    """Built-in metrics are part of the program."""

    code = "built_in_metric"
    title = _("This measure is built in and can't be changed.")


_CONFLICTS = {
    "scoring_custommetric_key_key": MetricKeyTaken,
    "scoring_custommetric_definition_id_key": MetricKeyTaken,
}


def read_spec(data: Any, *, at: dt.datetime) -> tuple[MetricSpec, Meaning]:
    """Read a spec and look its names up.

    :raises InvalidMetric: naming the member of every fault.
    """
    try:
        spec = parse_spec(data)
    except InvalidSpec as error:
        raise InvalidMetric(error.faults) from error
    meaning = find_meaning(spec, at=at)
    if meaning.faults:
        raise InvalidMetric(meaning.faults)
    return spec, meaning


def create_metric(
    *,
    key: str,
    spec: Mapping[str, Any],
    at: dt.datetime,
    by: User | None = None,
    **fields: Any,
) -> CustomMetric:
    """Make a metric; what it counts of past events is counted at once, as far as they are kept.

    :param fields: `label_en`, `label_ja`, `unit`, `higher_is_better`.
    :raises InvalidMetric: when the spec can't be used; nothing is changed then.
    :raises MetricKeyTaken: when another metric has the key.
    """
    if key in metrics:
        raise MetricKeyTaken
    row = CustomMetric(key=key, created_by=by, created_at=at, updated_at=at)
    fields["label_en"] = fields.get("label_en") or fields.get("label_ja", "")
    fields["label_ja"] = fields.get("label_ja") or fields["label_en"]
    apply_changes(row, fields, allowed=PLAIN)
    with written_by(by), refusing(_CONFLICTS):
        row.definition = give_slot(key)
        _put_spec(row, spec, at=at)
        check_columns(row)
        row.save()
        mark_everybody(at)
    return row


def change_metric(
    *, metric: CustomMetric, changes: Mapping[str, Any], at: dt.datetime, by: User | None = None
) -> CustomMetric:
    """Change what a metric is called and, while no scorecard names it, what it counts.

    :raises MetricInUse: for another spec of a metric that a scorecard names.
    """
    plain = dict(changes)
    with written_by(by):
        row: CustomMetric = CustomMetric.objects.select_for_update(no_key=True).get(pk=metric.pk)
        if "spec" in plain:
            _change_spec(row, plain.pop("spec"), at=at)
        apply_changes(row, plain, allowed=PLAIN)
        check_columns(row)
        row.updated_at = at
        row.save()
    return row


def archive_metric(
    *, metric: CustomMetric, at: dt.datetime, by: User | None = None, archived: bool = True
) -> CustomMetric:
    """Take a metric out of use, or bring it back; its place in the values stays its own.

    :raises MetricInUse: while a scorecard names it.
    """
    with written_by(by):
        row: CustomMetric = CustomMetric.objects.select_for_update(no_key=True).get(pk=metric.pk)
        if archived and is_used(row.key):
            raise MetricInUse
        row.archived_at, row.updated_at = (at if archived else None), at
        row.save(update_fields=["archived_at", "updated_at"])
        mark_everybody(at)
    return row


def is_used(key: str) -> bool:
    """Say whether any version of a scorecard names the metric."""
    return used_among([key]) == {key}


def used_among(keys: Iterable[str]) -> set[str]:
    """Return which of these metrics a version of a scorecard names; one query."""
    wanted, found = set(keys), set()
    for definition in ScorecardVersion.objects.values_list("definition", flat=True):
        found |= wanted & set(_texts(definition))
    return found


def _texts(data: Any) -> Iterable[str]:
    if isinstance(data, Mapping):
        for value in data.values():
            yield from _texts(value)
    elif isinstance(data, list):
        for value in data:
            yield from _texts(value)
    elif isinstance(data, str):
        yield data


def _change_spec(row: CustomMetric, data: Any, *, at: dt.datetime) -> None:
    before = row.spec
    _put_spec(row, data, at=at)
    if row.spec != before:
        if is_used(row.key):
            raise MetricInUse
        mark_everybody(at)


def _put_spec(row: CustomMetric, data: Any, *, at: dt.datetime) -> None:
    spec, meaning = read_spec(data, at=at)
    row.spec = spec.as_json()
    row.event, row.over_event = meaning.event, meaning.over_event
    row.segment = meaning.segment
    row.series = _series(spec, meaning.event)


def _series(spec: MetricSpec, event: EventName | None) -> EventSeries | None:
    if not needs_series(spec, event):
        return None
    return find_series(spec, event) or begin_series(
        event=event,
        filter_=dict(spec.filter),
        kept=kept_by(spec),
        zone=str(Organisation.objects.zone()),
    )


@transaction.atomic
def mark_everybody(at: dt.datetime) -> None:
    """Have every customer's measures read anew."""
    accounts = Account.objects.active().values_list("pk", flat=True)
    mark_accounts_dirty(account_ids=accounts, reason="metric", at=at)
