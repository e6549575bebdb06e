import json

import pytest
from django.utils import translation

from accounts.choices import Direction, TouchpointIcon
from accounts.models import Touchpoint, TouchpointType
from accounts.selectors.minutes import minutes_templates
from accounts.selectors.touchpoint_types import (
    STARTER,
    offered_touchpoint_types,
    read_touchpoint_types,
    shipped_touchpoint_types,
    type_label,
    usual_type,
)
from accounts.services.minutes import write_minutes_template
from accounts.services.touchpoint_types import (
    LastTouchpointType,
    NoteStaysInternal,
    TypeNameMissing,
    TypeNameTaken,
    UnknownTouchpointType,
    archive_touchpoint_type,
    move_touchpoint_type,
    restore_touchpoint_type,
    write_touchpoint_type,
)
from accounts.services.touchpoints import record_touchpoint, update_touchpoint
from config.lib.clock import app_now
from tests.factories import make_account, make_organisation, make_user

pytestmark = pytest.mark.django_db
AUDIT = {"label_ja": "現地監査", "label_en": "On-site audit"}


def write(key="", **fields):
    return write_touchpoint_type(key=key, at=app_now(), **fields)


def archive(key, **options):
    archive_touchpoint_type(key=key, at=app_now(), **options)


def keys():
    return [one.key for one in offered_touchpoint_types()]


def talk(**fields):
    now = app_now()
    values = {"type": "call", "subject": "Talk", "occurred_at": now, "at": now, **fields}
    return record_touchpoint(accounts=[make_account()], **values)[0]


def test_the_shipped_types_are_those_of_the_house_and_complete():
    assert keys() == [
        "visit", "online_meeting", "regular_meeting", "executive_meeting", "call", "mail",
        "chat", "training", "event", "internal_note",
    ]  # fmt: skip
    for one in shipped_touchpoint_types():
        assert one.label_ja
        assert one.label_en != one.label_ja
        assert one.icon in TouchpointIcon.values
        assert one.direction in Direction.values
        assert (STARTER / f"{one.key}.json").exists()


def test_a_type_of_ones_own_stands_last_and_is_read_in_both_languages():
    made = write(**AUDIT, icon="report", direction="inbound", duration_minutes=90)

    assert (made.key, keys()[-1]) == ("on_site_audit", "on_site_audit")
    with translation.override("ja"):
        assert type_label("on_site_audit") == "現地監査"
    with translation.override("en"):
        assert type_label("on_site_audit") == "On-site audit"
    assert talk(type="on_site_audit").direction == "inbound"


def test_a_shipped_type_is_renamed_and_goes_back_to_its_original_but_keeps_its_place():
    move_touchpoint_type(key="call", earlier=True, at=app_now())
    write("call", label_ja="お電話", label_en="Call", direction="outbound")
    changed = next(one for one in read_touchpoint_types() if one.key == "call")
    restore_touchpoint_type(key="call", at=app_now())
    original = next(one for one in read_touchpoint_types() if one.key == "call")

    assert (changed.label_ja, changed.label_en, changed.is_changed) == ("お電話", "Call", True)
    assert (original.label_ja, original.direction, original.is_changed) == (
        "電話",
        "two_way",
        False,
    )
    assert keys().index("call") == 3


def test_only_what_differs_from_the_original_is_kept():
    write("call", label_ja="お電話", label_en="Call", icon="phone", direction="two_way")

    row = TouchpointType.objects.get()
    assert (row.label_ja, row.label_en, row.icon, row.direction) == ("お電話", "", "", "")


def test_moving_changes_the_order_and_no_words_and_stops_at_the_ends():
    move_touchpoint_type(key="online_meeting", earlier=True, at=app_now())
    move_touchpoint_type(key="online_meeting", earlier=True, at=app_now())
    move_touchpoint_type(key="internal_note", earlier=False, at=app_now())

    assert keys()[:3] == ["online_meeting", "visit", "regular_meeting"]
    assert not any(one.is_changed for one in read_touchpoint_types())


