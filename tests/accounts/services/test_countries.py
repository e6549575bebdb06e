import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Account
from accounts.services.accounts import create_account, update_account
from accounts.services.countries import UnknownCountry, with_country
from accounts.services.organisation import update_organisation
from accounts.services.teams import create_team, update_team
from config.lib.clock import app_now
from config.lib.countries import COUNTRIES
from tests.factories import make_account, make_organisation, make_team


@given(st.text(max_size=4).filter(lambda text: text.strip().upper() not in COUNTRIES))
def test_what_is_no_country_is_refused_at_its_field(text):
    with pytest.raises(UnknownCountry) as caught:
        with_country({"country": text, "name": "A"})
    assert [fault.pointer for fault in caught.value.errors] == ["/country"]


@given(st.sampled_from(sorted(COUNTRIES)))
def test_every_country_passes_and_stands_in_capitals(code):
    written = with_country({"country": code.lower(), "name": "A"})
    assert written == {"country": code, "name": "A"}


@pytest.mark.django_db
@pytest.mark.parametrize("country", ["JA", "ZZ", "Japan", ""])
def test_no_service_writes_what_is_no_country(country):
    make_organisation()
    team, account = make_team(), make_account()
    writes = [
        lambda: create_account(name="A", team=team, country=country, at=app_now()),
        lambda: update_account(account=account, changes={"country": country}, at=app_now()),
        lambda: create_team(name="T", country=country),
        lambda: update_team(team=team, changes={"country": country}),
        lambda: update_organisation(changes={"country": country}),
    ]
    for write in writes:
        with pytest.raises(UnknownCountry):
            write()
    assert Account.objects.get().country == "JP"


@pytest.mark.django_db
def test_an_account_with_a_country_of_old_is_still_changed():
    make_organisation()
    account = make_account(country="JA")

    update_account(account=account, changes={"name": "B"}, at=app_now())

    assert Account.objects.get().name == "B"
