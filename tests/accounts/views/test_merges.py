import datetime as dt
import re

import pytest

from accounts.models import (
    Account,
    AttributeDefinition,
    DuplicateDismissal,
    MergeRecord,
    User,
)
from tests.accounts.services.merges.books import fill, make_twin
from tests.factories import make_account, make_contact, make_organisation, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def twins(client):
    make_organisation()
    team = make_team()
    client.force_login(make_user(team=team))
    source = make_twin(team=team, name="ひなた工業(株)")
    target = make_twin(team=team, name="株式会社ひなた工業")
    fill(source, mail="s")
    return source, target


def test_look_alikes_stand_side_by_side_with_the_way_to_merge_them(client, twins):
    source, target = twins

    page = client.get("/duplicates/").content.decode()

    assert f"/accounts/{source.pk}/merge/?into={target.pk}" in page
    assert f"/accounts/{target.pk}/merge/?into={source.pk}" in page


def test_the_preview_changes_nothing_and_the_merge_can_be_undone_from_its_page(client, twins):
    source, target = twins
    address = f"/accounts/{source.pk}/merge/"

    preview = client.get(f"{address}?into={target.pk}")
    assert 'name="keep.name"' in preview.content.decode()
    assert not MergeRecord.objects.exists()
    done = client.post(address, {"into": target.pk, "keep.name": "source"})
    record = MergeRecord.objects.get()

    assert done.headers["Location"] == f"/merges/{record.pk}/"
    assert Account.objects.get(pk=target.pk).name == "ひなた工業(株)"
    assert f'href="/merges/{record.pk}/undo/"' in client.get(f"/merges/{record.pk}/").text
    assert "as they were before the merge" in client.get(f"/merges/{record.pk}/undo/").text
    assert Account.objects.get(pk=source.pk).merged_into
    client.post(f"/merges/{record.pk}/undo/")
    assert Account.objects.get(pk=source.pk).merged_into is None
    assert client.get(f"/merges/{record.pk}/").context["faults"] == []


def test_two_of_one_latin_name_are_told_apart(client, twins):
    Account.objects.update(name_latin="Hinata Industries")
    source, target = twins
    title = "Hinata Industries (ひなた工業(株)) {} Hinata Industries (株式会社ひなた工業)"
    address = f"/accounts/{source.pk}/merge/"

    preview = client.get(f"{address}?into={target.pk}", headers={"accept-language": "en"}).text
    assert "Merge " + title.format("into") in preview
    client.post(address, {"into": target.pk})
    merged = client.get(f"/merges/{MergeRecord.objects.get().pk}/").text
    assert title.format("went into") in merged


def test_what_only_one_of_two_has_does_not_tell_them_apart(client, twins):
    source, target = twins
    Account.objects.update(name="ひなた工業", external_id=None)
    Account.objects.filter(pk=target.pk).update(external_id="A-1")

    page = client.get(f"/accounts/{source.pk}/merge/?into={target.pk}").text

    assert "None" not in page
    assert f"ひなた工業 (#{source.pk})" in page


def test_two_of_one_name_and_nothing_else_are_told_apart_by_number(client, twins):
    Account.objects.update(name="ひなた工業")
    source, target = twins

    page = client.get(f"/accounts/{source.pk}/merge/?into={target.pk}").text

    assert f"ひなた工業 (#{source.pk})" in page


def test_custom_attributes_and_accounts_are_called_as_the_reader_calls_them(client, twins):
    source, target = twins
    AttributeDefinition.objects.create(
        key="industry",
        type="choice",
        label_en="Industry",
        label_ja="業種",
        options=[{"value": "logistics", "label_en": "Logistics", "label_ja": "物流"}],
    )
    Account.objects.filter(pk=source.pk).update(attributes={"industry": "logistics"})
    Account.objects.filter(pk=target.pk).update(name_latin="Hinata Industries")
    address = f"/accounts/{source.pk}/merge/"

    preview = f"{address}?into={target.pk}"
    english = client.get(preview).text
    assert "Merge ひなた工業(株) into Hinata Industries" in english
    assert "Stays: Hinata Industries" in english
    assert ">Logistics<" in english
    User.objects.update(language="ja")
    japanese = client.get(preview).text
    assert "業種" in japanese
    assert ">物流<" in japanese
    assert "Hinata Industries" not in re.findall("<h1.*?</h1>", japanese)[0]

    client.post(address, {"into": target.pk})
    merged = client.get(f"/merges/{MergeRecord.objects.get().pk}/").text
    assert "業種" in merged
    assert "物流" in merged


