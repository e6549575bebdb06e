"""How complete the record of an account is, and how much is missing."""

from django.utils.translation import gettext_lazy as _

from accounts.registry import Field, fields
from accounts.selectors.quality import completeness_expression, gap_count_expression

fields.register("completeness")(
    Field(
        "completeness",
        "number",
        _("Completeness"),
        "accounts",
        completeness_expression,
        template="share",
        now_only=True,
    )
)
fields.register("gaps")(
    Field(
        "gaps",
        "number",
        _("Gaps in the record"),
        "accounts",
        gap_count_expression,
        now_only=True,
    )
)
