"""Take a proposed bound over into a draft; it acts once that is reviewed and published."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from config.lib.problems import Conflict, Problem
from scoring.models import ScorecardVersion
from scoring.selectors.threshold_words import reason_of
from scoring.selectors.thresholds import Answer, Asked, propose_threshold
from scoring.services.scorecards import change_draft


class NothingToPropose(Problem):
    """Nobody is judged by the scorecard yet, or nobody works in the teams of its accounts."""

    code = "nothing_to_propose"
    title = _("Nobody is judged by this scorecard yet, or its teams have no members.")


class ProposalChanged(Conflict):
    """The book moved since the proposal was made."""

    code = "proposal_changed"
    title = _("The proposal is another one by now. Look at it again.")


def ask_threshold(*, version: ScorecardVersion, asked: Asked, at: dt.datetime) -> Answer:
    """Return the proposal for a bound of a version; nothing is changed.

    :raises NothingToPropose: when there is nobody to propose it for.
    """
    answer = propose_threshold(version=version, asked=asked, on=Organisation.objects.day_of(at))
    if answer is None:
        raise NothingToPropose
    return answer


@transaction.atomic
def take_threshold(
    *,
    version: ScorecardVersion,
    asked: Asked,
    bound: float,
    at: dt.datetime,
    read: str | None = None,
) -> Answer:
    """Write a proposed bound into a draft, and why into its note.

    :param bound: the bound that was proposed and agreed to.
    :param read: digest of the wording it was proposed for.
    :raises NothingToPropose: when there is nobody to propose it for.
    :raises ProposalChanged: when another bound is proposed by now.
    :raises NotADraft: when the version is in review or published.
    :raises ChangedSince: when it is worded otherwise by now.
    """
    answer = ask_threshold(version=version, asked=asked, at=at)
    if answer.proposal.then.bound != bound:
        raise ProposalChanged
    said = version.definition
    definition = {**said, "bands": {**said.get("bands", {}), asked.bound: bound}}
    note = "\n".join(filter(None, [version.note, reason_of(answer)]))
    change_draft(version=version, definition=definition, note=note, at=at, read=read)
    return answer
