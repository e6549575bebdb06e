"""Presets and kept mappings."""

import pytest
from django.utils import translation

from accounts.domain.cells import fold_word
from accounts.models import (
    Account,
    Contact,
    Contract,
    ImportMapping,
    Invoice,
    Ticket,
    Touchpoint,
)
from accounts.registry import importers
from accounts.services.imports.faults import BadImportFile
from accounts.services.imports.mappings import every_preset, save_mapping, signature
from accounts.services.imports.words import ACCOUNT_ID_WORDS, header_words
from tests.accounts.importers.files import AT, counts, take_in
from tests.factories import make_account, make_contact, make_user

pytestmark = pytest.mark.django_db

SALESFORCE = ["Account ID", "Account Name", "Account Owner", "Type", "Parent Account ID"]
SALESFORCE_JA = ["取引先 ID", "取引先名", "取引先 所有者", "種別", "親取引先 ID"]


@pytest.mark.parametrize("preset", every_preset().values(), ids=lambda preset: preset.key)
def test_a_preset_names_fields_its_kind_has_in_both_languages(preset):
    importer = importers.get(preset.kind)
    keys = {column.key for column in importer.columns()}
    required = {column.key for column in importer.columns() if column.is_required}
    named = {key for key in preset.columns.values() if key}
    assert named <= keys
    assert required <= named
    assert preset.name_en != preset.name_ja
    assert any(not name.isascii() for name in preset.columns)
    assert any(name.isascii() for name in preset.columns)


@pytest.mark.parametrize(
    "preset",
    [preset for preset in every_preset().values() if "subject" in preset.values],
    ids=lambda preset: preset.key,
)
def test_a_text_of_a_preset_is_in_the_language_of_who_takes_it_in(preset):
    with translation.override("ja"):
        japanese = preset.mapping_of([])["values"]
    with translation.override("en"):
        english = preset.mapping_of([])["values"]

    assert english["subject"].isascii()
    assert not japanese["subject"].isascii()
    assert japanese | {"subject": ""} == english | {"subject": ""}


@pytest.mark.parametrize(
    "preset",
    [preset for preset in every_preset().values() if preset.kind == "touchpoints"],
    ids=lambda preset: preset.key,
)
def test_activities_of_a_product_become_talks(team, preset):
    account = make_account(external_id="A-1", team=team, name="青嶺", name_key="青嶺")
    make_contact(account=account, external_id="P-1")
    cells = {
        "external_id": "X-1",
        "account_external_id": "青嶺",
        "contact_external_ids": "P-1",
        "occurred_at": "2026-06-01 10:30",
    }
    first = {key: header for header, key in reversed(preset.columns.items()) if key}
    header = [first[key] for key in cells]

    run = take_in(
        "touchpoints",
        [*header, "Subject of ours"],
        [*cells.values(), "話した"],
        mapping=preset.mapping_of(header)
        | {"columns": {**preset.mapping_of(header)["columns"], "Subject of ours": "subject"}},
    )

    assert counts(run) == (1, 0, 0, 0), run.job.result
    talk = Touchpoint.objects.get()
    assert (talk.type, talk.contacts.count()) == (preset.values["type"], 1)


@pytest.mark.parametrize("product", ["salesforce", "hubspot", "kintone"])
@pytest.mark.parametrize("severity", ["High", "高"])
def test_inquiries_of_a_product_become_tickets(team, product, severity):
    (preset,) = (
        preset
        for preset in every_preset().values()
        if preset.kind == "tickets" and preset.key.startswith(product)
    )
    make_account(external_id="A-1", team=team)
    cells = {
        "external_id": "T-1",
        "account_external_id": "A-1",
        "subject": "ログインできない",
        "severity": severity,
        "opened_at": "2026-06-01 10:30",
        "resolved_at": "2026-06-02 09:00",
    }
    first = {key: header for header, key in reversed(preset.columns.items()) if key}
    header = [first[key] for key in cells]

    run = take_in("tickets", header, list(cells.values()), mapping=preset.mapping_of(header))

    assert counts(run) == (1, 0, 0, 0), run.job.result
    ticket = Ticket.objects.get()
    assert (ticket.severity, ticket.state, ticket.external_id) == ("high", "resolved", "T-1")


def test_a_value_stands_only_where_a_row_says_nothing(team):
    make_account(external_id="A-1", team=team)
    header = ["account_external_id", "subject", "occurred_at", "type"]
    rows = [["A-1", "一", "2026-06-01", "訪問"], ["A-1", "二", "2026-06-01", ""]]

    assert counts(take_in("touchpoints", header, *rows, mapping={"values": {"type": "call"}})) == (
        (2, 0, 0, 0)
    )

    assert dict(Touchpoint.objects.values_list("subject", "type")) == {"一": "visit", "二": "call"}


@pytest.mark.parametrize("values", [{"type": "nonsense"}, {"nothing": "x"}])
def test_a_value_no_field_takes_refuses_the_file(team, values):
    with pytest.raises(BadImportFile, match="unknown"):
        take_in("touchpoints", ["account_external_id"], ["A-1"], mapping={"values": values})


