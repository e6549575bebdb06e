"""A custom metric as people write it: what is counted, how, over which days, for whom."""

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.forms.accounts import NOT_SAID
from accounts.models import Account, AttributeDefinition, Segment
from scoring.choices import MetricAggregate, MetricDivisor, MetricSource, MetricUnit
from scoring.domain.metric_spec import LONGEST_EXPOSURE, LONGEST_HALF_LIFE, LONGEST_WINDOW
from scoring.forms.numbers import number_of
from scoring.models import CustomMetric, EventName, Measurement
from scoring.selectors.metric_checks import STAGES_BELOW

#: So many names are offered; others can still be typed.
OFFERED = 500
DIRECTIONS = [("higher", _("More is better")), ("lower", _("Less is better")), ("", _("Neither"))]


class MetricForm(forms.Form):
    """The members of a metric and of its spec under the names people know."""

    key = forms.SlugField(
        label=_("Key"), max_length=60, help_text=_("For scorecards and other programs; it stays.")
    )
    label_ja = forms.CharField(label=_("Label in Japanese"), max_length=120)
    label_en = forms.CharField(label=_("Label in English"), max_length=120)
    source = forms.ChoiceField(label=_("It reads from"), choices=MetricSource.choices)
    event = forms.CharField(
        label=_("Event"),
        max_length=200,
        required=False,
        help_text=_("As the product sends it; empty counts any event."),
    )
    filter = forms.CharField(
        label=_("Only with the properties"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line, such as plan = pro. A number or true is written as it is."),
    )
    sum_of = forms.CharField(
        label=_("Property to add up"),
        max_length=200,
        required=False,
        help_text=_("For a sum. Only values that are numbers count."),
    )
    value_of = forms.CharField(
        label=_("Property to read"),
        max_length=200,
        required=False,
        help_text=_("For its newest value, or to count its different values instead of people."),
    )
    codes = forms.CharField(
        label=_("Numbers for its texts"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line, such as pro = 2. Yes is 1 and no is 0; other texts don't count."),
    )
    measurement = forms.CharField(label=_("Measurement"), max_length=60, required=False)
    attribute = forms.ChoiceField(label=_("Attribute"), required=False)
    aggregate = forms.ChoiceField(label=_("What it makes of it"), choices=MetricAggregate.choices)
    over = forms.ChoiceField(
        label=_("Divided by"),
        choices=[("", pgettext_lazy("divisor", "Nothing")), *MetricDivisor.choices],
        required=False,
    )
    over_name = forms.CharField(
        label=_("Name of the divisor"),
        max_length=200,
        required=False,
        help_text=_("The other event, measurement or attribute."),
    )
    window = forms.IntegerField(
        label=_("Window in days"),
        min_value=1,
        max_value=LONGEST_WINDOW,
        required=False,
        initial=28,
    )
    half_life = forms.FloatField(
        label=_("Half-life in days"),
        min_value=0.5,
        max_value=LONGEST_HALF_LIFE,
        required=False,
        help_text=_("What is that much older counts half. Empty: all days count alike."),
    )
    exposure = forms.IntegerField(
        label=_("Least age of the customer in days"),
        min_value=0,
        max_value=LONGEST_EXPOSURE,
        initial=14,
        help_text=_("Younger customers have no value."),
    )
    is_scaled = forms.BooleanField(
        label=_("Scale younger customers up to the whole window"), required=False
    )
    expects_usage = forms.BooleanField(
        label=_("Nothing counts as 0"),
        required=False,
        initial=True,
        help_text=_("For tracked accounts whose source is alive; others have no value."),
    )
    segment = forms.ChoiceField(label=_("Only for the segment"), required=False)
    unit = forms.ChoiceField(label=_("Unit"), choices=MetricUnit.choices)
    direction = forms.ChoiceField(label=_("Direction"), choices=DIRECTIONS, required=False)
    account = forms.CharField(
        label=_("Account to try it on"),
        required=False,
        max_length=200,
        help_text=_("Its name or own-system id; it shows beside the whole book."),
    )
    sections = (
        (_("Identity"), ("key", "label_ja", "label_en")),
        (
            _("What is read"),
            (
                "source",
                "event",
                "filter",
                "sum_of",
                "value_of",
                "codes",
                "measurement",
                "attribute",
            ),
        ),
        (_("What becomes of it"), ("aggregate", "over", "over_name", "window", "half_life")),
        (_("Of whom"), ("exposure", "is_scaled", "expects_usage", "segment")),
        (_("How it is shown"), ("unit", "direction")),
        (_("Preview"), ("account",)),
    )

    def __init__(
        self,
        *args: Any,
        metric: CustomMetric | None = None,
        frozen: bool = False,
        **kwargs: Any,
    ) -> None:
        if metric is not None:
            kwargs["initial"] = _initial(metric)
        super().__init__(*args, **kwargs)
        self._offer()
        if metric is not None:
            del self.fields["key"]
        if frozen:
            for name in SPEC:
                self.fields[name].disabled = True

    def clean_filter(self) -> dict[str, Any]:
        lines = [line.strip() for line in self.cleaned_data["filter"].splitlines()]
        return dict(_condition(line) for line in lines if line)

    def clean_codes(self) -> dict[str, Any]:
        lines = [line.strip() for line in self.cleaned_data["codes"].splitlines()]
        return dict(_code(line) for line in lines if line)

    def spec(self) -> dict[str, Any]:
        """Return the spec as typed; what was left empty is left out."""
        members = {name: self.cleaned_data.get(name) for name in SPEC}
        return {
            name: value for name, value in members.items() if value not in (None, "", {}, False, 0)
        }

    def presentation(self) -> dict[str, Any]:
        """Return how the metric is called and shown."""
        direction = self.cleaned_data["direction"]
        return {
            "label_ja": self.cleaned_data["label_ja"],
            "label_en": self.cleaned_data["label_en"],
            "unit": self.cleaned_data["unit"],
            "higher_is_better": {"higher": True, "lower": False}.get(direction),
        }

    def tried_on(self, accounts: Any) -> Account | None:
        """Return the account the preview is asked for, among those the user sees."""
        text = self.cleaned_data.get("account", "").strip()
        if not text:
            return None
        found: Account | None = accounts.filter(external_id=text).first()
        found = found or accounts.search(text).order_by("pk").first()
        if found is None:
            self.add_error("account", _("You see no such account."))
        return found

    def _offer(self) -> None:
        names = EventName.objects.order_by("name").values_list("name", flat=True)
        keys = Measurement.objects.standing().order_by("key").values_list("key", flat=True)
        self.offered = {"events": names[:OFFERED], "measurements": keys.distinct()[:OFFERED]}
        for name in self.offered:
            self.fields[name.removesuffix("s")].widget.attrs["list"] = f"offered-{name}"
        attributes = AttributeDefinition.objects.filter(
            is_archived=False, expression="", type__in=("number", "boolean", "date")
        )
        self.fields["attribute"].choices = [  # type: ignore[attr-defined]
            NOT_SAID,
            *((row.key, str(row)) for row in attributes.order_by("place", "key")),
        ]
        segments = Segment.objects.filter(archived_at=None, stage__in=STAGES_BELOW)
        self.fields["segment"].choices = [  # type: ignore[attr-defined]
            NOT_SAID,
            *((row.key, str(row)) for row in segments.order_by("key")),
        ]


SPEC = (
    *("source", "aggregate", "event", "filter", "sum_of", "value_of", "codes", "attribute"),
    *(
        "measurement",
        "over",
        "over_name",
        "window",
        "half_life",
        "exposure",
        "is_scaled",
        "expects_usage",
        "segment",
    ),
)


def _condition(line: str) -> tuple[str, Any]:
    name, found, text = line.partition("=")
    if not found or not name.strip():
        raise forms.ValidationError(_("Write each line as property = value."))
    text = text.strip()
    try:
        value = json.loads(text)
    except ValueError:
        value = text
    return name.strip(), value if isinstance(value, str | int | float | bool) else text


def _code(line: str) -> tuple[str, Any]:
    """Read a text and its number; the last sign parts them, for texts may hold one."""
    text, found, number = line.rpartition("=")
    value = number_of(number)
    if not found or not text.strip() or isinstance(value, str):
        raise forms.ValidationError(_("Write each line as text = number."))
    return text.strip(), value


def _initial(metric: CustomMetric) -> dict[str, Any]:
    spec: Mapping[str, Any] = metric.spec
    empty: dict[str, Any] = {"window": None, "exposure": 0, "expects_usage": False}
    direction = {True: "higher", False: "lower", None: ""}[metric.higher_is_better]
    return {
        **empty,
        **spec,
        "filter": "\n".join(_line(name, value) for name, value in spec.get("filter", {}).items()),
        "codes": "\n".join(f"{text} = {x}" for text, x in spec.get("codes", {}).items()),
        "label_ja": metric.label_ja,
        "label_en": metric.label_en,
        "unit": metric.unit,
        "direction": direction,
    }


def _line(name: str, value: Any) -> str:
    """Write a condition so that reading it gives the same value."""
    text = value if isinstance(value, str) else json.dumps(value)
    if isinstance(value, str) and _condition(f"{name}={value}")[1] != value:
        text = json.dumps(value, ensure_ascii=False)
    return f"{name} = {text}"
