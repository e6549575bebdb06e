"""The second of two editors is told, and overwrites nothing."""

import pytest
from django.urls import include, path
from rest_framework import serializers
from rest_framework.routers import SimpleRouter
from rest_framework.test import APIClient
from rest_framework.viewsets import ModelViewSet

from config.lib.etags import ETagMixin, etag
from tests.config.lib.models import Shelf

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


class ShelfSerializer(serializers.ModelSerializer):
    class Meta:
        model = Shelf
        fields = ["id", "name"]


class Shelves(ETagMixin, ModelViewSet):
    authentication_classes: list = []
    permission_classes: list = []
    queryset = Shelf.objects.all()
    serializer_class = ShelfSerializer


router = SimpleRouter()
router.register("shelves", Shelves)
urlpatterns = [path("", include(router.urls))]


@pytest.fixture
def shelf() -> Shelf:
    return Shelf.objects.create(name="first")


@pytest.fixture
def address(shelf) -> str:
    return f"/shelves/{shelf.pk}/"


@pytest.fixture
def client() -> APIClient:
    return APIClient()


def test_reading_tells_the_version_and_only_a_change_changes_it(client, address):
    tag = client.get(address)["ETag"]
    assert client.get(address)["ETag"] == tag
    assert tag.startswith('"')


def test_a_change_of_the_version_that_was_read_passes_and_tells_the_new_one(client, address, shelf):
    answer = client.patch(address, {"name": "new"}, headers={"If-Match": etag(shelf)})
    assert answer.status_code == 200
    assert answer["ETag"] == etag(shelf)


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_a_write_to_another_version_is_refused_and_changes_nothing(client, address, shelf, method):
    answer = getattr(client, method)(address, {"name": "mine"}, headers={"If-Match": '"1-1"'})
    assert (answer.status_code, answer.json()["code"]) == (412, "precondition_failed")
    assert Shelf.objects.get().name == "first"


@pytest.mark.parametrize("extra", ["{tag}", "*", '"old", {tag}'])
def test_any_of_several_versions_or_a_star_passes(client, address, shelf, extra):
    answer = client.delete(address, headers={"If-Match": extra.format(tag=etag(shelf))})
    assert answer.status_code == 204


def test_without_a_condition_a_write_passes(client, address):
    assert client.patch(address, {"name": "new"}).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_of_two_editors_who_read_the_same_version_the_second_is_told(client, address):
    tag = client.get(address)["ETag"]
    first = client.patch(address, {"name": "hers"}, headers={"If-Match": tag})
    second = client.patch(address, {"name": "his"}, headers={"If-Match": tag})
    assert (first.status_code, second.status_code) == (200, 412)
    assert first["ETag"] == client.get(address)["ETag"] != tag
    assert Shelf.objects.get().name == "hers"


def test_a_record_that_is_gone_has_no_tag():
    assert etag(Shelf(pk=1)) == ""
