"""The ids an account has in other systems, as a column and in files."""

from django.utils.translation import gettext_lazy as _

from accounts.registry import Field, fields
from accounts.selectors.external_ids import external_ids_expression

fields.register("external_ids")(
    Field(
        "external_ids",
        "text",
        _("Ids in other systems"),
        "accounts",
        lambda at: external_ids_expression(),
        is_sortable=False,
        now_only=True,
    )
)
