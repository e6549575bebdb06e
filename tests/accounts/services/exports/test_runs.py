"""Exports as jobs: made from what the asker may see, once, kept for a while."""

import datetime as dt
import hashlib
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.choices import ExportFormat, ExportHeader
from accounts.models import AccessPolicy, Account, Export, Job
from accounts.services.exports.files import open_file, remove_expired_exports
from accounts.services.exports.runs import (
    BadExport,
    ExportOrder,
    request_export,
    run_due_export,
)
from accounts.services.exports.sources import UnknownList
from config.lib.clock import app_now
from config.lib.jobs import JobState
from scoring.models import HealthCurrent
from tests.accounts.services.exports.files import csv_rows, export_now, xlsx_rows
from tests.factories import (
    make_account,
    make_contact,
    make_contract,
    make_organisation,
    make_team,
    make_user,
)
from tests.scoring.factories import make_health_day

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("files_apart"),
]


@pytest.fixture
def files_apart(settings, tmp_path, db):
    settings.MEDIA_ROOT = str(tmp_path)
    make_organisation()


@pytest.fixture
def user():
    return make_user(team=make_team())


def test_a_file_holds_the_rows_and_columns_of_the_list_in_its_order(user):
    team = user.teams.get()
    make_account(team=team, external_id="A-1", name="い", tier="a", arr=1200)
    make_account(team=team, external_id="A-2", name="あ", tier="a", arr=-5)
    make_account(team=team, external_id="A-3", name="う", tier="b")
    make_account(external_id="A-4", name="見えない", tier="a")

    export = export_now(
        user, source="accounts", query="tier=a&sort=-arr&columns=arr,tier", header="keys"
    )

    assert csv_rows(export) == [
        ["external_id", "name", "tier", "arr", "currency"],
        ["A-1", "い", "a", "1200.00", "JPY"],
        ["A-2", "あ", "a", "-5.00", "JPY"],
    ]
    assert (export.rows, export.job.state) == (2, JobState.DONE)
    assert export.job.result["rows"] == 2


def test_health_stands_in_a_file_as_the_page_rounds_it(user):
    account = make_account(team=user.teams.get())
    HealthCurrent.objects.create(
        account=account, score=69.15638403706804, band="steady", change_30d=-4.567
    )
    for days, score in [(9, 71.4), (6, None), (3, 68.6)]:
        make_health_day(account, app_now().date() - dt.timedelta(days=days), score=score)

    query = "columns=health.score,health.change_30d,health.history"
    csv = csv_rows(export_now(user, source="accounts", query=query, header="keys"))
    xlsx = xlsx_rows(export_now(user, source="accounts", query=query, format="xlsx"))

    assert csv[1][2:] == ["69", "-5", "71 – 69"]
    assert xlsx[1][2:] == [69.0, -5.0, "71 – 69"]


def test_a_file_without_an_order_has_that_of_the_page(user, client):
    for score in (72.0, None, 41.0):
        account = make_account(team=user.teams.get())
        HealthCurrent.objects.create(account=account, score=score, band="at_risk")
    client.force_login(user)

    for query in ("", "sort=name", "sort=-name", "sort=-health.score"):
        page = [account.name for account, *_ in client.get(f"/accounts/?{query}").context["rows"]]
        file = csv_rows(export_now(user, source="accounts", query=query, header="keys"))
        assert [row[1] for row in file[1:]] == page


def test_headers_and_choices_speak_the_language_of_who_asked(user):
    make_account(team=user.teams.get(), name="あ", status="signed", tracked=True)

    query = "columns=status,tracked&status=signed"
    japanese = csv_rows(export_now(user, source="accounts", query=query, language="ja"))
    english = csv_rows(export_now(user, source="accounts", query=query, language="en"))

    assert english[0][1:] == ["Name", "Status", "Usage events expected"]
    assert english[1][2:] == ["Signed, not started", "Yes"]
    assert japanese[0][1] == "名称"
    assert japanese[1][3] == "はい"


def test_a_contract_of_a_lost_customer_is_exported_as_ended(user):
    account = make_account(team=user.teams.get(), status="churned")
    make_contract(account=account, auto_renews=True)

    query = "columns=contract,state,decide_on"
    rows = csv_rows(export_now(user, source="contracts", query=query, language="en"))

    assert rows[1][-2:] == ["Ended", ""]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "'="])
