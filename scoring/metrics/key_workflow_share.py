"""Which share of the active users did the key workflow within 28 days.

Its events are those whose users are counted (`EventName.counts_users`), sign-ins aside; with none
marked, or nobody active, there is nothing to measure.
"""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="key_workflow_share",
        label=_("Active users doing the key workflow, 28 days"),
        unit="share",
        parts={
            "active": Aggregate(
                "users", "distinct", of="user_id", where="series_id = 0", window=28
            ),
            "doing": Aggregate(
                "users", "distinct", of="user_id", where="is_key_workflow", window=28
            ),
        },
        value="CASE WHEN {key_workflow_defined} THEN {doing}::float8 / nullif({active}, 0) END",
        seen="{fed_on}",
        exposure_days=14,
        highest=1.0,
        expects_usage=True,
        higher_is_better=True,
    )
)
