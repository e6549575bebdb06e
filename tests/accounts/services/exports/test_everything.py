"""The whole organisation leaves as an archive, without secrets, and can come back."""

import csv
import hashlib
import io
import json
import zipfile

import pytest
from django.core.files.base import ContentFile
from rest_framework.test import APIClient

from accounts.models import (
    Account,
    AccountRole,
    ApiToken,
    AttributeDefinition,
    Contact,
    Contract,
    ContractTerm,
    Export,
    Team,
    User,
)
from accounts.services.accounts import create_account
from accounts.services.contacts import create_contact
from accounts.services.contracts import create_contract
from accounts.services.exports.runs import (
    ExportNotAllowed,
    request_everything,
    run_due_export,
)
from accounts.services.imports.runs import ImportOrder, import_here
from accounts.services.tokens import create_api_token
from config.lib.clock import app_now
from config.lib.jobs import JobState
from tests.factories import LONG_AGO, make_organisation, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files_apart(settings, tmp_path, db):
    settings.MEDIA_ROOT = str(tmp_path)
    make_organisation()


@pytest.fixture
def administrator():
    return make_user(role="administrator")


def take_everything(user) -> zipfile.ZipFile:
    export = request_everything(language="en", at=app_now(), by=user)
    run_due_export(at=app_now())
    export.refresh_from_db()
    export.job.refresh_from_db()
    assert export.job.state == JobState.DONE, export.job.last_error
    return zipfile.ZipFile(io.BytesIO(export.file.read()))


def rows_of(archive, path) -> list[dict[str, str]]:
    text = archive.read(path).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_manifest_counts_and_signs_every_file(administrator):
    make_team()
    archive = take_everything(administrator)

    manifest = json.loads(archive.read("manifest.json"))["files"]

    assert set(manifest) == set(archive.namelist()) - {"manifest.json"}
    for path, said in manifest.items():
        data = archive.read(path)
        assert said["sha256"] == hashlib.sha256(data).hexdigest(), path
        assert said["rows"] == len(rows_of(archive, path)), path
    assert manifest["tables/accounts.team.csv"]["rows"] == Team.objects.count()
    assert any(path.startswith("history/") for path in manifest)
    assert {"tables/scoring.healthdaily.csv", "tables/playbooks.task.csv"} <= set(manifest)


def test_no_secret_leaves(administrator):
    token = create_api_token(user=administrator, name="T", scopes=["read"], at=app_now())
    archive = take_everything(administrator)

    everything = b"".join(archive.read(name) for name in archive.namelist())

    digest = bytes(ApiToken.objects.get().digest)
    for secret in (
        token.text.encode(),
        digest.hex().encode(),
        administrator.password.encode(),
        b"pbkdf2",
    ):
        assert secret not in everything
    assert "tables/surveys.invitationtoken.csv" not in archive.namelist()


def test_texts_are_inert_and_numbers_stay(administrator):
    create_account(name="=1+1", team=make_team(name="-営業"), external_id="A", at=app_now())

    archive = take_everything(administrator)

    row = rows_of(archive, "tables/accounts.account.csv")[0]
    assert (row["name"], row["arr"]) == ("'=1+1", "0.00")
    assert rows_of(archive, "import/accounts.csv")[0]["team"] == "'-営業"


def test_what_left_comes_back_into_an_empty_organisation(administrator):
    AttributeDefinition.objects.create(key="rank", type="text", label_en="Rank", label_ja="格")
    team = make_team(name="営業")
    manager = make_user(team=team)
    at = app_now()
    parent = create_account(name="親会社", team=team, external_id="P", at=at, by=administrator)
    child = create_account(
        name="=子会社",
        name_kana="コガイシャ",
        team=team,
        external_id="C",
        parent=parent,
        tier="a",
        phase="renewal",
        tracked=True,
        country="JP",
        corporate_number="",
        at=at,
        by=administrator,
    )
    Account.objects.filter(pk=child.pk).update(attributes={"rank": "+金"})
    AccountRole.objects.create(
        account=child, user=manager, role="account_manager", starts_on=LONG_AGO
    )
    create_contact(
        account=child,
        family_name="鯨岡",
        given_name="瑠璃子",
        email="r@customer.example",
        phone="+81-90-1234-5678",
        message="-5% の話\n2行目",
        at=at,
    )
    create_contract(
        account=child,
        external_id="K-1",
        product="Monorhythm",
        starts_on=LONG_AGO,
        ends_on=LONG_AGO.replace(year=2030),
        arr=1_200_000,
        seats=12,
        at=at,
    )
    before = _record()
    archive = take_everything(administrator)
    _empty()

    for kind in ("accounts", "contacts", "contracts", "stakeholders"):
        data = archive.read(f"import/{kind}.csv")
        order = ImportOrder(kind=kind, file_name=f"{kind}.csv")
        if rows_of(archive, f"import/{kind}.csv"):
            file = ContentFile(data, f"{kind}.csv")
            run = import_here(order=order, file=file, at=app_now(), by=administrator)
            assert run.job.result["failed"] == 0, run.job.result

    assert _record() == before


