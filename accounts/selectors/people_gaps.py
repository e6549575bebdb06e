"""What is missing among the customer's people and what changed, in sentences with numbers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.choices import ContactState, RelationKind, StakeholderRoleKind, Stance
from accounts.domain.people_gaps import Gap
from accounts.selectors.map_parts import MapChange
from config.lib import formats


@dataclass(frozen=True)
class GapSentence:
    """A gap as it is read: which kind, the sentence, and whom it is about."""

    kind: str
    text: str
    contact: int | None
    role: str


def gap_sentences(gaps: Iterable[Gap], names: Mapping[int, str]) -> list[GapSentence]:
    """Return the sentences of gaps in the reader's language.

    :param names: how people are called, by their id.
    """
    return [GapSentence(gap.kind, _sentence(gap, names), gap.person, gap.role) for gap in gaps]


def change_sentence(change: MapChange) -> str:
    """Return what changed on the map in the reader's language."""
    if change.kind == "state":
        words = {"person": str(change.person), "state": str(ContactState(change.word).label)}
        return _("%(person)s: %(state)s") % words
    if change.kind == "stance":
        words = {"person": str(change.person), "stance": str(Stance(change.word).label)}
        return _("%(person)s is now: %(stance)s") % words
    if change.kind.startswith("role"):
        role = StakeholderRoleKind(change.word).label
        words = {"person": str(change.person), "role": str(role)}
        begins, ends = _("%(person)s becomes: %(role)s"), _("%(person)s is no longer: %(role)s")
        return (begins if change.kind == "role_begins" else ends) % words
    words = {"person": str(change.person), "other": str(change.other)}
    begun, ended = _line_templates()[change.word]
    return (begun if change.kind == "line_begins" else ended) % words


def _line_templates() -> dict[str, tuple[str, str]]:
    return {
        RelationKind.REPORTS_TO: (
            _("%(person)s now reports to %(other)s"),
            _("%(person)s no longer reports to %(other)s"),
        ),
        RelationKind.INFLUENCES: (
            _("%(person)s now influences %(other)s"),
            _("%(person)s no longer influences %(other)s"),
        ),
        RelationKind.CONFLICTS: (
            _("%(person)s and %(other)s are in conflict"),
            _("%(person)s and %(other)s are no longer in conflict"),
        ),
    }


def _sentence(gap: Gap, names: Mapping[int, str]) -> str:
    words = {
        "role": str(StakeholderRoleKind(gap.role).label) if gap.role else "",
        "person": names.get(gap.person or 0, ""),
        "n": formats.number(gap.number),
        "day": formats.day(gap.on) if gap.on else "",
    }
    return _template(gap) % words


def _template(gap: Gap) -> str:
    if gap.kind == "unconfirmed_role" and gap.on:
        return _("%(role)s: %(person)s was last confirmed %(n)s days ago.")
    if gap.kind == "single_thread":
        return _("In the last %(n)s days we talked to %(person)s only.")
    if gap.kind == "silence":
        return ngettext("No talk for %(n)s day.", "No talk for %(n)s days.", gap.number)
    if gap.kind == "ghosts":
        return ngettext(
            "%(n)s person uses the product and is not known to us.",
            "%(n)s people use the product and are not known to us.",
            gap.number,
        )
    if gap.kind == "departed" and gap.role:
        return _("%(person)s (%(role)s) left the post on %(day)s; get to know the successor.")
    if gap.kind == "departed_no_successor" and gap.role:
        return _("%(person)s (%(role)s) left the post on %(day)s. The successor is not known.")
    return {
        "empty_role": _("%(role)s: nobody."),
        "unconfirmed_role": _("%(role)s: %(person)s was never confirmed."),
        "never_talked": _("We have not talked to anybody yet."),
        "departed": _("%(person)s left the post on %(day)s."),
        "departed_no_successor": _("%(person)s left the post on %(day)s, without a successor."),
        "long_in_post": _(
            "%(person)s (%(role)s) has been in post for over %(n)s years; a transfer may be near."
        ),
    }[gap.kind]
