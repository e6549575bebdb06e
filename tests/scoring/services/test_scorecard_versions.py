"""Draft, review, published; back by publishing an older one; a pilot before it takes over."""

import copy

import pytest

from accounts.services.accounts import create_account, update_account
from accounts.services.segments import save_segment
from scoring.models import Scorecard, ScorecardVersion
from scoring.selectors.scorecards import acting_scorecards
from scoring.services.scorecard_versions import (
    AlreadyPublished,
    EffectiveInThePast,
    NotAPilot,
    NotInReview,
    NotPublished,
    OwnApproval,
    ReasonNeeded,
    SegmentOfHealth,
    promote_pilot,
    publish_version,
    reject_version,
    revert_to,
    submit_for_review,
    withdraw_pilot,
)
from scoring.services.scorecards import (
    ChangedSince,
    DefaultNeeded,
    EmptySegment,
    InvalidScorecard,
    KeyTaken,
    NotADraft,
    NotTheScorecards,
    archive_scorecard,
    change_draft,
    change_scorecard,
    create_scorecard,
    discard_draft,
    draft_version,
    order_scorecards,
)
from tests.factories import make_team, make_user
from tests.scoring.factories import (
    DAY,
    NOON,
    ONE_DAY,
    close_day,
    current,
    install_scorecards,
    make_scored_account,
    noon,
)
from tests.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def card():
    install_scorecards()
    return Scorecard.objects.get(key="standard")


def definition_of(card, **changes):
    return copy.deepcopy(card.versions.order_by("number").first().definition) | changes


def make_draft(card, **fields):
    return draft_version(scorecard=card, definition=definition_of(card, reference=60), **fields)


def make_editor(**fields):
    return make_user(role="manager", **fields)


def make_segment(key, field, value):
    rule = {"combinator": "and", "rules": [{"field": field, "operator": "=", "value": value}]}
    return save_segment(key=key, name_en=key, name_ja=key, rule=rule, at=NOON)


def standard_number(day=DAY):
    return [c.number for c in acting_scorecards(day) if c.key == "standard"]


def test_a_draft_is_reviewed_and_published_by_somebody_else(card):
    author, other = make_editor(), make_editor()
    draft = make_draft(card, user=author, at=NOON, note="sentiment counts more")

    submit_for_review(version=draft, user=author, at=NOON)
    assert draft.state == "review"
    with pytest.raises(OwnApproval):
        publish_version(version=draft, effective_on=DAY, at=NOON, user=author)
    publish_version(version=draft, effective_on=DAY + ONE_DAY, at=NOON, user=other)

    assert (draft.state, draft.published_by, draft.note) == (
        "published",
        other,
        "sentiment counts more",
    )
    assert (standard_number(), standard_number(DAY + ONE_DAY)) == ([1], [2])


def test_who_is_alone_approves_the_own_work(card):
    author = make_editor()
    make_user(role="member")
    draft = make_draft(card, user=author)
    submit_for_review(version=draft, user=author, at=NOON)

    publish_version(version=draft, effective_on=DAY, at=NOON, user=author)

    assert standard_number() == [2]


def test_what_nobody_reviewed_is_not_published(card):
    with pytest.raises(NotInReview):
        publish_version(version=make_draft(card), effective_on=DAY, at=NOON, user=make_editor())


def test_a_version_never_acts_on_days_that_are_closed(card):
    with pytest.raises(EffectiveInThePast) as caught:
        publish_version(version=make_draft(card), effective_on=DAY - ONE_DAY, at=NOON)

    assert [error.pointer for error in caught.value.errors] == ["/effective_on"]
    assert standard_number() == [1]


def test_a_rejection_says_why_and_gives_the_draft_back(card):
    draft = make_draft(card)
    with pytest.raises(NotInReview):
        reject_version(version=draft, user=None, at=NOON, reason="no")
    submit_for_review(version=draft, user=None, at=NOON)
    with pytest.raises(ReasonNeeded):
        reject_version(version=draft, user=None, at=NOON, reason=" ")

    reject_version(version=draft, user=None, at=NOON, reason="weights too high")

    assert (draft.state, draft.rejection) == ("draft", "weights too high")


def test_only_a_draft_is_changed_or_thrown_away(card):
    draft = make_draft(card)
    digest = draft.digest
    change_draft(version=draft, definition=definition_of(card, reference=40), at=NOON)
    assert draft.digest != digest

    submit_for_review(version=draft, user=None, at=NOON)
    with pytest.raises(NotADraft):
        change_draft(version=draft, definition=definition_of(card), at=NOON)
    with pytest.raises(NotADraft):
        discard_draft(version=draft)
    with pytest.raises(NotADraft):
        submit_for_review(version=draft, user=None, at=NOON)


