"""Every closed list of the playbooks app; stored values are lower-case slugs."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class VersionState(TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


class RunState(TextChoices):
    """`skipped` keeps an episode that was judged and did not start, with the reason."""

    RUNNING = "running", pgettext_lazy("playbook run", "Running")
    ENDED = "ended", pgettext_lazy("playbook run", "Ended")
    SKIPPED = "skipped", pgettext_lazy("playbook run", "Not started")


class RunOutcome(TextChoices):
    RECOVERED = "recovered", pgettext_lazy("outcome of a run", "Recovered")
    STABILISED = "stabilised", pgettext_lazy("outcome of a run", "Stabilised")
    COMPLETED = "completed", pgettext_lazy("outcome of a run", "All steps done")
    LOST = "lost", pgettext_lazy("outcome of a run", "Lost")
    FALSE_ALARM = "false_alarm", _("False alarm")
    STOPPED = "stopped", pgettext_lazy("outcome of a run", "Stopped")


class RunReason(TextChoices):
    """Why a run ended or did not start."""

    EXIT_CONDITION = "exit_condition", _("The exit condition holds")
    STEPS_DONE = "steps_done", _("All steps are done")
    BY_HAND = "by_hand", _("Stopped by hand")
    COOL_DOWN = "cool_down", _("The last run is too recent")
    ALREADY_RUNNING = "already_running", _("A run is open already")
    SUPERSEDED = "superseded", _("A later episode had begun")
    ALREADY_OVER = "already_over", _("The condition was over before the start")
    MERGED = "merged", _("The account was merged")


class StepState(TextChoices):
    WAITING = "waiting", pgettext_lazy("playbook step", "Planned")
    OPEN = "open", pgettext_lazy("playbook step", "Open")
    DONE = "done", pgettext_lazy("playbook step", "Done")
    CANCELLED = "cancelled", pgettext_lazy("playbook step", "Cancelled")


class TaskStatus(TextChoices):
    OPEN = "open", pgettext_lazy("task", "Open")
    SNOOZED = "snoozed", pgettext_lazy("task", "Snoozed")
    DONE = "done", pgettext_lazy("task", "Done")
    CANCELLED = "cancelled", pgettext_lazy("task", "Cancelled")


class TaskPriority(TextChoices):
    LOW = "low", pgettext_lazy("priority", "Low")
    NORMAL = "normal", pgettext_lazy("priority", "Normal")
    HIGH = "high", pgettext_lazy("priority", "High")


class TaskOutcome(TextChoices):
    ACHIEVED = "achieved", pgettext_lazy("outcome of a task", "Achieved")
    NO_REPLY = "no_reply", pgettext_lazy("outcome of a task", "No reply")
    NOT_NEEDED = "not_needed", pgettext_lazy("outcome of a task", "Not needed")


class StepRole(TextChoices):
    """Who of us a step is for: a role on the account, or the manager of its team."""

    ACCOUNT_MANAGER = "account_manager", _("Account manager")
    DEPUTY = "deputy", _("Deputy")
    ACCOUNT_OWNER = "account_owner", _("Account owner")
    SOLUTION_ARCHITECT = "solution_architect", _("Solution architect")
    EXECUTIVE_SPONSOR = "executive_sponsor", _("Our executive sponsor")
    ABM_MARKETER = "abm_marketer", _("ABM marketer")
    TEAM_MANAGER = "team_manager", _("Manager of the team")


class DayGroup(TextChoices):
    """Under which heading my day lists a task."""

    OVERDUE = "overdue", _("Overdue")
    TODAY = "today", _("Today")
    THIS_WEEK = "this_week", _("This week")
    NEXT_WEEK = "next_week", _("Next week")
    LATER = "later", _("Later")


class Whose(TextChoices):
    """Whose tasks my day shows."""

    MINE = "mine", _("Mine")
    TEAM = "team", _("My team")
    NOBODY = "nobody", _("Unassigned")
