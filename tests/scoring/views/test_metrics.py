"""Measures in the settings: seen before they are saved, each fault beside its field."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.lib.clock import app_now
from scoring.models import CustomMetric, EventSeries
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
from tests.scoring.ingest import deliver, make_item, make_write_key

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


@pytest.fixture
def plans(team):
    key = make_write_key()
    make_scored_account(external_id="cust-1", team=team)
    for ago, plan in ((4, "pro"), (3, 7), (2, "free"), (1, ["pro"])):
        at = app_now() - ago * ONE_DAY
        item = make_item(event="Order", groupId="cust-1", timestamp=at, properties={"plan": plan})
        deliver(key, item, at=app_now())


def test_the_newest_value_and_how_many_there_are_can_be_seen_before_they_are_saved(client, plans):
    typed = typed_metric(event="Order", value_of="plan", account="cust-1", preview="1")

    newest = client.post(NEW, typed | {"aggregate": "last", "codes": "pro = 1.5\nfree = 0"})
    kinds = client.post(NEW, typed | {"aggregate": "distinct"}).content.decode()

    assert '<span class="y-fig">0</span>' in newest.content.decode()
    assert "In 1 of the 4 newest events “plan”" in newest.content.decode()
    assert '<span class="y-fig">3</span>' in kinds
    assert not EventSeries.objects.exists()


def test_texts_and_their_numbers_are_saved_and_shown_again(client, plans):
    typed = typed_metric(aggregate="last", value_of="plan", codes="pro = 1.5\nfree = 0")
    client.post(NEW, typed)

    metric = CustomMetric.objects.get()
    assert metric.spec["codes"] == {"pro": 1.5, "free": 0}
    page = client.get(f"{LIST}{metric.pk}/").content.decode()
    assert "pro = 1.5\nfree = 0" in page
    assert "Newest value: Order · plan" in client.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"event": "Oder"}, "No event of this name has ever come in."),
        ({"filter": "plan = pro"}, "None of the newest events carries this property."),
        ({"filter": "plan"}, "Write each line as property = value."),
        ({"source": "attribute"}, "This does not go with where the measure reads from."),
        ({"aggregate": "last", "value_of": "seats", "codes": "pro"}, "Write each line as text"),
        ({"aggregate": "last", "value_of": "seats"}, "None of the newest events carries"),
        ({"aggregate": "distinct", "codes": "pro = 1"}, "does not go with what the measure makes"),
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