def test_a_faulty_change_leaves_the_draft_as_it_was(card):
    draft = make_draft(card)

    with pytest.raises(InvalidScorecard):
        change_draft(version=draft, definition=definition_of(card, reference=-1), at=NOON)

    draft.refresh_from_db()
    assert draft.definition["reference"] == 60


def test_an_older_version_comes_back_as_a_new_one_word_for_word(card):
    first = card.versions.get()
    draft = make_draft(card)
    with pytest.raises(NotPublished):
        revert_to(version=draft, effective_on=DAY, at=NOON)
    publish_version(version=draft, effective_on=DAY, at=NOON)
    with pytest.raises(AlreadyPublished):
        publish_version(version=draft, effective_on=DAY, at=NOON)

    again = revert_to(version=first, effective_on=DAY + ONE_DAY, at=NOON, note="worse")

    assert (again.number, again.digest, again.reverts_to) == (3, first.digest, first)
    assert (standard_number(), standard_number(DAY + ONE_DAY)) == ([2], [3])


def test_a_pilot_judges_its_segment_alone_until_it_is_promoted(card):
    inside = make_scored_account(tier="a", tracked=True)
    outside = make_scored_account(tier="b", tracked=True)
    segment = make_segment("large", "tier", "a")
    pilot = make_draft(card)
    publish_version(version=pilot, effective_on=DAY, at=NOON, pilot_segment=segment)

    close_day(DAY, inside, outside)
    assert [current(a).version.number for a in (inside, outside)] == [2, 1]

    promote_pilot(version=pilot, on=DAY + ONE_DAY, at=NOON)
    close_day(DAY + ONE_DAY, inside, outside)
    assert [current(a).version.number for a in (inside, outside)] == [2, 2]
    assert standard_number() == [2, 1]
    with pytest.raises(NotAPilot):
        withdraw_pilot(version=pilot, on=DAY, at=NOON)


def test_a_pilot_can_end_without_taking_over(card):
    account = make_scored_account(tier="a", tracked=True)
    pilot = make_draft(card)
    segment = make_segment("large", "tier", "a")
    publish_version(version=pilot, effective_on=DAY, at=NOON, pilot_segment=segment)

    withdraw_pilot(version=pilot, on=DAY + ONE_DAY, at=NOON)
    close_day(DAY + ONE_DAY, account)

    assert current(account).version.number == 1
    with pytest.raises(NotAPilot):
        promote_pilot(version=pilot, on=DAY + ONE_DAY, at=NOON)


def test_a_segment_that_asks_for_health_decides_nothing_about_health(card):
    make_scored_account()
    segment = make_segment("healthy", "health.band", "steady")

    with pytest.raises(SegmentOfHealth):
        publish_version(version=make_draft(card), effective_on=DAY, at=NOON, pilot_segment=segment)
    with pytest.raises(InvalidScorecard) as caught:
        make_new_card(condition={"segment": "healthy"})

    assert [error.pointer for error in caught.value.errors] == ["/condition/segment"]


def test_a_segment_nobody_falls_into_is_refused(card):
    segment = make_segment("nobody", "tier", "a")

    with pytest.raises(EmptySegment):
        publish_version(version=make_draft(card), effective_on=DAY, at=NOON, pilot_segment=segment)
    with pytest.raises(EmptySegment):
        make_new_card(condition={"segment": "nobody"})


def make_new_card(**fields):
    definition = definition_of(Scorecard.objects.get(key="standard"))
    values = {"key": "ours", "name_en": "Ours", "name_ja": "当社", "condition": {}, **fields}
    return create_scorecard(**values, definition=definition, at=NOON)


def test_a_new_scorecard_stands_before_the_default_and_is_tried_in_order(card):
    account = make_scored_account(tier="a", tracked=True)
    ours = make_new_card(condition={"tier": "a"})
    publish_version(version=ours.versions.get(), effective_on=DAY, at=NOON)
    close_day(DAY, account)
    assert current(account).version.scorecard == ours

    make_new_card(key="later", condition={"tier": "a"})
    later = Scorecard.objects.get(key="later")
    publish_version(version=later.versions.get(), effective_on=DAY, at=NOON)
    order_scorecards(keys=["later", "ours", "onboarding", "records_only"], at=NOON)
    close_day(DAY + ONE_DAY, account)
    assert current(account).version.scorecard == later

    archive_scorecard(scorecard=later, at=NOON)
    close_day(DAY + 2 * ONE_DAY, account)
    assert current(account).version.scorecard == ours


def test_the_default_stays(card):
    with pytest.raises(DefaultNeeded):
        archive_scorecard(scorecard=card, at=NOON)
    with pytest.raises(DefaultNeeded):
        change_scorecard(scorecard=card, changes={"condition": {"tier": "a"}}, at=NOON)
    with pytest.raises(NotTheScorecards):
        order_scorecards(keys=["records_only"], at=NOON)
    with pytest.raises(KeyTaken):
        make_new_card(key="standard")


