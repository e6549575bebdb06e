"""A draft of a scorecard from its review to its publication, through the pages."""

import datetime as dt

import pytest

from accounts.models import Segment
from accounts.services.segments import save_segment
from scoring.services.scorecards import draft_version
from tests.factories import our_day
from tests.scoring.factories import (
    LONG_KNOWN,
    make_scored_account,
)
from tests.scoring.views.test_scorecard_studio import begun, said, save, signed_in

pytestmark = pytest.mark.django_db


def tomorrow():
    return our_day() + dt.timedelta(days=1)


def test_a_version_in_review_is_not_edited(standard):
    client, _user = signed_in()
    draft = begun(client, standard)
    client.post(f"/scorecards/{standard.pk}/review/submit/", {"note": "Better"})

    answer = save(client, draft, reference="60")

    draft.refresh_from_db()
    assert answer["Location"] == f"/scorecards/{standard.pk}/review/"
    assert (draft.state, draft.note, draft.definition["reference"]) == ("review", "Better", 50)


def submitted(client, card, **changes):
    draft = begun(client, card)
    save(client, draft, **changes)
    client.post(f"/scorecards/{card.pk}/review/submit/", {"note": "Because"})
    return draft


def test_somebody_else_publishes_and_the_pages_say_so(standard):
    author, _user = signed_in()
    other, reviewer = signed_in()
    draft = submitted(author, standard, reference="60")
    publish = f"/scorecards/{standard.pk}/review/publish/"

    refused = author.post(publish, {"on": tomorrow()})
    answer = other.post(publish, {"on": tomorrow()})

    draft.refresh_from_db()
    assert "ask somebody else" in refused.context["publish"].non_field_errors()[0]
    assert answer["Location"] == f"/scorecards/{standard.pk}/"
    assert (draft.state, draft.published_by) == ("published", reviewer)


def test_who_steers_alone_publishes_alone(standard):
    client, user = signed_in()
    draft = submitted(client, standard, reference="60")

    client.post(f"/scorecards/{standard.pk}/review/publish/", {"on": tomorrow()})

    draft.refresh_from_db()
    assert draft.published_by == user


def test_a_closed_day_is_refused_beside_it(standard):
    client, _user = signed_in()
    draft = submitted(client, standard, reference="60")

    answer = client.post(f"/scorecards/{standard.pk}/review/publish/", {"on": "2020-01-01"})

    draft.refresh_from_db()
    assert answer.context["publish"].errors["on"]
    assert draft.state == "review"


def test_a_version_is_published_on_a_pilot_segment(standard):
    make_scored_account(tier="a")
    rule = {"combinator": "and", "rules": [{"field": "tier", "operator": "=", "value": "a"}]}
    save_segment(key="pilots", name_en="P", name_ja="試", rule=rule, at=LONG_KNOWN)
    client, _user = signed_in()
    draft = submitted(client, standard, reference="60")

    client.post(
        f"/scorecards/{standard.pk}/review/publish/",
        {"on": tomorrow(), "segment": Segment.objects.get(key="pilots").pk},
    )

    draft.refresh_from_db()
    assert draft.pilot_segment.key == "pilots"


def test_what_is_given_back_says_why_in_the_editor(standard):
    client, _user = signed_in()
    draft = submitted(client, standard, reference="60")

    empty = client.post(f"/scorecards/{standard.pk}/review/reject/", {"reason": ""})
    client.post(f"/scorecards/{standard.pk}/review/reject/", {"reason": "Curve too steep"})

    draft.refresh_from_db()
    assert empty.context["reject"].errors["reason"]
    assert draft.state == "draft"
    assert "Curve too steep" in client.get(f"/scorecards/{standard.pk}/draft/").content.decode()


def test_the_review_says_what_changes(standard):
    definition = said(standard)
    definition["gates"][0]["cap"] = 20
    draft_version(scorecard=standard, definition=definition)
    client, _user = signed_in("viewer")

    answer = client.get(f"/scorecards/{standard.pk}/review/")

    [line] = answer.context["lines"]
    assert (line.aspect, line.before, line.after) == ("Score", "at most 39", "at most 20")
    assert "Managers and administrators review and publish." in answer.content.decode()


@pytest.mark.parametrize("role", ["member", "viewer"])
def test_who_does_not_steer_begins_changes_and_publishes_nothing(standard, role):
    definition = said(standard)
    draft_version(scorecard=standard, definition=definition)
    client, _user = signed_in(role)
    addresses = (
        *("draft/", "draft/begin/", "draft/discard/"),
        *("review/submit/", "review/reject/", "review/publish/", "review/try/"),
    )

    for address in addresses:
        assert client.post(f"/scorecards/{standard.pk}/{address}").status_code == 403
    assert client.get("/scorecards/new/").status_code == 403
    assert standard.versions.count() == 2
