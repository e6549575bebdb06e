"""Who of us looks after the account, on its page."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Organisation
from accounts.registry import panels
from accounts.selectors.team import our_side


class OurSidePanel:
    """Roles held today and handovers that lie ahead."""

    key = "our_side"
    title = _("Our side")
    column = "side"
    order = 40
    template = "accounts/panels/our_side.html"

    def context(self, *, account: Account, user: Any, at: dt.datetime) -> dict[str, Any] | None:
        """Return the roles of today and of the days ahead."""
        side = our_side(account, today=Organisation.objects.day_of(at))
        return {"roles": side.now, "ahead": side.ahead}


panels.register("our_side")(OurSidePanel())
