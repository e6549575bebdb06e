import pytest

from accounts.models import AttributeDefinition
from tests.factories import make_user

pytestmark = pytest.mark.django_db
NEW = {"key": "sites", "type": "number", "label_en": "Sites", "label_ja": "拠点数"}


def test_administrators_declare_change_and_archive_attributes(api):
    client = api(make_user(role="administrator"))

    made = client.post("/api/v1/attributes/", NEW, format="json")
    address = f"/api/v1/attributes/{made.data['id']}/"
    changed = client.patch(address, {"label_en": "Plants"}, format="json")
    refused = client.patch(address, {"type": "text"}, format="json")
    client.delete(address)

    assert (made.status_code, changed.data["label_en"], refused.status_code) == (201, "Plants", 400)
    assert AttributeDefinition.objects.get().is_archived


def test_a_choice_has_options_and_a_formula_its_place(api):
    client = api(make_user(role="administrator"))
    options = [{"value": "food", "label_ja": "食品", "label_en": "Food"}]

    made = client.post(
        "/api/v1/attributes/", {**NEW, "type": "choice", "options": options}, format="json"
    )
    wrong = client.post(
        "/api/v1/attributes/", {**NEW, "key": "x", "expression": "arr +"}, format="json"
    )

    assert made.data["options"] == options
    assert wrong.status_code == 400
    assert wrong.data["errors"][0]["pointer"] == "/expression"


def test_others_only_read_them(api, alice):
    assert api(alice).get("/api/v1/attributes/").status_code == 200
    assert api(alice).post("/api/v1/attributes/", NEW, format="json").status_code == 403
