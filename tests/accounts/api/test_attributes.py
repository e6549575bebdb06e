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


def test_formulas_that_read_formulas_do_not_grow_without_end(api):
    client = api(make_user(role="administrator"))
    ask = {"type": "number", "label_en": "A", "label_ja": "甲"}
    for key, read in (("one", "arr"), ("two", "attributes.one")):
        formula = "+".join([read] * 12)
        made = client.post("/api/v1/attributes/", {**ask, "key": key, "expression": formula})
    address = f"/api/v1/attributes/{AttributeDefinition.objects.get(key='one').pk}/"
    longer = "+".join(["attributes.one"] * 20)

    refused = [
        client.post("/api/v1/attributes/", {**ask, "key": "three", "expression": longer}),
        made,
    ]
    client.post("/api/v1/attributes/", {**ask, "key": "four", "expression": "attributes.one * 2"})
    kept = client.patch(address, {"expression": "+".join(["arr"] * 30)})

    assert [answer.status_code for answer in refused] == [400, 400]
    assert {answer.data["errors"][0]["pointer"] for answer in refused} == {"/expression"}
    assert kept.status_code == 200


def test_a_formula_another_one_reads_stays_short_enough_for_it(api):
    client = api(make_user(role="administrator"))
    ask = {"type": "number", "label_en": "A", "label_ja": "甲"}
    made = client.post("/api/v1/attributes/", {**ask, "key": "one", "expression": "arr + 1"})
    reads = "+".join(["attributes.one"] * 20)
    client.post("/api/v1/attributes/", {**ask, "key": "two", "expression": reads})

    longer = {"expression": "+".join(["arr"] * 30)}
    answer = client.patch(f"/api/v1/attributes/{made.data['id']}/", longer)

    assert answer.status_code == 400
    assert answer.data["errors"][0]["pointer"] == "/expression"
