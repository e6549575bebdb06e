"""Sent twice, done once."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth import get_user_model
from django.urls import path
from rest_framework import serializers
from rest_framework.generics import ListCreateAPIView
from rest_framework.test import APIClient

from config.lib.clock import app_now
from config.lib.idempotency import KEPT, IdempotencyMixin, Kept, answer_once
from tests.config.lib.connections import in_own_connection
from tests.config.lib.models import Receipt, Shelf

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


class ShelfSerializer(serializers.ModelSerializer):
    class Meta:
        model = Shelf
        fields = ["id", "name"]

    def validate_name(self, name: str) -> str:
        if name == "bad":
            raise serializers.ValidationError("Not that.")
        return name


class Shelves(IdempotencyMixin, ListCreateAPIView):
    permission_classes: list = []
    queryset = Shelf.objects.all()
    serializer_class = ShelfSerializer
    idempotency_model = Receipt


urlpatterns = [path("shelves/", Shelves.as_view())]


@pytest.fixture
def client() -> APIClient:
    client = APIClient()
    client.force_authenticate(get_user_model()(pk=7))
    return client


def post(client: APIClient, name: str, key: str | None):
    headers = {} if key is None else {"Idempotency-Key": key}
    return client.post("/shelves/", {"name": name}, headers=headers)


def test_the_same_request_twice_creates_once_and_answers_the_same(client):
    first, second = post(client, "a", "k1"), post(client, "a", "k1")
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json() == {"id": Shelf.objects.get().pk, "name": "a"}


def test_another_key_or_none_creates_again(client):
    for key in ("k1", "k2", None, None):
        post(client, "a", key)
    assert Shelf.objects.count() == 4


def test_the_same_key_with_another_body_is_refused(client):
    post(client, "a", "k1")
    answer = post(client, "b", "k1")
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_reused")
    assert Shelf.objects.get().name == "a"


def test_keys_of_two_callers_are_two_keys(client):
    post(client, "a", "k1")
    client.force_authenticate(get_user_model()(pk=8))
    assert post(client, "b", "k1").status_code == 201


def test_after_a_day_a_key_is_free_again(client):
    post(client, "a", "k1")
    Receipt.objects.update(created_at=app_now() - KEPT)
    assert post(client, "b", "k1").status_code == 201


def test_a_refused_request_keeps_no_key(client):
    assert post(client, "bad", "k1").status_code == 400
    assert post(client, "good", "k1").status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 201, "a\0b"])
def test_a_key_that_cannot_be_kept_is_refused(client, key):
    answer = post(client, "a", key)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_idempotency_key")


def test_a_key_in_any_script_is_kept(client):
    key = "請求書-7".encode().decode("latin-1")  # as WSGI hands on what came in UTF-8
    assert post(client, "a", key).status_code == post(client, "a", key).status_code == 201
    assert Shelf.objects.count() == 1


def test_a_caller_without_a_name_cannot_keep_a_key():
    assert post(APIClient(), "a", "k1").status_code in {401, 403}
    assert not Shelf.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_four_requests_at_once_do_the_work_once():
    start = threading.Barrier(4)
    at = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)

    def make() -> Kept:
        return Kept(201, {"id": Shelf.objects.create(name="once").pk})

    @in_own_connection
    def send(_: int) -> Kept:
        start.wait()
        return answer_once(Receipt, owner="token:1", key="k", body_digest=b"x", at=at, make=make)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(4)))
    assert answers == [(201, {"id": Shelf.objects.get().pk}, {})] * 4
