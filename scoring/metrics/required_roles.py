"""Which share of the roles the touch model requires is filled and confirmed within a year."""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="required_roles",
        label=_("Required roles confirmed"),
        unit="share",
        parts={
            "held": Aggregate("roles", "set", of="role", window=365),
        },
        value=(
            "(SELECT count(*) FROM unnest({required_roles}) r WHERE r = ANY({held}))::float8"
            " / nullif(cardinality({required_roles}), 0)"
        ),
        highest=1.0,
        higher_is_better=True,
    )
)
