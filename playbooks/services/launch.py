"""Start a playbook for an account by hand, whatever its trigger."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy

from accounts.models import Account
from accounts.services.accounts import lock_account
from config.lib.problems import Conflict
from playbooks.models import Playbook, PlaybookRun, PlaybookVersion
from playbooks.services.plans import plan_steps
from playbooks.services.steps import open_steps_of


class AlreadyRunning(Conflict):
    """The playbook runs for this account."""

    code = "already_running"
    title = gettext_lazy("This playbook is running for the account already.")


class PlaybookIsOff(Conflict):
    """The playbook is switched off or archived."""

    code = "playbook_is_off"
    title = gettext_lazy("This playbook is switched off.")


@transaction.atomic
def launch_playbook(*, playbook: Playbook, account: Account, at: dt.datetime) -> PlaybookRun:
    """Begin a run now and open its first steps; the cool-down does not hold back a person.

    The account is locked, as by every start, so that two launches at once make one run.

    :raises AccountArchived: for an account that is archived, or went into another.
    :raises PlaybookIsOff: for a playbook that is switched off.
    :raises AlreadyRunning: when a run of it is open for the account.
    """
    lock_account(account)
    if not Playbook.objects.active().filter(pk=playbook.pk).exists():
        raise PlaybookIsOff
    runs = PlaybookRun.objects.filter(playbook=playbook, account=account)
    if runs.running().exists():
        raise AlreadyRunning
    run = PlaybookRun.objects.create(
        playbook=playbook,
        version=PlaybookVersion.objects.current().get(playbook=playbook),
        account=account,
        episode_key=f"manual:{at.isoformat()}",
        entered_at=at,
        started_at=at,
    )
    plan_steps(runs=[run], at=at)
    open_steps_of(runs=[run], at=at)
    return run
