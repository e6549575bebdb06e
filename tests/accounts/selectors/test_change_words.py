import datetime as dt

import pytest
from django.contrib.postgres.fields import ArrayField
from django.utils import translation

from accounts.models import AttributeDefinition
from accounts.selectors.change_words import lines, said_fields
from accounts.selectors.changes import Change, all_trails
from tests.factories import make_organisation, make_user

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 6, 10, 3, 0, tzinfo=dt.UTC)
RECORDED = [(trail, field) for trail in all_trails() for field in said_fields(trail.model)]
CHOICES = [
    pytest.param(trail, field, id=f"{trail.key}.{field.name}")
    for trail, field in RECORDED
    if field.flatchoices
]
MANY = [
    pytest.param(trail, field, id=f"{trail.key}.{field.name}")
    for trail, field in RECORDED
    if isinstance(field, ArrayField) and field.base_field.flatchoices
]


@pytest.fixture(autouse=True)
def japanese():
    make_organisation()
    with translation.override("ja"):
        yield


def said(trail, name, value):
    row = Change(
        trail=trail.key, place=1, at=AT, action="insert", obj=1, new={name: value}, old=None
    )
    (line,) = lines([row], [trail], user=make_user(role="administrator"))
    return {str(entry.label): str(entry.after) for entry in line.entries}


@pytest.mark.parametrize(("trail", "field"), CHOICES)
def test_every_choice_that_is_recorded_is_told_by_its_label(trail, field):
    for value, label in field.flatchoices:
        if value not in ("", None):
            assert list(said(trail, field.attname, value).values()) == [str(label)]


@pytest.mark.parametrize(("trail", "field"), MANY)
def test_several_choices_are_told_by_their_labels(trail, field):
    values, labels = zip(*field.base_field.flatchoices, strict=True)

    (told,) = said(trail, field.attname, list(values)).values()

    assert told == "、".join(map(str, labels))


def trail_of(key):
    return next(trail for trail in all_trails() if trail.key == key)


def test_options_of_an_attribute_are_told_by_their_labels():
    options = [{"value": "food", "label_en": "Food", "label_ja": "食品"}, "other"]

    told = said(trail_of("accounts.attributedefinition"), "options", options)

    assert list(told.values()) == ["食品、other"]


def test_members_of_an_object_are_told_like_the_columns_they_speak_of():
    AttributeDefinition.objects.create(
        key="industry",
        type="choice",
        label_en="Industry",
        label_ja="業種",
        options=[{"value": "food", "label_en": "Food", "label_ja": "食品"}],
    )

    account = said(trail_of("accounts.account"), "attributes", {"industry": "food"})
    scorecard = said(trail_of("scoring.scorecard"), "condition", {"phase": "onboarding"})

    assert account == {"業種": "食品"}
    assert scorecard == {"フェーズ": "オンボーディング"}


def test_the_language_of_a_contact_is_told_by_its_name():
    assert list(said(trail_of("accounts.contact"), "language", "en").values()) == ["English"]
