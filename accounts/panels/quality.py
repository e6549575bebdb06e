"""What is missing in the record of this account."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from accounts.registry import panels
from accounts.selectors.quality import checks, gap_words, gaps_expression


class QualityPanel:
    """The gaps of the record, in words; nothing where it is complete."""

    key = "quality"
    title = _("Gaps in the record")
    column = "side"
    order = 70
    template = "accounts/panels/quality.html"

    def context(self, *, account: Account, user: Any, at: dt.datetime) -> dict[str, Any] | None:
        """Return what is missing; None for a complete record."""
        if not hasattr(account, "missing"):
            rows = Account.objects.annotate(missing=gaps_expression(at))
            account = rows.get(pk=account.pk)
        missing = account.missing  # type: ignore[attr-defined]
        if not missing:
            return None
        return {"missing": gap_words(missing), "complete": 1 - len(missing) / len(checks())}


panels.register("quality")(QualityPanel())