def test_dates_countries_and_months_are_written_out_before_and_after_the_merge(client, twins):
    source, target = twins
    AttributeDefinition.objects.create(
        key="audit_on", type="date", label_en="Audit", label_ja="監査日"
    )
    values = {"country": "DE", "budget_month": 3, "live_on": dt.date(2025, 4, 1)}
    values |= {"attributes": {"audit_on": "2026-02-03"}}
    Account.objects.filter(pk=source.pk).update(**values)
    address = f"/accounts/{source.pk}/merge/"
    keep = {"keep.country": "source", "keep.attributes.audit_on": "source"}

    preview = client.get(f"{address}?into={target.pk}").text
    done = client.post(address, {"into": target.pk} | keep)
    page = client.get(done.headers["Location"]).text

    for text in (preview, page):
        assert "1 Apr 2025" in text
        assert "3 Feb 2026" in text
        assert "Germany" in text
        assert "March" in text
        assert "2026-02-03" not in text


def test_contacts_are_merged_the_same_way(client, twins):
    source, target = twins[0].contacts.order_by("pk")
    address = f"/contacts/{source.pk}/merge/"

    assert target in client.get(address).context["likely"]
    assert client.get(f"{address}?into={target.pk}").status_code == 200
    client.post(address, {"into": target.pk})

    source.refresh_from_db()
    assert source.merged_into == target


def test_no_duplicate_is_remembered_and_taken_back_by_the_toast(client, twins):
    source, target = twins
    pair = {"kind": "account", "one": source.pk, "other": target.pk}

    client.post("/duplicates/dismiss/", pair)
    assert client.get("/duplicates/").context["pairs"] == []
    query = "&".join(f"{name}={value}" for name, value in pair.items())
    client.post(f"/duplicates/recall/?{query}")

    assert not DuplicateDismissal.objects.exists()


def test_nobody_merges_what_they_may_not_change(client, twins):
    source, _target = twins
    foreign = make_account(name="ひなた工業 KK")
    stranger = make_contact(account=foreign)

    assert client.post(f"/accounts/{source.pk}/merge/", {"into": foreign.pk}).status_code == 404
    assert client.post(f"/accounts/{foreign.pk}/merge/", {"into": source.pk}).status_code == 404
    assert client.get(f"/contacts/{stranger.pk}/merge/").status_code == 404
    assert client.get("/duplicates/?kind=nobody").status_code == 400
    client.force_login(make_user(team=source.team, role="viewer"))
    assert client.get(f"/accounts/{source.pk}/merge/").status_code == 403


def test_a_merged_account_leads_on_and_is_brought_back_by_undoing_only(client, twins):
    source, target = twins
    client.post(f"/accounts/{source.pk}/merge/", {"into": target.pk})

    page = client.get(f"/accounts/{source.pk}/").content.decode()

    assert f"/accounts/{target.pk}/" in page
    assert client.post(f"/accounts/{source.pk}/restore/").status_code == 409


def test_a_parent_out_of_sight_is_not_named(client, twins):
    source, target = twins
    parent = make_account(name="見えない親会社")
    Account.objects.filter(pk=source.pk).update(parent=parent)
    address = f"/accounts/{source.pk}/merge/"

    preview = client.get(f"{address}?into={target.pk}").content.decode()
    client.post(address, {"into": target.pk})
    record = client.get(f"/merges/{MergeRecord.objects.get().pk}/").content.decode()

    for page in (preview, record):
        assert "見えない親会社" not in page
        assert "another account" in page


def test_likely_duplicates_are_offered_before_the_others(client, twins):
    source, twin = twins
    other = make_account(team=source.team, name="Another")

    page = client.get(f"/accounts/{source.pk}/merge/")

    assert list(page.context["likely"]) == [twin]
    assert list(page.context["rows"]) == [other]
    assert "Likely the same" in page.content.decode()
