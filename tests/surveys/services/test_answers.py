import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveys.models import Invitation, Response
from surveys.services.answers import (
    Answer,
    AnswerRefused,
    LinkNotValid,
    submit_answer,
)
from tests.surveys.factories import AT, make_link, make_response

pytestmark = pytest.mark.django_db
NOW = dt.datetime.now(dt.UTC)


@pytest.mark.parametrize(
    "answer", [Answer(score=11), Answer(score=5, csat=0), Answer(score=5, comment="x" * 2001)]
)
def test_an_answer_off_the_scale_stores_nothing_and_leaves_the_link_good(answer):
    link = make_link()

    with pytest.raises(AnswerRefused):
        submit_answer(link=link, answer=answer, at=NOW)

    assert not Invitation.objects.get().answered
    assert submit_answer(link=link, answer=Answer(score=5), at=NOW).score == 5


def test_a_link_answers_once():
    link = make_link()
    submit_answer(link=link, answer=Answer(score=5), at=NOW)

    with pytest.raises(LinkNotValid):
        submit_answer(link=link, answer=Answer(score=6), at=NOW)
    assert Response.objects.get().score == 5


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=50,
)
@given(st.text(max_size=60))
def test_an_invented_link_is_refused_whatever_it_is(link):
    with pytest.raises(LinkNotValid):
        submit_answer(link=link, answer=Answer(score=5), at=NOW)


def test_an_answer_taken_back_stays_known_for_the_past():
    response = make_response()
    later = AT + dt.timedelta(days=3)

    Response.objects.update(retracted_at=later)

    assert not Response.objects.standing().exists()
    assert Response.objects.known_at(later - dt.timedelta(seconds=1)).get() == response
    assert not Response.objects.known_at(later).exists()