@pytest.mark.parametrize(
    ("key", "fields", "problem", "pointer"),
    [
        ("", {"label_en": "Audit"}, TypeNameMissing, "/label_ja"),
        ("", {"label_ja": "監査"}, TypeNameMissing, "/label_en"),
        ("", {"label_ja": "ＴＲＡＩＮＩＮＧ", "label_en": "Class"}, TypeNameTaken, "/label_ja"),
        ("", {"label_ja": "監査", "label_en": "internal  note"}, TypeNameTaken, "/label_en"),
        ("call", {"label_ja": "訪問"}, TypeNameTaken, "/label_ja"),
        ("internal_note", {"direction": "two_way"}, NoteStaysInternal, "/direction"),
        ("seance", {"label_ja": "降霊"}, UnknownTouchpointType, "/type"),
    ],
)
def test_a_refusal_names_its_field_and_stores_nothing(key, fields, problem, pointer):
    with pytest.raises(problem) as refusal:
        write(key, **fields)

    assert [error.pointer for error in refusal.value.errors] == [pointer]
    assert not TouchpointType.objects.exists()


def test_a_name_another_type_took_is_not_restored():
    write("call", label_ja="お電話", label_en="Ring")
    write(label_ja="電話", label_en="Telephone")

    with pytest.raises(TypeNameTaken):
        restore_touchpoint_type(key="call", at=app_now())


def test_an_archived_type_is_offered_no_more_but_read_and_kept():
    old = talk(type="training")
    archive("training")
    archive("training")

    assert "training" not in keys()
    with translation.override("ja"):
        assert type_label("training") == "研修"
    changed = update_touchpoint(touchpoint=old, changes={"subject": "Again"}, at=app_now())
    assert (changed.type, changed.subject) == ("training", "Again")
    archive("training", archived=False)
    assert keys().index("training") == 7


def test_one_type_for_talks_with_customers_always_remains():
    for key in keys()[1:-1]:
        archive(key)

    with pytest.raises(LastTouchpointType):
        archive("visit")
    assert usual_type() == "visit"


def test_a_talk_of_a_type_nobody_knows_is_refused():
    with pytest.raises(UnknownTouchpointType):
        talk(type="seance")
    with pytest.raises(UnknownTouchpointType):
        update_touchpoint(touchpoint=talk(), changes={"type": "seance"}, at=app_now())
    with pytest.raises(UnknownTouchpointType):
        write_minutes_template(type="seance", name="Spirits", at=app_now())
    assert Touchpoint.objects.get().type == "call"


def test_what_is_usual_for_a_type_follows_the_settings_unless_it_is_said():
    write("call", direction="outbound")

    assert talk().direction == "outbound"
    assert talk(direction="two_way").direction == "two_way"
    moved = update_touchpoint(touchpoint=talk(type="visit"), changes={"type": "call"}, at=app_now())
    assert moved.direction == "outbound"


def test_a_renamed_internal_note_still_never_counts():
    write("internal_note", label_ja="ひとりごと", label_en="Aside")

    assert talk(type="internal_note").direction == "internal"
    assert not Touchpoint.objects.standing().filter(direction="two_way").exists()


def test_a_template_for_minutes_goes_by_the_name_of_its_type():
    write(**AUDIT)
    write_minutes_template(type="on_site_audit", name="Audit", at=app_now())

    own = next(row for row in minutes_templates() if row.name == "Audit")
    with translation.override("ja"):
        assert own.type_label == "現地監査"


def test_who_changed_a_type_is_in_its_history():
    make_organisation()
    user = make_user(role="administrator")
    write_touchpoint_type(key="call", label_ja="お電話", at=app_now(), by=user)

    event = TouchpointType.objects.get().events.get()
    assert (event.label_ja, event.pgh_context.metadata["user"]) == ("お電話", user.pk)


def test_every_shipped_file_is_named_after_its_key():
    for path in STARTER.glob("*.json"):
        assert json.loads(path.read_text())["key"] == path.stem
