from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Segment
from scoring.models import KpiTarget
from scoring.services.kpi_targets import BadKpiTarget, set_kpi_target
from tests.factories import make_organisation, make_team, make_user
from tests.route_records import HOUSE
from tests.scoring.factories import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def organisation():
    make_organisation()


def want(**fields):
    return set_kpi_target(**{"kpi": "nrr", "period": "FY2026", "at": NOON, **fields})


def test_a_target_is_set_changed_and_taken_back():
    by = make_user(role="manager")

    want(rate=Decimal("1.04"), by=by)
    want(rate=Decimal("1.06"), amount=Decimal(900), by=by)
    row = KpiTarget.objects.get()
    gone = want(by=by)

    assert (row.rate, row.count, row.amount) == (Decimal("1.06"), None, Decimal(900))
    assert gone is None
    assert not KpiTarget.objects.exists()


def test_every_change_is_in_the_history():
    want(rate=Decimal("1.04"))
    want(rate=Decimal("1.06"))
    want()

    labels = KpiTarget.pgh_event_model.objects.order_by("pgh_id").values_list("pgh_label", "rate")
    assert [label for label, _rate in labels] == ["insert", "update", "delete"]
    assert [rate for _label, rate in labels][:2] == [Decimal("1.04"), Decimal("1.06")]


def test_everybody_a_team_and_a_segment_have_targets_of_their_own():
    segment = HOUSE[Segment]()

    want(rate=Decimal(1))
    want(rate=Decimal(2), team=make_team())
    want(rate=Decimal(3), segment=segment)

    assert KpiTarget.objects.count() == 3


@pytest.mark.parametrize(
    ("fields", "pointers"),
    [
        ({"kpi": "nps", "rate": Decimal(1)}, {"/kpi"}),
        ({"period": "12m", "rate": Decimal(1)}, {"/period"}),
        ({"period": "soon", "rate": Decimal(11)}, {"/period", "/rate"}),
        ({"rate": Decimal("-1.1")}, {"/rate"}),
        ({"count": -1, "amount": Decimal(-1)}, {"/count", "/amount"}),
        ({"kpi": "arr", "rate": Decimal(1)}, {"/rate"}),
    ],
)
def test_what_can_not_be_wanted_is_named(fields, pointers):
    want(rate=Decimal(1))

    with pytest.raises(BadKpiTarget) as caught:
        want(**fields)

    assert {error.pointer for error in caught.value.errors} == pointers
    assert KpiTarget.objects.get().rate == 1


def test_nothing_is_wanted_of_a_team_within_a_segment():
    team, segment = make_team(), HOUSE[Segment]()

    with pytest.raises(BadKpiTarget) as caught:
        want(rate=Decimal(1), team=team, segment=segment)
    with pytest.raises(IntegrityError), transaction.atomic():
        KpiTarget.objects.create(kpi="nrr", period="FY2026", team=team, segment=segment, rate=1)

    assert [error.pointer for error in caught.value.errors] == ["/segment"]
