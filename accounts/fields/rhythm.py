"""When the next touch of an account is due, and for how many cadences it has been quiet."""

from django.utils.translation import gettext_lazy as _

from accounts.choices import RecordKind
from accounts.registry import Field, fields
from accounts.selectors.expectations import next_touch_expression, silence_expression

fields.register("next_touch_on")(
    Field(
        "next_touch_on",
        "date",
        _("Next touch due"),
        "accounts",
        next_touch_expression,
        template="renewal",
        is_filter=True,
        now_only=True,
        told_by=RecordKind.TOUCHPOINT,
    )
)
fields.register("touchpoint.silence")(
    Field(
        "touchpoint.silence",
        "number",
        _("Silence in cadences"),
        "accounts",
        silence_expression,
        now_only=True,
        in_rest=False,
    )
)
