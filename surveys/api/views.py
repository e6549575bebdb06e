"""The resources `surveys`, `waves` and `responses`."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.response import Response as Answer
from rest_framework.views import APIView

from accounts.api.base import ApiView, ReadOnlyViewSet, RecordViewSet
from accounts.choices import RecordKind
from accounts.models import Account
from config.lib.bodies import read_body
from config.lib.problems import FieldError, Problem
from surveys.api.filters import ResponseFilter, SurveyFilter, WaveFilter
from surveys.api.serializers import (
    InvitationReportSerializer,
    InviteSerializer,
    ResponseSerializer,
    SurveySerializer,
    WaveResultsSerializer,
    WaveSerializer,
)
from surveys.models import Response, Survey, Wave
from surveys.querysets import may_change_surveys, may_see_figures
from surveys.registry import kinds
from surveys.selectors import Result, results_by_wave
from surveys.services.invitations import invite_contacts
from surveys.services.surveys import create_survey
from surveys.services.waves import open_wave


class ContactsNotYours(Problem):
    """Some of the people belong to accounts the caller may not send surveys to."""

    status = 403
    code = "contacts_not_yours"
    title = _("You may not invite these people.")


class MayChangeSurveys(BasePermission):
    """Surveys and waves belong to no account, so the policy for surveys alone decides."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.method in SAFE_METHODS or may_change_surveys(request.user)


class SurveyViewSet(RecordViewSet):
    """What is asked. A survey is made once and not changed: its waves must stay comparable."""

    queryset = Survey.objects.all()
    serializer_class = SurveySerializer
    filterset_class = SurveyFilter
    permission_classes = (*ApiView.permission_classes, MayChangeSurveys)
    http_method_names = ["get", "post", "head", "options"]
    ordering_fields = ("id", "name", "created_at")
    ordering = "-created_at"

    def make(self, data: dict[str, Any]) -> Survey:
        return create_survey(created_by=self.me, at=self.at, **data)


class WaveViewSet(RecordViewSet):
    """A survey put to people over some days."""

    queryset = Wave.objects.select_related("survey")
    serializer_class = WaveSerializer
    filterset_class = WaveFilter
    permission_classes = (*ApiView.permission_classes, MayChangeSurveys)
    http_method_names = ["get", "post", "head", "options"]
    ordering_fields = ("id", "opens_on", "closes_on")
    ordering = "-opens_on"

    def make(self, data: dict[str, Any]) -> Wave:
        return open_wave(at=self.at, **data)

    @extend_schema(request=InviteSerializer, responses=InvitationReportSerializer)
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def invite(self, request: Request, pk: str) -> Answer:
        """Invite contacts; who may not be asked now is counted by reason."""
        wave = self.get_object()
        asked = read_body(
            InviteSerializer(data=request.data, context=self.get_serializer_context())
        )
        contacts = asked["contacts"]
        mine = Account.objects.open_for(self.me, RecordKind.SURVEY).filter(
            pk__in={contact.account_id for contact in contacts}
        )
        mine_ids = set(mine.values_list("pk", flat=True))
        foreign = [
            FieldError(f"/contacts/{place}", ContactsNotYours.title)
            for place, contact in enumerate(contacts)
            if contact.account_id not in mine_ids
        ]
        if foreign:
            raise ContactsNotYours(errors=foreign)
        report = invite_contacts(
            wave=wave, contact_ids=[contact.pk for contact in contacts], at=self.at
        )
        return Answer({"invited": report.invited, "held": report.held})

    @extend_schema(responses=WaveResultsSerializer)
    @action(detail=True, filter_backends=[], pagination_class=None)
    def results(self, request: Request, pk: str) -> Answer:
        """Return whole cells with number, NPS and interval, computed over everything."""
        wave = self.get_object()
        if not may_see_figures(request.user):
            raise PermissionDenied
        result = results_by_wave([(wave.pk, kinds.get(wave.survey.kind))])[wave.pk]
        return Answer(
            {
                "invited": result.invited,
                "answered": result.rate.hits,
                "cells": [_cell(result)] if result.nps and result.nps.n else [],
            }
        )


class ResponseViewSet(ReadOnlyViewSet):
    """Identified answers of accounts the caller may see surveys of."""

    queryset = Response.objects.filter(retracted_at=None)
    serializer_class = ResponseSerializer
    filterset_class = ResponseFilter
    ordering_fields = ("id", "answered_at", "score")
    ordering = "-answered_at"


def _cell(result: Result) -> dict[str, Any]:
    nps = result.nps
    assert nps is not None
    return {
        "level": "organisation",
        "n": nps.n,
        "nps": nps.score,
        "interval": [nps.low, nps.high],
        "label": "indicative" if nps.is_indicative else "",
    }
