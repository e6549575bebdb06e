"""Custom and computed attributes on the account page."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from accounts.querysets import reach_of
from accounts.registry import panels
from accounts.selectors.attributes import PREFIX, attribute_fields, definitions


class AttributesPanel:
    """Every attribute in use with its value, typed or computed."""

    key = "attributes"
    title = _("Attributes")
    column = "side"
    order = 60
    template = "accounts/panels/attributes.html"

    def context(self, *, account: Account, user: Any, at: dt.datetime) -> dict[str, Any] | None:
        """Return (definition, field, value, word) rows; None where nothing is declared."""
        reach, known = reach_of(user), attribute_fields()
        hidden = {key for key, field in known.items() if not reach.covers(account, field.kind)}
        rows = [row for row in definitions() if f"{PREFIX}.{row.key}" not in hidden]
        if not rows:
            return None
        keys = [f"{PREFIX}.{row.key}" for row in rows if f"{PREFIX}.{row.key}" in known]
        holder = account
        if not all(hasattr(account, known[key].alias) for key in keys):
            holder = Account.objects.with_fields(*keys, at=at).get(pk=account.pk)
        shown = []
        for row in rows:
            field = known.get(f"{PREFIX}.{row.key}")
            value = getattr(holder, field.alias) if field else None
            words = dict(field.choices()) if field and field.choices else {}
            shown.append((row, field, value, words.get(value)))
        return {"attributes": shown, "has_typed": any(not row.is_computed for row in rows)}


panels.register("attributes")(AttributesPanel())
