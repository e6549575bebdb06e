"""Why an alert is there, or a score moved, in a sentence with its numbers; never from pieces."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.lib import formats
from scoring.choices import AlertCause, AlertKind, Band
from scoring.models import HealthAlert
from scoring.selectors.causes import Cause


def alert_reason(alert: HealthAlert, cause: Cause | None, *, today: dt.date) -> str:
    """Say in a sentence why an alert is there, with numbers."""
    end = alert.closed_at.date() if alert.closed_at else today
    match alert.kind:
        case AlertKind.USAGE_SILENCE:
            days = (end - (alert.quiet_since or alert.day)).days
            words = ngettext("No usage for %(n)s day.", "No usage for %(n)s days.", days)
            return words % {"n": days}
        case AlertKind.TALK_SILENCE:
            days = (end - (alert.quiet_since or alert.day)).days
            words = ngettext("No talk for %(n)s day.", "No talk for %(n)s days.", days)
            return words % {"n": days}
        case AlertKind.COVERAGE_LOST:
            since = formats.day_short(alert.quiet_since or alert.day, today)
            return _("Too little data for a score since %(day)s.") % {"day": since}
        case AlertKind.DECLINE:
            return _decline(alert, cause)
        case _:
            return _crossing(alert, cause, today)


def move_reason(cause: Cause | None, change: float) -> str:
    """Say what moved a score most."""
    if cause is None:
        return _("Several parts moved together, or the scorecard changed.")
    words = {"points": formats.delta(cause.points, 1), "measure": cause.name}
    match cause.part:
        case AlertCause.MEASURE:
            return _("Most of it: %(measure)s (%(points)s)") % words
        case AlertCause.GATES:
            return _("Most of it: a limit rule (%(points)s)") % words
        case AlertCause.OVERRIDE:
            return _("Most of it: an override (%(points)s)") % words
        case AlertCause.ROLLUP:
            return _("Most of it: the accounts below (%(points)s)") % words
        case _:
            return _("Most of it: signals heard (%(points)s)") % words


def _decline(alert: HealthAlert, cause: Cause | None) -> str:
    words = {"change": formats.delta(alert.change or 0, 1)}
    if cause is None or cause.part != AlertCause.MEASURE:
        return _("The trend is %(change)s points in 30 days.") % words
    words |= {"measure": cause.name, "points": formats.delta(cause.points, 1)}
    return (
        _("The trend is %(change)s points in 30 days, most by “%(measure)s” (%(points)s).") % words
    )


def _crossing(alert: HealthAlert, cause: Cause | None, today: dt.date) -> str:
    if alert.score is None:
        return ""
    words = {"score": formats.score(alert.score), "band": Band(alert.band).label}
    if cause is not None and cause.part == AlertCause.OVERRIDE and not round(cause.points, 1):
        return _("An override sets the band to %(band)s; the score is %(score)s.") % words
    before = "" if alert.before is None else formats.score(alert.before)
    if alert.before is None or alert.compared_on is None or alert.before <= alert.score:
        return _("The score is %(score)s: %(band)s.") % words
    if before == words["score"]:
        return _("The score is %(score)s: %(band)s.") % words
    words |= {
        "before": before,
        "day": formats.day_short(alert.compared_on, today),
    }
    if cause is None:
        return _("%(before)s → %(score)s since %(day)s.") % words
    words |= {"points": formats.delta(cause.points, 1), "measure": cause.name}
    match cause.part:
        case AlertCause.MEASURE:
            return (
                _("%(before)s → %(score)s since %(day)s, most by “%(measure)s” (%(points)s).")
                % words
            )
        case AlertCause.GATES if cause.name:
            words |= {"gate": cause.name}
            return _("%(before)s → %(score)s since %(day)s, held down by: %(gate)s") % words
        case AlertCause.GATES:
            return _("%(before)s → %(score)s since %(day)s, by a limit rule (%(points)s).") % words
        case AlertCause.OVERRIDE:
            return _("%(before)s → %(score)s since %(day)s, by an override (%(points)s).") % words
        case AlertCause.ROLLUP:
            return (
                _("%(before)s → %(score)s since %(day)s, by the accounts below (%(points)s).")
                % words
            )
        case _:
            return (
                _("%(before)s → %(score)s since %(day)s, most by signals heard (%(points)s).")
                % words
            )
