import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.domain.rules import Moment
from accounts.models import Account, AttributeDefinition
from accounts.services.segments import read_rules
from config.lib.clock import app_now
from tests.factories import make_account, make_organisation, make_team, make_user

pytestmark = pytest.mark.django_db
NEW = "/settings/attributes/new/"


@pytest.fixture
def team(client):
    make_organisation()
    team = make_team()
    client.force_login(make_user(team=team, role="administrator"))
    return team


def declared(**changes):
    values = {
        "key": "sites",
        "type": "number",
        "label_ja": "拠点数",
        "label_en": "Sites",
        "place": "10",
    }
    return {**values, **changes}


def test_an_attribute_stands_on_the_account_and_in_the_list_without_a_restart(client, team):
    account = make_account(team=team)
    client.post(NEW, declared(is_listed="on"))

    client.post(
        f"/accounts/{account.pk}/attributes/", {"attributes.sites": "12", "on": "2026-01-01"}
    )

    assert Account.objects.get(pk=account.pk).attributes == {"sites": 12}
    page = client.get("/accounts/?sort=-attributes.sites").content.decode()
    assert "Sites" in page
    assert "Sites" in client.get(f"/accounts/{account.pk}/").content.decode()


def test_a_choice_filters_the_list_and_feeds_segments(client, team):
    wanted = make_account(team=team, attributes={"industry": "food"})
    make_account(team=team, attributes={"industry": "steel"})
    options = "food | 食品 | Food\nsteel | 鉄鋼 | Steel"
    client.post(NEW, declared(key="industry", type="choice", options=options))

    page = client.get("/accounts/", {"attributes.industry": "food"})
    rule = {"field": "attributes.industry", "operator": "=", "value": "food"}
    tree = read_rules({"combinator": "and", "rules": [rule]})
    now = app_now()

    assert [account for account, *_ in page.context["rows"]] == [wanted]
    assert list(Account.objects.matching(tree, Moment(now, now.date()))) == [wanted]


def test_a_computed_attribute_follows_its_fields(client, team):
    account = make_account(team=team, arr=1000, licensed_users=8)
    client.post(NEW, declared(key="per_user", expression="arr / licensed_users"))
    client.post(NEW, declared(key="double", expression="attributes.per_user * 2"))

    row = Account.objects.with_fields("attributes.double", at=app_now()).get(pk=account.pk)

    assert row.attributes_double == 250
    assert "per_user" in client.get("/settings/attributes/").content.decode()


def test_a_computed_figure_is_shown_to_one_decimal_on_page_and_list(client, team):
    account = make_account(team=team, arr=1000, licensed_users=3)
    client.post(NEW, declared(key="per_user", expression="arr / licensed_users"))
    client.post(NEW, declared(key="share", expression="licensed_users / 8"))

    page = client.get(f"/accounts/{account.pk}/").content.decode()
    listed = client.get("/accounts/?columns=attributes.per_user,attributes.share").content.decode()

    for shown in (page, listed):
        assert re.search(r"333\.3\s*<", shown)
        assert re.search(r"0\.38\s*<", shown)
        assert "333.333" not in shown


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"key": "Bad-Key"}, "key"),
        ({"key": "tier"}, "key"),
        ({"key": "taken"}, "key"),
        ({"type": "choice"}, "options"),
        ({"type": "choice", "options": "a\na"}, "options"),
        ({"expression": "arr +"}, "expression"),
        ({"expression": "health.score"}, "expression"),
        ({"expression": "attributes.sites + 1"}, "expression"),
        ({"type": "text", "expression": "arr"}, "type"),
    ],
)
def test_a_fault_names_its_field_and_stores_nothing(client, team, changes, field):
    AttributeDefinition.objects.create(key="taken", type="text", label_en="T", label_ja="T")

    response = client.post(NEW, declared(**changes))

    assert field in response.context["form"].errors
    assert AttributeDefinition.objects.count() == 1


def test_two_formulas_can_not_read_each_other(client, team):
    client.post(NEW, declared(key="one", expression="arr"))
    client.post(NEW, declared(key="two", expression="attributes.one + 1"))
    one = AttributeDefinition.objects.get(key="one")

    response = client.post(
        f"/settings/attributes/{one.pk}/", declared(expression="attributes.two + 1")
    )

    assert "read itself" in str(response.context["form"].errors["expression"])


def test_an_archived_attribute_is_gone_and_comes_back_with_its_values(client, team):
    account = make_account(team=team, attributes={"sites": 3})
    client.post(NEW, declared())
    sites = AttributeDefinition.objects.get()

    client.post(f"/settings/attributes/{sites.pk}/archive/")
    without = client.get(f"/accounts/{account.pk}/").content.decode()
    client.post(f"/settings/attributes/{sites.pk}/restore/")

    assert "Sites" not in without
    assert "Sites" in client.get(f"/accounts/{account.pk}/").content.decode()


def test_definitions_cost_one_query_however_many_there_are(client, team):
    make_account(team=team)
    client.get("/accounts/")

    def count():
        with CaptureQueriesContext(connection) as queries:
            client.get("/accounts/")
        return len(queries)

    before = count()
    for number in range(7):
        client.post(NEW, declared(key=f"sites_{number}", is_listed="on"))
    client.get("/accounts/")

    assert count() == before <= 12


def test_only_administrators_declare_attributes(client, team):
    client.force_login(make_user(team=team, role="manager"))

    assert client.get("/settings/attributes/").status_code == 200
    assert client.post(NEW, declared()).status_code == 403


def test_the_shipped_list_is_offered_until_it_is_there(client, team):
    address = f"{NEW}?starter=industry"
    assert address in client.get("/settings/attributes/").content.decode()

    shown = client.get(address).context["form"]
    client.post(NEW, {name: shown[name].value() for name in shown.fields if shown[name].value()})

    industry = AttributeDefinition.objects.get()
    assert industry.takes_others
    assert industry.words()["saas"] == "software"
    assert address not in client.get("/settings/attributes/").content.decode()


def test_words_outside_the_list_are_mapped_on_their_page(client, team):
    options = "food | 食品 | Food | 食料品, 飲料"
    client.post(NEW, declared(key="industry", type="choice", options=options, takes_others="on"))
    page = f"/settings/attributes/{AttributeDefinition.objects.get().pk}/words/"
    account = make_account(team=team)
    values = f"/accounts/{account.pk}/attributes/"
    Account.objects.update(attributes={"industry": "水産加工"})
    assert "水産加工" in client.get(values).content.decode()

    assert "水産加工" in client.get(page).content.decode()
    assert page in client.get("/settings/attributes/").content.decode()
    assert page in client.get("/data-quality/accounts/").content.decode()
    client.post(page, {"word": "水産加工", "option": "food"})

    assert AttributeDefinition.objects.get().options == [
        {"value": "food", "label_ja": "食品", "label_en": "Food",
         "synonyms": ["食料品", "飲料", "水産加工"]}
    ]  # fmt: skip
    assert client.post(page, {"word": "x", "option": "steel"}).status_code == 400


def test_a_word_is_mapped_only_to_what_was_chosen_or_becomes_an_option(client, team):
    options = "food | 食品 | Food"
    client.post(NEW, declared(key="industry", type="choice", options=options, takes_others="on"))
    page = f"/settings/attributes/{AttributeDefinition.objects.get().pk}/words/"
    make_account(team=team, attributes={"industry": "造船"})

    assert client.post(page, {"word": "造船", "option": ""}).status_code == 400
    client.post(page, {"word": "造船", "option": "+"})

    assert [one["value"] for one in AttributeDefinition.objects.get().options] == ["food", "造船"]
