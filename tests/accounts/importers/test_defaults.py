"""The values of a mapping are for new records: what is stored is changed by what a row says."""

import datetime as dt

import pytest

from accounts.models import Contact, ContractTerm, Touchpoint
from accounts.services.imports.mappings import every_preset
from accounts.services.touchpoints import update_touchpoint
from tests.accounts.importers.files import AT, counts, faults, take_in
from tests.factories import make_account, make_contact, make_contract, make_touchpoint

pytestmark = pytest.mark.django_db
NOTES = ["Record ID", "Associated Company IDs", "Note body", "Activity date"]


@pytest.fixture
def account(team):
    return make_account(external_id="A-1", team=team)


def test_the_next_file_of_a_product_leaves_a_corrected_subject(account):
    mapping = every_preset()["hubspot_notes"].mapping_of(NOTES)
    row = ["1", "A-1", "text", "2026-06-01 10:00"]
    take_in("touchpoints", NOTES, row, mapping=mapping)
    update_touchpoint(touchpoint=Touchpoint.objects.get(), changes={"subject": "価格の相談"}, at=AT)

    run = take_in("touchpoints", NOTES, row, ["2", *row[1:]], mapping=mapping)

    assert counts(run) == (1, 0, 1, 0), faults(run)
    subjects = Touchpoint.objects.filter(retracted_at=None).order_by("external_id")
    assert list(subjects.values_list("subject", flat=True)) == [
        "価格の相談",
        mapping["values"]["subject"],
    ]


def test_what_a_row_says_itself_is_taken(account):
    make_touchpoint(account=account, external_id="1", subject="本当の件名", type="call")
    header = ["external_id", "account_external_id", "body", "type"]
    values = {"values": {"subject": "Call", "type": "mail", "signals": "praise"}}

    run = take_in("touchpoints", header, ["1", "A-1", "neu", ""], mapping=values)

    assert counts(run) == (0, 1, 0, 0), faults(run)
    talk = Touchpoint.objects.get(retracted_at=None)
    assert (talk.subject, talk.type, talk.body) == ("本当の件名", "call", "neu")
    assert not talk.signals.exists()


def test_a_talk_without_an_id_is_still_known_by_a_value(account):
    header = ["account_external_id", "subject", "occurred_at"]
    row = ["A-1", "一", "2026-06-01"]
    mapping = {"values": {"type": "call", "sentiment": "positive"}}
    take_in("touchpoints", header, row, mapping={"values": {"type": "call"}})

    assert counts(take_in("touchpoints", header, row, mapping=mapping)) == (0, 0, 1, 0)
    assert Touchpoint.objects.get().sentiment == ""


def test_a_value_stays_out_of_the_preview_of_a_stored_record(account):
    make_contact(account=account, external_id="P-1", department="営業", phone="")
    header = ["account_external_id", "external_id", "family_name"]
    rows = [["A-1", "P-1", "新"], ["A-1", "P-2", "森"]]
    values = {"values": {"department": "総務", "state": "left", "state_on": "2026-05-01"}}

    run = take_in("contacts", header, *rows, mapping=values, is_dry_run=True)

    assert counts(run) == (1, 1, 0, 0), faults(run)
    assert [key for key, *_values in run.changes.get(kind="updated").fields] == ["family_name"]

    take_in("contacts", header, *rows, mapping=values)
    people = Contact.objects.order_by("external_id").values_list("department", "state")
    assert list(people) == [("営業", "active"), ("総務", "left")]


def test_a_value_stands_for_the_amounts_of_new_terms_alone(account):
    contract = make_contract(
        account=account, external_id="K-1", starts_on=dt.date(2026, 4, 1), kind="open_ended"
    )
    was = ContractTerm.objects.get(contract=contract)
    header = ["contract_external_id", "starts_on", "arr"]
    values = {"values": {"starts_on": "2026-04-01", "seats": "7"}}

    run = take_in("terms", header, ["K-1", "", str(was.arr)], mapping=values)

    assert counts(run) == (0, 0, 1, 0), faults(run)
    assert ContractTerm.objects.get(contract=contract).seats == was.seats
