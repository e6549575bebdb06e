"""What playbooks add to the account page: runs with their steps, and the open tasks."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.choices import RecordKind
from accounts.models import Account
from accounts.querysets import reach_of
from accounts.registry import panels
from playbooks.selectors.account_work import runs_of, tasks_of


class RunsPanel:
    """The open runs and the one that ended last, step by step; then every open task."""

    key = "playbooks"
    title = _("Playbooks")
    column = "side"
    order = 20
    template = "playbooks/panels/runs.html"

    def context(self, *, account: Account, user: Any, at: dt.datetime) -> dict[str, Any] | None:
        """Return runs and tasks within the reader's reach; None for who has none."""
        if not reach_of(user).covers(account, RecordKind.TASK):
            return None
        return {
            "runs": runs_of(account, user=user, at=at),
            "rows": tasks_of(account, user=user, at=at),
            "is_editable": Account.objects.open_for(user, RecordKind.TASK)
            .filter(pk=account.pk)
            .exists(),
        }


panels.register("playbooks")(RunsPanel())
