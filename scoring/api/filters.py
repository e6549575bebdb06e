"""What lists of the scoring app can be filtered by."""

import django_filters as filters

from scoring.models import Measurement


class MeasurementFilter(filters.FilterSet):
    measured_at = filters.IsoDateTimeFromToRangeFilter()

    class Meta:
        model = Measurement
        fields = ("account", "key", "external_id")
