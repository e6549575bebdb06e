"""The tables of the surveys app: what is asked, who is invited, what identified people said."""

from surveys.models.invitation import Invitation, InvitationToken
from surveys.models.response import Response
from surveys.models.survey import Survey, Wave

__all__ = ["Invitation", "InvitationToken", "Response", "Survey", "Wave"]
