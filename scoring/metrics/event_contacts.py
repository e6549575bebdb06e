"""How many of the customer's people came to trainings, webinars and other events, 180 days.

Missing where nobody was invited; an event noted as from us to them was an invitation only.
"""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="event_contacts",
        label=_("Contacts at events, 180 days"),
        unit="count",
        parts={
            "invitations": Aggregate("gatherings", "count", window=180),
            "contacts": Aggregate(
                "gatherings", "distinct", of="contact_id", where="attended", window=180
            ),
            "last": Aggregate("gatherings", "last", of='"on"', window=180),
        },
        value="CASE WHEN {invitations} > 0 THEN {contacts} END",
        seen="{last}",
        higher_is_better=True,
    )
)
