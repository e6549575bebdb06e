"""What lists of the surveys app can be filtered by."""

import django_filters as filters

from accounts.api.filters import IntegerFilter
from surveys.models import Response, Survey, Wave


class SurveyFilter(filters.FilterSet):
    class Meta:
        model = Survey
        fields = ("mode",)


class WaveFilter(filters.FilterSet):
    class Meta:
        model = Wave
        fields = ("survey", "state")


class ResponseFilter(filters.FilterSet):
    answered_at = filters.IsoDateTimeFromToRangeFilter()
    kind = filters.CharFilter()
    score = IntegerFilter()

    class Meta:
        model = Response
        fields = ("account", "contact", "survey", "wave", "score")
