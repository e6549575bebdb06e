"""A file that enriches: it fills in what is empty and changes nothing that says something."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Account, Contact, Invoice, Touchpoint
from accounts.services.invoices import record_payment
from config.lib.clock import app_now
from tests.accounts.importers.files import counts, faults, take_in
from tests.factories import (
    make_account,
    make_account_role,
    make_contact,
    make_contract,
    make_invoice,
    make_touchpoint,
    make_user,
)

FILL = {"fill_only": True}
TEXTS = ("short_name", "name_kana", "name_latin")
said = st.sampled_from(["", "イチ", "ニ"])


@pytest.mark.django_db
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stored=st.tuples(said, said, said), told=st.tuples(said, said, said))
def test_what_stands_there_stays_and_the_rest_is_taken(team, stored, told):
    Account.objects.filter(external_id="A-1").delete()
    make_account(external_id="A-1", team=team, **dict(zip(TEXTS, stored, strict=True)))

    run = take_in("accounts", ["external_id", *TEXTS], ["A-1", *told], mapping=FILL)

    (left,) = Account.objects.filter(external_id="A-1").values_list(*TEXTS)
    assert left == tuple(old or new for old, new in zip(stored, told, strict=True)), faults(run)
    assert counts(run)[1] == (left != stored)


@pytest.mark.django_db
def test_links_roles_attributes_and_states_that_stand_stay(team):
    above, other = (make_account(external_id=key, team=team) for key in ("P-1", "P-2"))
    holder, colleague = (make_user(email=f"{one}@x.example") for one in "ab")
    told = make_account(external_id="A-1", team=team, parent=above)
    make_account_role(account=told, user=holder)
    make_account(external_id="A-2", team=team)
    header = ["external_id", "parent_external_id", "account_manager", "status"]
    rows = [[key, "P-2", "b@x.example", "churned"] for key in ("A-1", "A-2")]

    run = take_in("accounts", header, *rows, mapping=FILL)

    assert counts(run) == (0, 1, 1, 0), faults(run)
    kept, filled = Account.objects.filter(external_id__startswith="A-").order_by("external_id")
    assert (kept.parent, filled.parent) == (above, other)
    assert [role.user for role in (kept.roles.get(), filled.roles.get())] == [holder, colleague]
    assert {kept.status, filled.status} == {"active"}


@pytest.mark.django_db
def test_emptying_has_no_place_in_it(team):
    make_account(external_id="A-1", team=team, short_name="青嶺")
    mapping = FILL | {"clear": ["short_name"]}

    run = take_in("accounts", ["external_id", "short_name"], ["A-1", ""], mapping=mapping)

    assert counts(run) == (0, 0, 1, 0), faults(run)


@pytest.mark.django_db
def test_a_contact_and_a_talk_stay_as_they_were_told(team):
    account = make_account(external_id="A-1", team=team)
    make_contact(account=account, external_id="C-1", phone="", title="部長")
    make_touchpoint(account=account, external_id="T-1", subject="価格", body="")

    contacts = take_in(
        "contacts",
        ["external_id", "account_external_id", "phone", "title"],
        ["C-1", "A-1", "03-1234-5678", "課長"],
        mapping=FILL,
    )
    talks = take_in(
        "touchpoints",
        ["external_id", "account_external_id", "subject", "body"],
        ["T-1", "A-1", "納期", "全文"],
        mapping=FILL,
    )

    assert counts(contacts) == (0, 1, 0, 0), faults(contacts)
    person = Contact.objects.get(external_id="C-1")
    assert (person.phone, person.title) == ("03-1234-5678", "部長")
    assert counts(talks) == (0, 1, 0, 0), faults(talks)
    talk = Touchpoint.objects.get(retracted_at=None)
    assert (talk.subject, talk.body) == ("価格", "全文")


@pytest.mark.django_db
def test_an_invoice_keeps_its_contract_and_payments_and_takes_first_ones_as_told(team):
    account = make_account(external_id="A-1", team=team)
    own, _other = (make_contract(account=account, external_id=key) for key in ("K-1", "K-2"))
    day = dt.date(2026, 5, 1)
    rows = []
    for key, paid in (("I-1", None), ("I-2", 300), ("I-3", 300)):
        invoice = make_invoice(
            account=account, external_id=key, contract=own, amount=1000, issued_on=day
        )
        if paid:
            record_payment(invoice=invoice, paid_on=day, amount=paid, at=app_now())
        told = "2026-05-01" if key == "I-3" else "2026-05-20"
        rows.append([key, "A-1", "K-2", told, "400"])
    header = ["external_id", "account_external_id", "contract_external_id"]

    run = take_in("invoices", [*header, "paid_on", "paid_amount"], *rows, mapping=FILL)

    assert faults(run) == []
    left = Invoice.objects.order_by("external_id").values_list("contract", "paid_amount")
    assert list(left) == [(own.pk, 400), (own.pk, 300), (own.pk, 300)]
