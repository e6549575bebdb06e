import datetime as dt

import pytest

from accounts.models import AccountShare, DirtyAccount, Touchpoint
from accounts.services.touchpoint_types import archive_touchpoint_type, write_touchpoint_type
from accounts.services.touchpoints import record_touchpoint, update_touchpoint
from tests.accounts.importers.files import AT, counts, error_rows, faults, statements, take_in
from tests.factories import make_account, make_contact, make_team, make_touchpoint, make_user

pytestmark = pytest.mark.django_db
HEADER = ["account_external_id", "external_id", "type", "occurred_at", "subject"]
ROW = ["A-1", "T-1", "訪問", "2026-06-01 10:00", "来期の計画"]
LATER = AT + dt.timedelta(days=2)
WHEN = dt.datetime(2026, 6, 1, 1, 0, tzinfo=dt.UTC)
APART = {"id", "external_id", "account_id", "source", "_state", "_prefetched_objects_cache"}


@pytest.fixture
def account(team):
    return make_account(external_id="A-1", team=team)


def shape(row):
    plain = {name: value for name, value in vars(row).items() if name not in APART}
    contacts = sorted(row.contacts.values_list("family_name", flat=True))
    users = sorted(row.users.values_list("pk", flat=True))
    return plain, contacts, users, sorted(row.signals.values_list("signal", flat=True))


def shapes(account):
    return [shape(row) for row in account.touchpoints.order_by("retracted_at")]


@pytest.mark.parametrize(
    ("word", "type_"),
    [("訪問", "visit"), ("Internal note", "internal_note"), ("メール", "mail"), ("call", "call")],
)
def test_a_row_is_what_the_service_would_have_made(account, word, type_):
    twin = make_account(external_id="A-2", team=account.team)
    ours = make_user(username="naoto@harukaze.example")
    for one, stem in ((account, "P"), (twin, "Q")):
        make_contact(account=one, external_id=f"{stem}-1", family_name="佐藤", email="")
        make_contact(account=one, external_id=f"{stem}-2", family_name="鈴木",
                     email="suzuki@aomine.example")  # fmt: skip
    record_touchpoint(
        accounts=[twin], type=type_, occurred_at=WHEN, subject="来期の計画", body="一行目\n二行目",
        sentiment="positive", duration_minutes=60, contacts=twin.contacts.all(), users=[ours],
        signals=["praise", "budget_cut"], at=AT,
    )  # fmt: skip

    header = [*HEADER, "本文", "印象", "duration_minutes", "contact_external_ids",
              "contact_emails", "対応者", "signals"]  # fmt: skip
    cells = ["一行目\n二行目", "positive", "60", "P-1",
             "Suzuki@aomine.example", "NAOTO@harukaze.example", "お褒め、budget_cut"]  # fmt: skip
    run = take_in("touchpoints", header, ["A-1", "T-1", word, *ROW[3:], *cells])

    assert faults(run) == []
    assert shapes(account) == shapes(twin)
    assert Touchpoint.objects.get(account=account).source == "import"
    assert DirtyAccount.objects.filter(account=account).exists()


@pytest.mark.parametrize(
    ("column", "cell", "changes"),
    [
        ("signals", "complaint", {"signals": ["complaint"]}),
        ("occurred_at", "2026-06-02 10:00", {"occurred_at": WHEN + dt.timedelta(days=1)}),
        ("type", "call", {"type": "call"}),
        ("type", "internal note", {"type": "internal_note"}),
        ("body", "Other words", {"body": "Other words"}),
        ("contact_external_ids", "P-2", {"contacts": "P-2"}),
    ],
)
def test_a_correction_is_what_the_service_would_have_written(account, column, cell, changes):
    twin = make_account(external_id="A-2", team=account.team)
    for one, stem in ((account, "P"), (twin, "Q")):
        people = [
            make_contact(account=one, external_id=f"{stem}-{n}", family_name=f"人{n}", email="")
            for n in (1, 2)
        ]
        (row,) = record_touchpoint(
            accounts=[one], external_id="T-1", type="visit", occurred_at=WHEN, subject="Plan",
            contacts=people[:1], signals=["praise"], at=AT,
        )  # fmt: skip
    changes = {**changes, **({"contacts": people[1:]} if "contacts" in changes else {})}
    update_touchpoint(touchpoint=row, changes=changes, at=LATER)

    header = ["account_external_id", "external_id", column]
    run = take_in("touchpoints", header, ["A-1", "T-1", cell], at=LATER)

    assert counts(run) == (0, 1, 0, 0)
    assert shapes(account) == shapes(twin)


def test_the_same_file_again_changes_nothing_with_ids_and_without(account):
    make_contact(account=account, external_id="P-1", email="")
    header = [*HEADER, "contact_external_ids"]
    for row in ([*ROW, "P-1"], ["A-1", "", *ROW[2:], "P-1"]):
        assert counts(take_in("touchpoints", header, row)) == (1, 0, 0, 0)
        assert counts(take_in("touchpoints", header, row, at=LATER)) == (0, 0, 1, 0)
    assert Touchpoint.objects.count() == 2


def test_people_are_cleared_only_where_the_mapping_says_so(account):
    person = make_contact(account=account, external_id="P-1", email="")
    header = [*HEADER, "contact_external_ids"]
    take_in("touchpoints", header, [*ROW, "P-1"])
    take_in("touchpoints", header, [*ROW, ""])
    row = Touchpoint.objects.get(retracted_at=None)
    assert list(row.contacts.all()) == [person]

    take_in("touchpoints", header, [*ROW, ""], mapping={"clear": ["contact_external_ids"]})

    assert not row.contacts.exists()


