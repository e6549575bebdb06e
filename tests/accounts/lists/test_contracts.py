import pytest

from tests.factories import make_account, make_contract, make_organisation, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    make_organisation()
    return make_team()


@pytest.mark.parametrize(
    "words", ["アナリティクス", "ｱﾅﾘﾃｨｸｽ", "あなりてぃくす", "PRO アナ", "ｐｒｏ"]
)
def test_a_contract_is_found_by_its_product_whatever_kana_width_or_case(client, team, words):
    account = make_account(team=team)
    found = make_contract(account=account, product="アナリティクス Pro")
    make_contract(account=account, product="Monorhythm")
    client.force_login(make_user(team=team))

    rows = client.get("/contracts/", {"q": words}).context["rows"]

    assert [row.record for row in rows] == [found]


def test_a_contract_is_found_by_its_account(client, team):
    found = make_contract(account=make_account(team=team, search_text="青嶺せいき"))
    make_contract(account=make_account(team=team))
    client.force_login(make_user(team=team))

    rows = client.get("/contracts/", {"q": "セイキ"}).context["rows"]

    assert [row.record for row in rows] == [found]


@pytest.mark.parametrize("words", ["アナリティクス", "セイキ", "ｾｲｷ あな"])
def test_the_interface_finds_a_contract_by_product_and_account(api, team, words):
    account = make_account(team=team, search_text="青嶺せいき")
    found = make_contract(account=account, product="アナリティクス")
    make_contract(account=make_account(team=team))

    shown = api(make_user(team=team)).get("/api/v1/contracts/", {"search": words}).json()

    assert [row["id"] for row in shown["results"]] == [found.pk]
