"""ARR as a multiple of the ARR a year ago; missing for younger customers."""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="arr_change",
        label=_("ARR ÷ ARR a year ago"),
        unit="ratio",
        parts={
            "now": Aggregate("terms", "sum", of="arr", where="holds_now"),
            "then": Aggregate("terms", "sum", of="arr", where="held_then"),
        },
        value="{now} / nullif({then}, 0)",
        higher_is_better=True,
    )
)