FAULTY = [*HEADER, "direction", "contact_external_ids", "contact_emails", "user_emails", "signals"]


def faulty(**cells):
    names = ("account", "id", "type", "when", "subject", "direction", "people", "mails", "users",
             "signals")  # fmt: skip
    usual = {"account": "A-1", "type": "call", "when": "2026-06-01", "subject": "Plan"}
    return [{**usual, **cells}.get(name, "") for name in names]


def test_every_fault_is_named_with_its_row_and_column(account):
    make_contact(account=make_account(), external_id="STRANGER", email="")
    rows = [
        (faulty(account=""), "account_external_id", "required"),
        (faulty(account="NOBODY"), "account_external_id", "unknown_account"),
        (faulty(type="", subject="1"), "type", "required"),
        (faulty(type="picnic"), "type", "choice"),
        (faulty(when=""), "occurred_at", "required"),
        (faulty(when="2026-12-01"), "occurred_at", "future"),
        (faulty(when="令和8年6月1日"), "occurred_at", "era"),
        (faulty(subject=""), "subject", "required"),
        (faulty(direction="internal", subject="2"), "direction", "note_is_internal"),
        (faulty(people="STRANGER", subject="3"), "contact_external_ids", "unknown_contact"),
        (faulty(mails="who@aomine.example", subject="4"), "contact_emails", "unknown_contact"),
        (faulty(mails="nobody", subject="5"), "contact_emails", "mail"),
        (faulty(users="nobody@harukaze.example", subject="6"), "user_emails", "unknown_user"),
        (faulty(signals="praise;gossip", subject="7"), "signals", "choice"),
    ]

    run = take_in("touchpoints", FAULTY, *(cells for cells, _column, _code in rows))

    told = [(line, column, code) for line, (_cells, column, code) in enumerate(rows, start=2)]
    assert faults(run) == told
    assert counts(run) == (0, 0, 0, 14)


def test_the_second_of_two_rows_of_one_talk_is_named(account):
    run = take_in(
        "touchpoints",
        FAULTY,
        faulty(subject="8"),
        faulty(subject="8"),
        faulty(id="T-1", subject="9"),
        faulty(id="T-1", subject="10"),
    )

    assert faults(run) == [(3, "subject", "duplicate"), (5, "external_id", "duplicate")]
    assert counts(run) == (2, 0, 0, 2)


def test_another_teams_account_is_out_of_reach(account):
    run = take_in("touchpoints", HEADER, ROW, by=make_user(team=make_team()))

    assert faults(run) == [(2, "account_external_id", "unknown_account")]


def test_thirty_rows_take_as_many_statements_as_three(account):
    def rows(stem, count):
        return [["A-1", f"{stem}-{n}", *ROW[2:]] for n in range(count)]

    statements("touchpoints", HEADER, *rows("W", 1))
    assert statements("touchpoints", HEADER, *rows("A", 3)) == statements(
        "touchpoints", HEADER, *rows("B", 30)
    )


def test_what_is_declared_was_known_when_it_happened(account):
    take_in("touchpoints", HEADER, ROW, known="declared")

    row = Touchpoint.objects.get()
    assert (row.recorded_at, row.is_declared) == (WHEN, True)


@pytest.mark.parametrize("word", ["現地監査", "on-site AUDIT", "on_site_audit", "研修"])
def test_a_type_of_ones_own_or_an_archived_one_is_taken_by_key_or_name(account, word):
    write_touchpoint_type(label_ja="現地監査", label_en="On-site audit", direction="inbound", at=AT)
    archive_touchpoint_type(key="training", at=AT)

    run = take_in("touchpoints", HEADER, ["A-1", "T-1", word, *ROW[3:]])

    assert faults(run) == []
    talk = Touchpoint.objects.get()
    assert (talk.type, talk.direction) in {
        ("on_site_audit", "inbound"),
        ("training", "two_way"),
    }


def test_a_name_of_the_organisation_comes_before_a_word_of_other_systems(account):
    write_touchpoint_type(label_ja="商談", label_en="Sales talk", at=AT)

    take_in("touchpoints", HEADER, ["A-1", "T-1", "商談", *ROW[3:]])

    assert Touchpoint.objects.get().type == "sales_talk"


def test_an_unknown_type_is_a_fault_that_names_those_there_are(account):
    run = take_in("touchpoints", HEADER, ["A-1", "T-1", "降霊会", *ROW[3:]])

    assert "internal_note" in str(error_rows(run))
    assert not Touchpoint.objects.exists()


def test_a_talk_the_importer_may_not_read_is_neither_changed_nor_shown(team):
    account = make_account(external_id="B-1", team=make_team())
    guest = make_user(team=team)
    AccountShare.objects.create(account=account, user=guest)
    hidden = {"account": account, "visibility": "team", "occurred_at": WHEN}
    note = make_touchpoint(external_id="T-1", subject="内輪の話", **hidden)
    make_touchpoint(external_id=None, type="visit", subject="来期の計画", **hidden)

    run = take_in(
        "touchpoints", HEADER, ["B-1", *ROW[1:]], ["B-1", "", *ROW[2:]], by=guest, is_dry_run=True
    )

    assert faults(run) == [(2, "external_id", "not_found")]
    assert counts(run) == (1, 0, 0, 1)
    note.refresh_from_db()
    assert note.subject == "内輪の話"