def test_the_phase_an_account_was_in_decides_also_on_a_past_day(card):
    account = make_scored_account(tracked=True, phase="onboarding")
    account.phase_facts.create(
        phase="onboarding", starts_on=DAY - 90 * ONE_DAY, recorded_at=NOON - 90 * ONE_DAY
    )
    close_day(DAY, account)
    assert current(account).version.scorecard.key == "onboarding"

    account.phase_facts.update(ends_on=DAY + ONE_DAY)
    account.phase = "adoption"
    account.save()
    close_day(DAY + ONE_DAY, account)
    close_day(DAY, account)

    assert current(account).version.scorecard.key == "standard"
    assert account.health_days.get(day=DAY).version.scorecard.key == "onboarding"


def test_whether_usage_was_expected_decides_also_on_a_past_day(card):
    at = noon(DAY - 300 * ONE_DAY)
    account = create_account(name="青嶺精機", team=make_team(), tracked=False, at=at)
    close_day(DAY, account)
    assert current(account).version.scorecard.key == "records_only"

    update_account(account=account, changes={"tracked": True}, at=noon(DAY + ONE_DAY))
    close_day(DAY + ONE_DAY, account)
    close_day(DAY, account)

    assert current(account).version.scorecard.key == "standard"
    assert account.health_days.get(day=DAY).version.scorecard.key == "records_only"


def worded(reference, card):
    return {**card.versions.get(number=1).definition, "reference": reference}


def test_nobody_publishes_a_wording_they_did_not_read(card):
    author, reviewer = make_user(role="manager"), make_user(role="manager")
    draft = draft_version(scorecard=card, definition=worded(60, card), user=author)
    submit_for_review(version=draft, user=author, at=NOON)
    read = draft.digest
    reject_version(version=draft, user=author, at=NOON, reason="a second thought")
    change_draft(version=draft, definition=worded(90, card), at=NOON)
    submit_for_review(version=draft, user=author, at=NOON)

    with pytest.raises(ChangedSince):
        publish_version(version=draft, effective_on=DAY, at=NOON, user=reviewer, read=read)

    draft.refresh_from_db()
    assert draft.state == "review"


def test_nobody_submits_a_wording_they_did_not_read(card):
    draft = draft_version(scorecard=card, definition=worded(60, card))
    read = draft.digest
    change_draft(version=draft, definition=worded(90, card), at=NOON)

    with pytest.raises(ChangedSince):
        submit_for_review(version=draft, user=make_user(), at=NOON, read=read)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_a_draft_at_once_one_is_told_of_the_other(card):
    draft = draft_version(scorecard=card, definition=worded(60, card))
    read = draft.digest

    def save(reference):
        mine = ScorecardVersion.objects.get(pk=draft.pk)
        change_draft(version=mine, definition=worded(reference, card), at=NOON, read=read)

    told = at_once([lambda: save(70), lambda: save(80)], refused=ChangedSince)

    assert sorted(told) == ["done", "refused"]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_make_a_scorecard_of_one_key_at_once_one_is_refused(card):
    definition = worded(60, card)

    def make():
        create_scorecard(
            key="twice",
            name_en="Twice",
            name_ja="二度",
            condition={"tier": "a"},
            definition=definition,
            at=NOON,
        )

    told = at_once([make, make, make], refused=KeyTaken)

    assert sorted(told) == ["done", "refused", "refused"]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_at_once_one_is_refused(card):
    draft = draft_version(scorecard=card, definition=worded(60, card), user=make_user())
    submit_for_review(version=draft, user=draft.author, at=NOON)
    users = [make_user(role="manager"), make_user(role="administrator")]

    def publish(user):
        mine = ScorecardVersion.objects.get(pk=draft.pk)
        publish_version(version=mine, effective_on=DAY, at=NOON, user=user)

    told = at_once([lambda user=user: publish(user) for user in users], refused=AlreadyPublished)

    assert sorted(told) == ["done", "refused"]


def test_a_day_that_was_closed_keeps_its_scorecards_whatever_their_order_is_today(card):
    account = make_scored_account(tier="a", tracked=True)
    ours = make_new_card(condition={"tier": "a"})
    publish_version(version=ours.versions.get(), effective_on=DAY, at=NOON)
    close_day(DAY, account)
    said = account.health_days.values().get(day=DAY)

    change_scorecard(scorecard=ours, changes={"condition": {"tier": "b"}}, at=NOON + ONE_DAY)
    close_day(DAY + ONE_DAY, account)
    close_day(DAY, account)
    assert current(account).version.scorecard == card
    assert account.health_days.values().get(day=DAY) == said

    archive_scorecard(scorecard=ours, at=NOON + ONE_DAY)
    close_day(DAY, account)
    assert account.health_days.values().get(day=DAY) == said
