"""What can't be is sent: a clear error names the field, and no score changes."""

import base64
import copy
import datetime as dt
import json

import pytest
from django.utils import timezone

from accounts.models import DirtyAccount
from accounts.services.segments import save_segment
from config.lib.clock import app_now
from scoring.models import HealthCurrent, HealthDaily, IngestBatch, MetricValue, UsageDay
from scoring.services.ingest.batches import process_accepted
from scoring.services.runs import recompute_dirty
from scoring.services.write_keys import create_write_key
from tests.factories import make_user
from tests.scoring.factories import (
    DAY,
    SMALL,
    close_day,
    install_scorecards,
    last_days,
    make_event_name,
    make_live_source,
    make_paid_invoice,
    make_scored_account,
    make_usage,
)
from tests.scoring.ingest import make_item

pytestmark = pytest.mark.django_db

CARDS, METRICS = "/api/v1/scorecards/", "/api/v1/metrics/"
MEASURE = "/definition/dimensions/0/measures/0"
ORDERS = {"source": "events", "aggregate": "sum", "event": "Order", "sum_of": "yen", "window": 28}
OVERRIDE = "/api/v1/accounts/{account}/health/override/"


def card(**measure):
    definition = copy.deepcopy(SMALL)
    definition["dimensions"][0]["measures"][0] |= measure
    return {"key": "new", "name_en": "N", "name_ja": "N", "condition": {"tier": "b"}} | {
        "definition": definition
    }


def measure(**spec):
    said = {name: value for name, value in (ORDERS | spec).items() if value is not None}
    return {"key": "yen", "label_en": "Yen", "label_ja": "円", "spec": said}


@pytest.fixture
def account():
    """A customer with a score, and a segment nobody falls into."""
    install_scorecards()
    account = make_scored_account()
    make_live_source(account=account, days=60)
    make_paid_invoice(account)
    make_usage(account=account, days=last_days(60), users=6)
    make_event_name("Order")
    empty = {"combinator": "and", "rules": [{"field": "tier", "operator": "=", "value": "a"}]}
    save_segment(key="nobody", name_en="Nobody", name_ja="なし", rule=empty, at=app_now())
    close_day(DAY, account)
    DirtyAccount.objects.all().delete()
    assert HealthCurrent.objects.get().score is not None
    return account


def health():
    recompute_dirty(at=app_now())
    return [list(model.objects.values()) for model in (HealthCurrent, HealthDaily, MetricValue)]


@pytest.mark.parametrize(
    ("method", "path", "body", "pointer"),
    [
        pytest.param("post", CARDS, card(weight=0), f"{MEASURE}/weight", id="weights of zero"),
        pytest.param(
            "post", CARDS, card(curve=[[-50, 0], [0, 80], [50, 20]]), f"{MEASURE}/curve",
            id="a curve that is not monotone",
        ),
        pytest.param(
            "post", METRICS, measure(sum_of="dollars"), "/spec/sum_of", id="an unknown property"
        ),
        pytest.param(
            "post", METRICS, measure(aggregate="count", sum_of=None, segment="nobody"),
            "/spec/segment", id="a segment nobody falls into",
        ),
        pytest.param(
            "put", OVERRIDE, {"kind": "value", "value": 10}, "/reason", id="without a reason"
        ),
        pytest.param(
            "put", OVERRIDE, {"kind": "value", "value": "nan", "reason": "M&A"}, "/value", id="NaN"
        ),
    ],
)  # fmt: skip
def test_a_fault_names_its_field_and_no_score_changes(api, account, method, path, body, pointer):
    before = health()
    client = api(make_user(role="administrator"))

    answer = getattr(client, method)(path.format(account=account.pk), body, format="json")

    assert answer.status_code == 400, answer.json()
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert pointer in {error["pointer"] for error in answer.json()["errors"]}
    assert all(error["detail"] for error in answer.json()["errors"])
    assert not DirtyAccount.objects.exists()
    assert health() == before


@pytest.mark.parametrize("path", [CARDS, METRICS, OVERRIDE])
@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b'{"value": NaN, "definition": NaN}', 400, "parse_error"),
        (b'{"key": "' + b"x" * 10_000_000 + b'"}', 413, "too_large"),
    ],
    ids=["NaN", "10 MB"],
)
def test_what_is_no_json_of_ours_is_refused_and_no_score_changes(
    api, account, path, body, status, code
):
    before = health()
    client = api(make_user(role="administrator"))
    method = client.put if path == OVERRIDE else client.post

    answer = method(path.format(account=account.pk), body, content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["detail"]
    assert health() == before


def send(client, item):
    secret = create_write_key(name="Product")[1]
    credentials = base64.b64encode(f"{secret}:".encode()).decode()
    return client.post(
        "/v1/batch",
        json.dumps({"batch": [item]}, default=str).encode(),
        content_type="application/json",
        headers={"Authorization": f"Basic {credentials}"},
    )


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"timestamp": timezone.now() + dt.timedelta(hours=2)}, "/batch/0/timestamp"),
        ({"properties": {"yen": float("nan")}}, "/batch/0/properties/yen"),
    ],
    ids=["of the future", "NaN"],
)
def test_an_event_that_can_not_be_is_named_and_no_score_changes(client, account, fields, pointer):
    before, used = health(), UsageDay.objects.count()
    item = make_item(**{"timestamp": timezone.now(), **fields})

    answer = send(client, item)

    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert not IngestBatch.objects.exists()
    process_accepted(at=app_now())
    assert UsageDay.objects.count() == used
    assert health() == before
