"""How many invoices are late; missing where there was never one."""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="late_invoices",
        label=_("Late invoices"),
        unit="count",
        parts={
            "ever": Aggregate("invoices", "count"),
            "late": Aggregate("invoices", "count", where="paid_on IS NULL AND due_on < %(day)s"),
        },
        value="CASE WHEN {ever} > 0 THEN {late} END",
        higher_is_better=False,
    )
)
