"""How many of the customer's people we talked with within 90 days; not for tech touch."""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="contacts_touched",
        label=_("Contacts with a two-way touch, 90 days"),
        unit="count",
        parts={
            "contacts": Aggregate("attendees", "distinct", of="contact_id", window=90),
        },
        value="CASE WHEN {cadence} IS NOT NULL THEN {contacts} END",
        exposure_days=14,
        higher_is_better=True,
    )
)
