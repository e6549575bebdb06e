"""The whole organisation leaves as an archive, without secrets."""

import hashlib
import json

import pytest
from rest_framework.test import APIClient

from accounts.models import (
    ApiToken,
    Export,
    Team,
    User,
)
from accounts.services.accounts import create_account
from accounts.services.exports.runs import (
    ExportNotAllowed,
    request_everything,
)
from accounts.services.tokens import create_api_token
from config.lib.clock import app_now
from tests.accounts.services.exports.files import archive_rows, take_everything
from tests.factories import make_organisation, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files_apart(settings, tmp_path, db):
    settings.MEDIA_ROOT = str(tmp_path)
    make_organisation()


@pytest.fixture
def administrator():
    return make_user(role="administrator")


def test_the_manifest_counts_and_signs_every_file(administrator):
    make_team()
    archive = take_everything(administrator)

    manifest = json.loads(archive.read("manifest.json"))["files"]

    assert set(manifest) == set(archive.namelist()) - {"manifest.json"}
    for path, said in manifest.items():
        data = archive.read(path)
        assert said["sha256"] == hashlib.sha256(data).hexdigest(), path
        assert said["rows"] == len(archive_rows(archive, path)), path
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
    create_account(name=" =1+1", team=make_team(name="-営業"), external_id="A", at=app_now())

    archive = take_everything(administrator)

    row = archive_rows(archive, "tables/accounts.account.csv")[0]
    assert (row["name"], row["arr"]) == ("' =1+1", "0.00")
    assert archive_rows(archive, "import/accounts.csv")[0]["team"] == "'-営業"


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
