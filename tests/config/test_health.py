import json

import pytest

from config.heartbeat import KEY, broker, record_heartbeat
from config.tasks import sweep


@pytest.fixture(autouse=True)
def no_beat_yet() -> None:
    broker().delete(KEY)


def checks(response) -> dict[str, bool]:
    return {name: found["ok"] for name, found in json.loads(response.content)["checks"].items()}


def test_the_process_is_alive_without_asking_the_database(client) -> None:
    assert client.get("/healthz").content == b"ok"


@pytest.mark.django_db
def test_it_is_ready_once_the_beat_has_reached_a_worker(client) -> None:
    sweep()
    response = client.get("/readyz")
    assert response.status_code == 200
    assert all(checks(response).values())


@pytest.mark.django_db
def test_without_a_beat_it_is_not_ready(client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 503
    assert checks(response) == {
        "database": True,
        "broker": True,
        "migrations": True,
        "beat": False,
    }


@pytest.mark.django_db
def test_a_beat_three_minutes_ago_is_too_old(client) -> None:
    broker().set(KEY, int(broker().time()[0]) - 181)
    assert checks(client.get("/readyz"))["beat"] is False


@pytest.fixture
def no_broker(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    broker.cache_clear()
    yield
    broker.cache_clear()


@pytest.mark.django_db
def test_without_its_broker_it_is_not_ready(client, no_broker) -> None:
    response = client.get("/readyz")
    assert response.status_code == 503
    assert checks(response)["broker"] is False


@pytest.mark.django_db
def test_prometheus_reads_checks_queues_and_answers_by_route(client) -> None:
    record_heartbeat()
    client.get("/healthz")
    said = client.get("/metrics").content.decode()
    assert 'yorisoi_ready{check="database"} 1.0' in said
    assert 'yorisoi_queue_length{queue="default"}' in said
    assert 'route="healthz"' in said


@pytest.mark.django_db
def test_with_a_token_set_metrics_are_for_those_who_know_it(client, settings) -> None:
    settings.METRICS_TOKEN = "s3cret"
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer s3cret"}).status_code == 200


@pytest.mark.django_db
def test_readiness_is_cheap_once_the_tables_are_known_to_be_complete(
    client, django_assert_num_queries
) -> None:
    client.get("/readyz")
    with django_assert_num_queries(1):
        client.get("/readyz")


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("203.0.113.9", {}, 401),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}, 401),
    ],
)
@pytest.mark.django_db
def test_without_a_token_metrics_are_for_this_machine_alone(client, address, headers, status):
    assert client.get("/metrics", headers=headers, REMOTE_ADDR=address).status_code == status