def test_there_are_presets_for_three_products():
    products = {key.partition("_")[0] for key in every_preset()}
    assert products == {"salesforce", "hubspot", "kintone"}


@pytest.mark.parametrize("header", [SALESFORCE, SALESFORCE_JA])
def test_an_export_of_salesforce_is_understood_in_both_languages(team, header):
    mapping = every_preset()["salesforce_accounts"].mapping_of(header)
    run = take_in(
        "accounts", header,
        ["001A", "青嶺", "佐伯", "Customer - Direct", ""], ["001B", "青嶺西", "佐伯", "", "001A"],
        mapping=mapping,
    )  # fmt: skip
    assert counts(run) == (2, 0, 0, 0)
    assert Account.objects.get(external_id="001B").parent.external_id == "001A"


def test_companies_of_hubspot_bring_their_domain_and_contacts_find_them(team):
    header = ["Record ID", "Company name", "Company Domain Name", "Lifecycle Stage"]
    take_in("accounts", header, ["101", "青嶺", "https://aomine.example.com", "Customer"],
            mapping=every_preset()["hubspot_companies"].mapping_of(header))  # fmt: skip
    take_in("accounts", header, ["101", "青嶺", "aomine.example.com", "Customer"],
            mapping=every_preset()["hubspot_companies"].mapping_of(header))  # fmt: skip
    assert [d.domain for d in Account.objects.get().domains.all()] == ["aomine.example.com"]

    header = ["Record ID", "First Name", "Last Name", "Email", "Associated Company IDs"]
    take_in("contacts", header, ["9", "花子", "佐藤", "h@aomine.example.com", "101"],
            mapping=every_preset()["hubspot_contacts"].mapping_of(header))  # fmt: skip
    assert Contact.objects.get().account.external_id == "101"


def test_of_two_headers_for_one_field_the_first_of_the_preset_counts():
    header = ["レコード番号", "会社名", "顧客番号", "担当者名"]
    mapping = every_preset()["kintone_customers"].mapping_of(header)
    assert mapping["columns"] == {
        "顧客番号": "external_id", "レコード番号": None, "会社名": "name", "担当者名": None
    }  # fmt: skip


def test_a_mapping_of_the_same_name_is_replaced_and_others_see_what_is_shared(team):
    owner, other = make_user(), make_user()
    for shared in (False, True):
        save_mapping(name="基幹", kind="accounts", header=["B", "a "], mapping={"columns": {}},
                     is_shared=shared, at=AT, by=owner)  # fmt: skip
        visible = ImportMapping.objects.visible_to(other).exists()
        assert visible is shared
    kept = ImportMapping.objects.get()
    assert kept.header == signature(["A", "b"]) == ["a", "b"]


@pytest.mark.parametrize("cell", ["aomine", "a b", "http://", "-x.example.com"])
def test_what_is_no_domain_is_refused(team, cell):
    run = take_in("accounts", ["external_id", "name", "domains"], ["A-1", "青嶺", cell])
    assert counts(run) == (0, 0, 0, 1)


def test_domains_of_a_file_are_added_and_a_preview_says_so(team):
    header = ["external_id", "name", "domains"]
    take_in("accounts", header, ["A-1", "青嶺", "a.example.com"])
    assert counts(take_in("accounts", header, ["A-1", "青嶺", "a.example.com"])) == (0, 0, 1, 0)
    run = take_in("accounts", header, ["A-1", "青嶺", "A.example.com、b.example.com"])
    assert counts(run) == (0, 1, 0, 0)
    domains = Account.objects.get().domains.order_by("pk")
    assert [d.domain for d in domains] == ["a.example.com", "b.example.com"]


#: Columns whose words say more in a file than on a form: with tax, or the days of a part.
MORE_IN_A_FILE = {"amount", "starts_on", "ends_on"}


@pytest.mark.parametrize(
    ("kind", "model"),
    [("accounts", Account), ("contacts", Contact), ("contracts", Contract), ("tickets", Ticket),
     ("invoices", Invoice), ("touchpoints", Touchpoint)],
)  # fmt: skip
@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_column_is_called_like_the_field_it_fills(kind, model, language):
    named = {field.name: field for field in model._meta.concrete_fields}
    with translation.override(language):
        drifted = {
            column.key: str(column.label)
            for column in importers.get(kind).columns()
            if column.key in named and str(column.label) != str(named[column.key].verbose_name)
        }

    assert drifted.keys() <= MORE_IN_A_FILE


@pytest.mark.parametrize("kind", sorted({*importers} - {"terms"}))
def test_the_id_of_an_account_has_the_same_words_in_every_kind_of_file(kind):
    words = header_words(importers.get(kind).columns())

    keys = {words.get(fold_word(word)) for word in ACCOUNT_ID_WORDS}

    assert keys == {"external_id" if kind == "accounts" else "account_external_id"}
