"""Measures in the settings: seen before they are saved, each fault beside its field."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scoring.models import CustomMetric
from tests.factories import make_organisation, make_team, make_user, our_day
from tests.scoring.factories import (
    ONE_DAY,
    last_days,
    make_event_name,
    make_live_source,
    make_metric,
    make_scorecard,
    make_scored_account,
    make_usage,
    typed_metric,
)

pytestmark = pytest.mark.django_db
LIST, NEW = "/settings/metrics/", "/settings/metrics/new/"


@pytest.fixture
def team(client):
    make_organisation()
    team = make_team()
    client.force_login(make_user(team=team, role="manager", language="en"))
    return team


@pytest.fixture
def accounts(team):
    today = our_day()
    make_event_name("Order")
    accounts = [
        make_scored_account(team=team, name=f"Account {n}", external_id=f"A-{n}") for n in range(4)
    ]
    for n, account in enumerate(accounts[:3], start=1):
        make_live_source(account=account, until=today)
        days = last_days(n, until=today - ONE_DAY)
        make_usage(account=account, days=days, name="Order")
    return accounts


def test_a_preview_shows_one_account_and_the_book_and_stores_nothing(client, accounts):
    answer = client.post(NEW, typed_metric(preview="1", account="A-1")).content.decode()

    assert "A value for 3 of 4 customers; 1 have none." in answer
    assert "<b>Account 1</b>" in answer
    assert 'class="y-histogram"' in answer
    assert not CustomMetric.objects.exists()


def test_a_measure_is_saved_listed_changed_archived_and_brought_back(client, accounts):
    client.post(NEW, typed_metric(expects_usage="on"))
    metric = CustomMetric.objects.get()
    assert (metric.spec["event"], metric.higher_is_better) == ("Order", True)
    assert "Orders" in client.get(LIST).content.decode()

    address = f"{LIST}{metric.pk}/"
    client.post(address, typed_metric(label_en="Orders made", window="7"))
    metric.refresh_from_db()
    assert (str(metric), metric.spec["window"]) == ("Orders made", 7)
    client.post(f"{address}archive/")
    assert CustomMetric.objects.in_use().count() == 0
    client.post(f"{address}restore/")
    assert CustomMetric.objects.in_use().count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"event": "Oder"}, "No event of this name has ever come in."),
        ({"filter": "plan = pro"}, "None of the newest events carries this property."),
        ({"filter": "plan"}, "Write each line as property = value."),
        ({"aggregate": "last"}, "This does not go with where the measure reads from."),
        ({"aggregate": "ratio"}, "This is required."),
        ({"account": "Nobody", "preview": "1"}, "You see no such account."),
        ({"key": "nps"}, "There is a measure with this key."),
    ],
)
def test_a_fault_stands_beside_its_field_and_what_was_typed_is_kept(
    client, accounts, changes, words
):
    answer = client.post(NEW, typed_metric(**changes)).content.decode()

    assert words in answer.replace("&#x27;", "'")
    assert 'value="Orders"' in answer
    assert not CustomMetric.objects.exists()


def test_a_measure_a_scorecard_names_keeps_what_it_counts(client, accounts):
    metric = make_metric("orders")
    make_scorecard({"dimensions": [{"measures": [{"metric": "orders"}]}]})
    address = f"{LIST}{metric.pk}/"

    assert "so what it counts stays" in client.get(address).content.decode()
    client.post(address, typed_metric(label_en="Orders made", window="7"))

    metric.refresh_from_db()
    assert (metric.label_en, metric.spec["window"]) == ("Orders made", 28)


@pytest.mark.parametrize("role", ["member", "viewer", "privacy_officer"])
def test_others_read_the_list_and_write_nothing(client, role):
    make_organisation()
    client.force_login(make_user(team=make_team(), role=role))
    metric = make_metric()

    assert client.get(LIST).status_code == 200
    assert client.get(NEW).status_code == 403
    assert client.post(f"{LIST}{metric.pk}/archive/").status_code == 403


def test_the_list_takes_as_many_queries_for_one_measure_as_for_seven(client, accounts):
    counts = []
    for n in (1, 6):
        for _ in range(n):
            make_metric()
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_the_page_speaks_japanese(client, accounts):
    client.force_login(make_user(team=make_team(), role="manager", language="ja"))

    assert "指標" in client.get(LIST).content.decode()
    assert "プレビュー" in client.get(NEW).content.decode()
