"""React to changes of health: end runs whose exit condition holds, start runs of new episodes."""

import datetime as dt
from collections.abc import Sequence

from playbooks.services import batches
from playbooks.services.runs import close_exited_runs, start_new_runs
from scoring.models import HealthTransition

BELL = "health.transition"


def act_on_transitions(*, at: dt.datetime) -> int:
    """Act on every change of health band not acted on yet; return how many there were.

    The row is the news, `acted_at` the claim; the effects and the claim commit together. The
    account is locked with the row, so that no two workers act on one account at a time: one of
    them could otherwise see an exit before the other's start.
    """

    def claim(besides: set[int]) -> list[HealthTransition]:
        news = HealthTransition.objects.filter(acted_at__isnull=True, at__lte=at)
        locked = news.exclude(pk__in=besides).select_related("account").order_by("pk")
        return list(
            locked.select_for_update(skip_locked=True, no_key=True, of=("self", "account"))[
                : batches.BATCH
            ]
        )

    def act(news: Sequence[HealthTransition]) -> None:
        account_ids = {row.account_id for row in news}
        close_exited_runs(account_ids=account_ids, bell=BELL, at=at)
        start_new_runs(account_ids=account_ids, bell=BELL, at=at)
        HealthTransition.objects.filter(pk__in=[row.pk for row in news]).update(acted_at=at)

    return batches.work_off(claim, act)
