"""However the person was written, in texts, their history and files: nobody finds them."""

import pytest

from accounts.models import AttributeDefinition, ImportRun, SavedView, Segment
from accounts.services.accounts import update_account
from accounts.services.milestones import set_milestone
from accounts.services.touchpoints import record_touchpoint, update_touchpoint
from config.lib.clock import app_now
from tests.accounts.services.privacy.dump import tables_mentioning
from tests.accounts.services.privacy.test_erasure_files import import_file
from tests.accounts.services.privacy.traces import MAIL, erase, make_person
from tests.factories import make_account, make_contact

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files_apart")]

SPELLINGS = (
    "09098765432",
    "090 9876 5432",
    "(090)9876.5432",
    "+81 90-9876-5432",
    "０９０－９８７６－５４３２",
    "ｒｕｒｉｋｏ．ｋｕｊｉｒａｏｋａ＠ｃｕｓｔｏｍｅｒ．ｅｘａｍｐｌｅ",
    "鯨岡、瑠璃子",
    "瑠璃子・鯨岡",
    "クジラオカ・ルリコ",
    "ｸｼﾞﾗｵｶ ﾙﾘｺ",
    "くじらおかるりこ",
    "Kujiraoka, Ruriko",
    "ＫＵＪＩＲＡＯＫＡ　ＲＵＲＩＫＯ",
)


@pytest.fixture
def talked_of(officer):
    """Leave every spelling in a talk and in what the talk said before; return its account."""
    contact = make_person(make_account())
    [talk] = record_touchpoint(
        accounts=[contact.account],
        type="call",
        occurred_at=app_now(),
        subject="電話",
        body="。\n".join(SPELLINGS),
        at=app_now(),
    )
    update_touchpoint(touchpoint=talk, changes={"subject": "訪問"}, at=app_now())
    AttributeDefinition.objects.create(key="who", type="text", label_en="Who", label_ja="誰")
    update_account(
        account=contact.account, changes={"attributes": {"who": "、".join(SPELLINGS)}}, at=app_now()
    )
    return contact


def test_every_spelling_goes_and_what_stands_around_it_stays(officer, talked_of):
    assert len(tables_mentioning(*SPELLINGS)) >= 4 * len(SPELLINGS)

    erase(talked_of, officer)

    assert tables_mentioning(*SPELLINGS) == set()
    body = talked_of.account.touchpoints.get().body
    assert body.replace("(", "").replace("+", "") == "。\n".join(["■"] * len(SPELLINGS))


def test_numbers_in_json_are_left_readable(officer, talked_of):
    view = SavedView.objects.create(
        list_key="contacts", name="V", owner=officer, query=f"q={SPELLINGS[5]}"
    )
    attributes = {"seats": 3, "phone": 819098765432, "others": [81909876543, None, True]}
    type(talked_of.account).objects.filter(pk=talked_of.account_id).update(attributes=attributes)

    erase(talked_of, officer)

    talked_of.account.refresh_from_db()
    assert talked_of.account.attributes == {**attributes, "phone": None}
    view.refresh_from_db()
    assert view.query == "q=■"


def test_numbers_and_names_of_colleagues_stay(officer):
    contact = make_person(make_account())
    reached = {"email": f"m.{MAIL}", "phone": "+81 90 9876 5432"}
    colleague = make_contact(
        account=contact.account, family_name="鯨岡", given_name="太郎", **reached
    )
    [talk] = record_touchpoint(
        accounts=[contact.account],
        type="call",
        occurred_at=app_now(),
        subject="鯨岡・太郎 09098765432 190987654321",
        at=app_now(),
    )

    erase(contact, officer)

    colleague.refresh_from_db()
    assert {column: getattr(colleague, column) for column in reached} == reached
    said = talk.subject
    talk.refresh_from_db()
    assert talk.subject == said


def test_what_a_contact_of_another_account_says_of_their_address_goes(officer):
    contact = make_person(make_account())
    other = make_contact(account=make_account(), approach=f"Ask {MAIL} first")

    erase(contact, officer)

    other.refresh_from_db()
    assert other.approach == "Ask ■ first"


def test_the_key_of_a_milestone_forgets_whom_its_label_named(officer):
    contact = make_person(make_account())
    for label in ("Meet Ruriko Kujiraoka", "Meet Kujiraoka, Ruriko"):
        set_milestone(account=contact.account, label_en=label, at=app_now())

    erase(contact, officer)

    assert tables_mentioning("ruriko", "kujiraoka") == set()
    rows = contact.account.milestones.all()
    assert {row.key for row in rows} == {f"meet_erased_{row.pk}" for row in rows}
    assert {event.key for row in rows for event in row.events.all()} == {row.key for row in rows}


def test_a_segment_of_the_person_forgets_them_and_keeps_a_key(officer):
    contact = make_person(make_account())
    segment = Segment.objects.create(
        key="kujiraoka_ruriko",
        name_en="Ruriko Kujiraoka",
        name_ja="鯨岡瑠璃子",
        rule={"all": [{"field": "account.name", "op": "is", "value": "鯨岡　瑠璃子"}]},
    )

    erase(contact, officer)

    assert tables_mentioning("鯨岡", "瑠璃子", "ruriko") == set()
    segment.refresh_from_db()
    assert segment.key == f"erased_{segment.pk}"


@pytest.mark.parametrize("code", ["utf-8", "cp932"])
@pytest.mark.parametrize("row", ["+81 90 9876-5432", "鯨岡・瑠璃子", "くじらおか るりこ"])
def test_a_file_with_another_spelling_goes(officer, django_capture_on_commit_callbacks, code, row):
    contact = make_person(make_account())
    run = import_file(f"名,電話\r\n{row},\r\n".encode(code))
    other = import_file("名,電話\r\n鯨岡・太郎,190987654321\r\n".encode(code))

    with django_capture_on_commit_callbacks(execute=True):
        erase(contact, officer)

    assert [bool(ImportRun.objects.get(pk=one.pk).file) for one in (run, other)] == [False, True]
