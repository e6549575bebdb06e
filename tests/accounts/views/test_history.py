"""The page of a record's changes, and the one over everything."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AccessPolicy, Account, AttributeDefinition, SavedView, Segment
from accounts.registry import audited
from accounts.services.accounts import change_phase, update_account
from accounts.services.authors import written_by
from accounts.services.touchpoints import Todo, record_touchpoint
from config.lib.clock import app_now
from tests.factories import (
    make_account,
    make_account_role,
    make_contact,
    make_contract,
    make_invoice,
    make_organisation,
    make_payment,
    make_team,
    make_touchpoint,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def organisation(db):
    make_organisation()


@pytest.fixture
def user(client):
    user = make_user(team=make_team(), family_name="三枝", given_name="由美")
    client.force_login(user)
    return user


def page(client, kind, row, **query) -> str:
    answer = client.get(reverse("accounts:history", kwargs={"kind": kind, "pk": row.pk}), query)
    assert answer.status_code == 200, answer.status_code
    return " ".join(answer.content.decode().split())


def test_a_change_says_who_from_what_to_what(client, user):
    account = make_account(team=user.teams.get(), tier="c", name="前の名前")
    update_account(account=account, changes={"name": "後の名前"}, by=user, at=app_now())

    shown = page(client, "account", account)

    assert "Formal name" in shown
    assert '<del lang="ja">前の名前</del> → <ins lang="ja">後の名前</ins>' in shown
    assert '<span lang="ja">三枝 由美</span>' in shown


def test_dated_facts_stand_there_with_their_author_and_words(client, user):
    account = make_account(team=user.teams.get())
    change_phase(account=account, phase="renewal", by=user, at=app_now())

    shown = page(client, "account", account)

    assert "Phase" in shown
    assert "<ins>Renewal</ins>" in shown
    assert shown.count("三枝 由美") >= 2


def test_choices_and_fields_read_in_japanese(client, user):
    user.language = "ja"
    user.save()
    account = make_account(team=user.teams.get(), status="signed")
    with written_by(user):
        Account.objects.filter(pk=account.pk).update(status="active", tracked=True)

    shown = page(client, "account", account)

    assert "契約状況" in shown
    assert "はい" in shown
    assert "Changed" not in shown


def test_the_successor_of_a_contact_reads_in_japanese(client, user):
    user.language = "ja"
    user.save()
    account = make_account(team=user.teams.get())
    gone, heir = make_contact(account=account), make_contact(account=account)
    with written_by(user):
        gone.successor = heir
        gone.save(update_fields=["successor"])

    shown = page(client, "contact", gone)

    assert "後任" in shown
    assert "Successor" not in shown


def test_roles_name_people_and_attributes_their_labels(client, user):
    AttributeDefinition.objects.create(
        key="rank", type="text", label_en="Our rank", label_ja="社内ランク"
    )
    account = make_account(team=user.teams.get())
    make_account_role(account=account, user=user, role="account_owner")
    Account.objects.filter(pk=account.pk).update(attributes={"rank": "gold"})

    shown = page(client, "account", account)

    assert "Account owner" in shown
    assert "Our rank" in shown
    assert "<ins>gold</ins>" in shown


@pytest.mark.parametrize(("language", "word"), [("en", "Food"), ("ja", "食品")])
def test_the_choice_of_an_attribute_is_told_by_its_word(client, user, language, word):
    AttributeDefinition.objects.create(
        key="industry", type="choice", label_en="Industry", label_ja="業種",
        options=[{"value": "food", "label_en": "Food", "label_ja": "食品"}],
    )  # fmt: skip
    type(user).objects.filter(pk=user.pk).update(language=language)
    account = make_account(team=user.teams.get())
    Account.objects.filter(pk=account.pk).update(attributes={"industry": "food"})

    shown = page(client, "account", account)

    assert f"<ins>{word}</ins>" in shown
    assert "food" not in shown


def test_what_it_came_through_is_told(client, api, user):
    account = make_account(team=user.teams.get())
    api(user).patch(f"/api/v1/accounts/{account.pk}/", {"tier": "a"})

    shown = page(client, "account", account)

    assert "三枝 由美</span>&nbsp;· API" in shown
    assert "Automatic" in shown


def test_terms_stand_with_their_contract_and_roles_with_their_contact(client, user):
    account = make_account(team=user.teams.get())
    contract = make_contract(account=account, arr=7_777_000)
    contact = make_contact(account=account, title="部長")

    assert "7,777,000" in page(client, "contract", contract)
    assert "部長" in page(client, "contact", contact)


def test_amounts_are_told_in_the_currency_of_their_record(client, user):
    account = make_account(team=user.teams.get())
    contract = make_contract(account=account, arr=7_777_000)
    abroad = make_contract(account=account, arr=48_000, currency="USD")
    invoice = make_invoice(account=account, amount=110_000)
    make_payment(invoice=invoice, amount=60_000)
    Account.objects.filter(pk=account.pk).update(arr=500, currency="EUR")
    Account.objects.filter(pk=account.pk).update(arr=900, currency="JPY")

    assert "<ins>¥7,777,000</ins>" in page(client, "contract", contract)
    assert "<ins>$48,000</ins>" in page(client, "contract", abroad)
    shown = page(client, "invoice", invoice)
    assert "<ins>¥110,000</ins>" in shown
    assert "<ins>¥60,000</ins>" in shown
    assert "<del>€500</del> → <ins>¥900</ins>" in page(client, "account", account)


def test_a_foreign_record_has_no_history(client, user):
    for kind, row in [
        ("account", make_account()),
        ("contact", make_contact(account=make_account())),
    ]:
        address = reverse("accounts:history", kwargs={"kind": kind, "pk": row.pk})
        assert client.get(address).status_code == 404
    assert client.get("/history/secrets/1/").status_code == 404


def test_the_text_of_a_talk_is_told_only_to_who_may_read_it(client, user):
    for kind, scope in [("account", "all"), ("touchpoint", "all"), ("touchpoint_body", "own_team")]:
        AccessPolicy.objects.create(
            role="member", kind=kind, read_scope=scope, write_scope="own_team"
        )
    mine = make_touchpoint(account=make_account(team=user.teams.get()), body="ひみつの相談")
    foreign = make_touchpoint(account=make_account(), body="ひみつの相談", subject="件名")

    assert "ひみつの相談" in page(client, "touchpoint", mine)
    shown = page(client, "touchpoint", foreign)
    assert "ひみつの相談" not in shown
    assert "件名" in shown
    assert "not shown to you" in shown


def test_names_of_rows_out_of_sight_are_not_told(client, user):
    account = make_account(team=user.teams.get())
    Account.objects.filter(pk=account.pk).update(parent=make_account(name="見えない親会社"))

    shown = page(client, "account", account)

    assert "見えない親会社" not in shown


def test_pages_hold_every_line_once(client, user, monkeypatch):
    monkeypatch.setattr("accounts.views.history.LINES_A_PAGE", 3)
    account = make_account(team=user.teams.get())
    for number in range(8):
        Account.objects.filter(pk=account.pk).update(short_name=f"n{number}")
    seen, cursor = [], ""
    while True:
        answer = client.get(
            reverse("accounts:history", kwargs={"kind": "account", "pk": account.pk}),
            {"cursor": cursor} if cursor else {},
        )
        seen += [(line.change.trail, line.change.place) for line in answer.context["lines"]]
        cursor = answer.context["page"].next_cursor
        if not cursor:
            break

    assert len(seen) == len(set(seen)) == 9


def test_a_long_history_costs_the_queries_of_a_short_one(client, user):
    account = make_account(team=user.teams.get())
    address = reverse("accounts:history", kwargs={"kind": "account", "pk": account.pk})
    client.get(address)
    counts = []
    for number in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
        for place in range(7):
            change_phase(
                account=account,
                phase=["renewal", "expansion"][(place + number) % 2],
                by=user,
                at=app_now() + dt.timedelta(seconds=place),
            )
            make_account_role(account=account, user=make_user(), role=f"deputy{number}{place}")

    assert counts[0] == counts[1]


@pytest.mark.parametrize("kind", list(audited))
def test_every_audited_kind_has_visibility_and_a_table_of_events(kind):
    record = audited.get(kind)

    assert hasattr(record.model.objects, "visible_to")
    assert record.model._meta.model_name == kind


def test_the_page_over_everything_is_for_who_answers_for_it(client, user):
    account = make_account(team=user.teams.get(), name="だれかの会社")
    with written_by(user):
        Account.objects.filter(pk=account.pk).update(tier="a")
    address = reverse("accounts:audit_list")
    assert client.get(address).status_code == 403

    client.force_login(make_user(role="privacy_officer"))

    shown = client.get(address, {"kind": "accounts.account", "user": user.pk}).content.decode()
    assert "三枝 由美" in shown
    assert "だれかの会社" in shown
    nobody = client.get(address, {"user": make_user().pk}).content.decode()
    assert "No changes fit" in nobody


def test_a_privacy_officer_reads_no_texts_of_talks(client):
    record_touchpoint(
        accounts=[make_account()],
        type="call",
        direction="two_way",
        occurred_at=app_now(),
        subject="件名",
        body="ひみつの相談",
        todos=[Todo(side="ours", text="ひそかな約束")],
        at=app_now(),
    )
    client.force_login(make_user(role="privacy_officer"))

    shown = client.get(reverse("accounts:audit_list")).content.decode()

    assert "Touchpoint" in shown
    for word in ("件名", "ひみつの相談", "ひそかな約束"):
        assert word not in shown


@pytest.mark.parametrize("role", ["administrator", "privacy_officer"])
def test_the_audit_says_who_and_what_but_no_word_the_reader_may_not_read(client, user, role):
    account = make_account(team=make_team(), name="青葉精工")
    with written_by(user):
        talk = make_touchpoint(
            account=account, subject="内々の件", visibility="team", created_by=user
        )
        view = SavedView.objects.create(list_key="contacts", name="自分用の問い", owner=user)
        SavedView.objects.filter(pk=view.pk).update(name="別の問い", query="q=秘密")
    client.force_login(make_user(role=role))

    shown = client.get(reverse("accounts:audit_list")).text

    for word in ("内々の件", "自分用の問い", "別の問い", "秘密"):
        assert word not in shown
    assert "三枝 由美" in shown
    assert "not shown to you" in shown
    assert f"#{view.pk}" in shown
    assert not type(talk).objects.visible_to(make_user(role=role)).exists()


def test_an_author_reads_their_own_words_in_the_audit(client):
    me = make_user(role="privacy_officer")
    with written_by(me):
        view = SavedView.objects.create(list_key="contacts", name="自分用の問い", owner=me)
        view.delete()
    client.force_login(me)

    assert client.get(reverse("accounts:audit_list")).text.count("自分用の問い") > 1


def test_the_list_that_a_view_is_of_is_called_by_its_name(client, user):
    with written_by(user):
        SavedView.objects.create(list_key="contacts", name="東の人", owner=user)
    client.force_login(make_user(role="privacy_officer"))

    shown = client.get(reverse("accounts:audit_list")).content.decode()

    assert "<ins>Contacts</ins>" in shown


def test_a_row_without_a_name_is_called_by_what_it_belongs_to(client, user):
    account = make_account(name="青葉精工", name_latin="Aoba Seiko")
    with written_by(user):
        make_account_role(account=account, user=user)
    client.force_login(make_user(role="privacy_officer"))

    shown = client.get(reverse("accounts:audit_list"), {"kind": "accounts.accountrole"}).text

    assert "Our role <span>Aoba Seiko</span>" in shown
    assert "Our role #" not in shown


def test_a_change_of_nothing_a_reader_knows_says_so(client, user):
    segment = Segment.objects.create(key="s", name_en="Quiet ones", name_ja="無反応", rule={})
    with written_by(user):
        Segment.objects.filter(pk=segment.pk).update(created_at=app_now() - dt.timedelta(days=9))
    client.force_login(make_user(role="privacy_officer"))

    shown = client.get(reverse("accounts:audit_list"), {"kind": "accounts.segment"}).text

    assert "Only values the system keeps for itself." in shown


def test_a_contract_s_term_is_called_by_its_account_and_contract(client, user):
    account = make_account(name="青葉精工", name_latin="Aoba Seiko")
    with written_by(user):
        make_contract(account=account, product="Planner", arr=100)
    client.force_login(make_user(role="administrator"))

    shown = client.get(reverse("accounts:audit_list"), {"kind": "accounts.contractterm"}).text

    assert "Contract term <span>Aoba Seiko · Planner</span>" in shown


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["3 months before", "the next month", "within 45 days", "end of the month"]),
        ("ja", ["3か月前まで", "翌月", "45日以内", "月末"]),
    ],
)
def test_terms_of_a_contract_are_told_in_words(client, language, words):
    user = make_user(team=make_team(), language=language)
    client.force_login(user)
    contract = make_contract(account=make_account(team=user.teams.get()), payment_days=45)
    contract.notice_months, contract.payment_days = 3, None
    contract.closing_day, contract.payment_months, contract.payment_day = 31, 1, 31
    with written_by(user):
        contract.save()

    shown = page(client, "contract", contract)

    for word in words:
        assert word in shown