def _record():
    """Return what must be the same: names, texts, figures and who belongs to whom."""
    accounts = Account.objects.order_by("external_id").values_list(
        "external_id",
        "name",
        "name_kana",
        "tier",
        "phase",
        "status",
        "tracked",
        "parent__external_id",
        "team__name",
        "arr",
        "licensed_users",
        "attributes",
    )
    contacts = Contact.objects.order_by("email").values_list(
        "account__external_id", "family_name", "given_name", "email", "phone", "message"
    )
    contracts = Contract.objects.order_by("external_id").values_list(
        "account__external_id", "external_id", "product", "starts_on", "ends_on"
    )
    terms = ContractTerm.objects.filter(retracted_at=None).values_list("arr", "seats", "starts_on")
    roles = AccountRole.objects.filter(retracted_at=None, ends_on=None).values_list(
        "account__external_id", "user__email", "role"
    )
    return [list(rows) for rows in (accounts, contacts, contracts, terms, roles)]


def _empty():
    Contract.objects.all().delete()
    Contact.objects.all().delete()
    Account.objects.filter(parent__isnull=False).delete()
    Account.objects.all().delete()


def test_only_administrators_take_everything(client, administrator):
    for role in ("member", "manager", "viewer", "privacy_officer"):
        with pytest.raises(ExportNotAllowed):
            request_everything(language="en", at=app_now(), by=make_user(role=role))
    client.force_login(make_user(role="manager"))
    assert client.post("/exports/everything/").status_code == 403
    client.force_login(administrator)
    assert "reauthenticate" in client.post("/exports/everything/")["Location"]
    assert not Export.objects.exists()


def test_the_api_asks_for_the_scope_admin(administrator):
    write = create_api_token(user=administrator, name="w", scopes=["write"], at=app_now())
    admin = create_api_token(user=administrator, name="a", scopes=["admin"], at=app_now())
    client = APIClient()

    def ask(token):
        headers = {"Authorization": f"Bearer {token.text}"}
        return client.post("/api/v1/exports/everything/", headers=headers)

    assert ask(write).status_code == 403
    assert ask(admin).status_code == 202
    assert Export.objects.get().kind == "everything"


def test_the_api_asks_a_session_once_more_who_it_is(api, administrator):
    answer = api(administrator).post("/api/v1/exports/everything/")

    assert (answer.status_code, answer.data["code"]) == (403, "confirmation_required")
    assert not Export.objects.exists()


def test_the_archive_is_handed_out_only_to_who_shows_who_they_are(client, api, administrator):
    take_everything(administrator)
    export = Export.objects.get()
    read = create_api_token(user=administrator, name="r", scopes=["read"], at=app_now())
    admin = create_api_token(user=administrator, name="a", scopes=["admin"], at=app_now())
    address = f"/api/v1/exports/{export.pk}/file/"
    client.force_login(administrator)

    assert "reauthenticate" in client.get(f"/exports/{export.pk}/file/")["Location"]
    assert api(administrator).get(address).status_code == 403
    for token, status in ((read, 403), (admin, 200)):
        headers = {"Authorization": f"Bearer {token.text}"}
        assert APIClient().get(address, headers=headers).status_code == status


def test_who_is_no_administrator_any_more_has_lost_the_archive(client, administrator):
    take_everything(administrator)
    export = Export.objects.get()
    User.objects.filter(pk=administrator.pk).update(role="member")
    client.force_login(administrator)

    assert client.get(f"/exports/{export.pk}/file/").status_code == 404
    assert not Export.objects.visible_to(User.objects.get(pk=administrator.pk)).exists()