def test_no_text_of_a_csv_file_is_a_formula(user, start):
    evil = f'{start}HYPERLINK("http://evil.example")'
    make_account(team=user.teams.get(), name=evil)

    name = csv_rows(export_now(user, source="accounts"))[1][1]

    assert name == f"'{evil}"


def test_excel_gets_typed_cells_and_no_formulas(user):
    make_account(
        team=user.teams.get(),
        name="=1+1",
        arr=1200,
        tracked=True,
        renewal_on=dt.date(2027, 3, 31),
        licensed_users=7,
    )

    query = "columns=arr,tracked,renewal_on,licensed_users"
    export = export_now(user, source="accounts", format="xlsx", header="keys", query=query)

    header, row = xlsx_rows(export)
    values = dict(zip(header, row, strict=True))
    assert values["name"] == "=1+1"
    assert values["arr"] == 1200.0
    assert values["tracked"] is True
    assert values["renewal_on"] == dt.date(2027, 3, 31)
    assert values["licensed_users"] == 7
    assert b"<f>" not in export.file.open("rb").read()


def test_what_may_be_seen_is_decided_when_the_file_is_made(user):
    make_account(team=user.teams.get(), name="もう見えない")
    export = request_export(order=ExportOrder(source="accounts"), at=app_now(), by=user)
    user.memberships.all().delete()

    run_due_export(at=app_now())

    export.refresh_from_db()
    assert export.rows == 0


def test_who_left_gets_no_file(user):
    export = request_export(order=ExportOrder(source="accounts"), at=app_now(), by=user)
    user.is_active = False
    user.save()

    run_due_export(at=app_now())

    export.job.refresh_from_db()
    assert export.job.state == JobState.FAILED
    assert not Export.objects.get().file


def test_values_hidden_at_some_accounts_are_empty_there(user):
    for kind, scope in [("account", "all"), ("health", "own_team")]:
        AccessPolicy.objects.create(
            role="member", kind=kind, read_scope=scope, write_scope="own_team"
        )
    make_account(team=user.teams.get(), name="自")
    make_account(name="他")

    header, *rows = csv_rows(
        export_now(user, source="accounts", query="columns=health.band", header="keys")
    )

    assert header == ["external_id", "name", "health.band"]
    assert {row[1] for row in rows} == {"自", "他"}
    assert next(row[2] for row in rows if row[1] == "他") == ""


def test_the_digest_and_size_are_those_of_the_file(user):
    make_account(team=user.teams.get())

    export = export_now(user, source="accounts")

    data = export.file.read()
    assert export.sha256 == hashlib.sha256(data).hexdigest()
    assert export.size == len(data)
    assert data.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in data


def test_a_file_is_gone_after_its_time_and_the_row_stays(user):
    export = export_now(user, source="accounts")
    path = export.file.path
    later = export.expires_at + dt.timedelta(minutes=1)

    assert open_file(export, at=later) is None
    assert remove_expired_exports(at=later) == 1

    export.refresh_from_db()
    assert not export.file
    assert export.file_name
    assert not Path(path).exists()


def test_unknown_lists_and_formats_are_refused(user):
    with pytest.raises(UnknownList):
        request_export(order=ExportOrder(source="nothing"), at=app_now(), by=user)
    with pytest.raises(BadExport):
        request_export(
            order=ExportOrder(source="accounts", format=ExportFormat.ZIP), at=app_now(), by=user
        )
    assert not Job.objects.exists()


def test_long_lists_are_read_with_the_queries_of_short_ones(user):
    team = user.teams.get()
    export_now(user, source="accounts")  # reads the user's reach, once
    counts = []
    for number in (1, 2500):
        Account.objects.bulk_create(
            Account(team=team, name=f"社{number}-{n}", name_key="k") for n in range(number)
        )
        with CaptureQueriesContext(connection) as queries:
            export_now(user, source="accounts", header=ExportHeader.KEYS)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_levels_of_titles_are_read_with_the_queries_of_one(user):
    account = make_account(team=user.teams.get())
    wanted = {"source": "contacts", "query": "columns=seniority", "header": ExportHeader.KEYS}
    export_now(user, **wanted)
    counts = []
    for _ in range(2):
        make_contact(account=account, title="課長")
        with CaptureQueriesContext(connection) as queries:
            export = export_now(user, **wanted)
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert [row[-1] for row in csv_rows(export)] == ["seniority", "manager", "manager"]
