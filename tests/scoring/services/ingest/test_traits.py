import datetime as dt

import pytest

from accounts.models import Account, AccountStatusFact, Contact
from scoring.models import Event
from tests.factories import make_account, make_contact, make_organisation, make_team
from tests.scoring.ingest import NOW, deliver, make_item, make_write_key

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
TITLE, SHORT_NAME = "contact.title", "account.short_name"


@pytest.fixture(autouse=True)
def acme():
    make_organisation()
    return make_account(external_id="acme", short_name="Acme")


@pytest.fixture
def person(acme):
    return make_contact(account=acme, external_id="u-1", title="課長", email="u1@acme.example")


def identify(**fields):
    return make_item(type="identify", event=None, **fields)


def group(**fields):
    return make_item(type="group", event=None, **{"groupId": "acme", **fields})


def test_traits_change_only_what_their_key_may(acme, person):
    traits = {"title": "部長", "phone": "03", "email": "thief@evil.example", "shortName": "Evil"}

    deliver(make_write_key(allowed_traits=[TITLE]), identify(traits=traits), group(traits=traits))

    person.refresh_from_db()
    acme.refresh_from_db()
    assert (person.title, person.phone, person.email) == ("部長", "", "u1@acme.example")
    assert acme.short_name == "Acme"


def test_a_key_without_rights_changes_nothing(person):
    deliver(make_write_key(), identify(traits={"title": "部長"}))

    person.refresh_from_db()
    assert person.title == "課長"


def test_the_newest_call_has_the_last_word(person):
    key = make_write_key(allowed_traits=[TITLE])

    deliver(
        key,
        identify(traits={"title": "本部長"}, timestamp=NOW),
        identify(traits={"title": "部長"}, timestamp=NOW - HOUR),
    )
    deliver(key, identify(traits={"title": "係長"}, timestamp=NOW - 2 * HOUR))

    person.refresh_from_db()
    assert person.title == "本部長"


def test_a_new_short_name_is_found_by_search(acme):
    deliver(make_write_key(allowed_traits=[SHORT_NAME]), group(traits={"shortName": "アクメ"}))

    acme.refresh_from_db()
    assert acme.short_name == "アクメ"
    assert "あくめ" in acme.search_text


def test_an_archived_account_keeps_its_fields_and_its_events_still_count(acme):
    Account.objects.filter(pk=acme.pk).update(archived_at=NOW)

    deliver(
        make_write_key(allowed_traits=[SHORT_NAME]),
        group(traits={"shortName": "Acme X"}),
        make_item(groupId="acme"),
    )

    acme.refresh_from_db()
    assert acme.short_name == "Acme"
    assert Event.objects.count() == 1


def test_accounts_are_made_only_where_the_key_says_so():
    team = make_team()
    deliver(make_write_key(), group(groupId="new", traits={"name": "Neu AG"}))
    assert not Account.objects.filter(external_id="new").exists()

    key = make_write_key(creates_accounts=True, team=team)
    deliver(
        key,
        make_item(groupId="new"),
        group(groupId="new", traits={"name": "Neu AG"}),
        make_item(groupId="never named"),
    )

    account = Account.objects.get(external_id="new")
    assert (account.name, account.team, account.tracked) == ("Neu AG", team, True)
    assert AccountStatusFact.objects.filter(account=account).exists()
    assert Event.objects.get().account == account
    assert Contact.objects.get(external_id="u-1").account == account
    assert not Account.objects.filter(external_id="never named").exists()
