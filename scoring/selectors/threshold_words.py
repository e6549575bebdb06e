"""Why a bound is proposed, in words."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from config.lib import formats
from scoring.domain.thresholds import Room
from scoring.selectors.thresholds import Answer

BOUND_LABELS: dict[str, Any] = {
    "at_risk": gettext_lazy("At risk below"),
    "critical": gettext_lazy("Critical below"),
}


def reason_of(answer: Answer) -> str:
    """Say in two sentences which bound is proposed and what it is held against."""
    now, then = answer.proposal.now, answer.proposal.then
    told = {
        "bound": BOUND_LABELS[answer.asked.bound],
        "now": formats.number(now.bound),
        "then": formats.number(then.bound),
    }
    if answer.proposal.is_change:
        move = _("%(bound)s %(then)s instead of %(now)s.") % told
    else:
        move = _("%(bound)s %(now)s, as it is.") % told
    below = ngettext(
        "%(n)s account lies below it; the teams can take up %(room)s.",
        "%(n)s accounts lie below it; the teams can take up %(room)s.",
        then.accounts,
    ) % {"n": formats.number(then.accounts), "room": room_words(answer.room)}
    return pgettext("two sentences", "%(first)s %(second)s") % {"first": move, "second": below}


def room_words(room: Room) -> str:
    """Say how many accounts fit into a cycle and why."""
    said = {
        "accounts": formats.number(room.accounts),
        "members": formats.number(room.members),
        "per_week": formats.number(room.per_week),
        "weeks": formats.number(room.weeks),
    }
    words = _("%(accounts)s (%(members)s members × %(per_week)s a week × %(weeks)s weeks)") % said
    if room.paid is not None and room.paid < room.hands:
        return _("%(accounts)s, which is what the budget of %(weeks)s weeks pays for") % said
    return words
