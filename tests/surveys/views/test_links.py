import datetime as dt
import logging
import threading

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.choices import SuppressionReason
from accounts.models import DirtyAccount, Organisation, Suppression
from surveys.choices import LinkScope, WaveState
from surveys.models import Invitation, InvitationToken, Response
from tests.surveys.factories import make_invitation, make_link, make_survey, make_wave

pytestmark = pytest.mark.django_db
INVENTED = "A" * 43


def get(link, **extra):
    return Client().get(f"/s/{link}/", **extra)


def post(link, **answer):
    return Client().post(f"/s/{link}/?lang=en", answer)


def used_link():
    link = make_link()
    assert post(link, score="9").status_code == 200
    return link


def expired_link():
    return make_link(expires_at=dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1))


def link_of_a_closed_wave():
    return make_link(wave=make_wave(state=WaveState.CLOSED))


def unsubscribing_link():
    return make_link(scope=LinkScope.UNSUBSCRIBE)


NOT_VALID = [used_link, expired_link, link_of_a_closed_wave, unsubscribing_link]


@pytest.mark.parametrize("make", NOT_VALID)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_is_no_good_looks_like_one_that_never_was(make, method):
    link = make()
    ask = get if method == "get" else lambda link: post(link, score="9")
    with CaptureQueriesContext(connection) as invented_queries:
        invented = ask(INVENTED)
    with CaptureQueriesContext(connection) as queries:
        answer = ask(link)

    assert (answer.status_code, answer.content) == (404, invented.content)
    assert sorted(answer.headers) == sorted(invented.headers)
    assert len(queries) == len(invented_queries)
    assert link.encode() not in answer.content


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_link_that_is_no_good_thanks_who_answered_already_in_the_name_of_the_organisation(
    language,
):
    link = used_link()
    Organisation.objects.update(name_en="Harukaze Cloud Inc.", contact_address="cs@haru.example")

    page = get(link, query_params={"lang": language}).content.decode()

    assert ("ご回答いただいている場合" if language == "ja" else "answered already: thank") in page
    assert ("株式会社ハルカゼクラウド" if language == "ja" else "Harukaze Cloud Inc.") in page
    assert "cs@haru.example" in page


@pytest.mark.parametrize("language", ["ja", "en"])
def test_looking_changes_nothing(language):
    link = make_link()
    with CaptureQueriesContext(connection) as queries:
        for _ in range(3):
            assert get(link, query_params={"lang": language}).status_code == 200
        assert Client().head(f"/s/{link}/").status_code == 200

    assert not [q for q in queries if not q["sql"].lstrip().startswith("SELECT")]
    assert not Invitation.objects.get().answered
    assert not Response.objects.exists()


def test_an_answer_is_stored_with_its_contact_and_marks_the_account():
    invitation = make_invitation()
    link = make_link(invitation=invitation)

    answer = post(link, score="3", comment=" Slow.\r\nVery slow. ", csat="2")

    response = Response.objects.get()
    assert answer.status_code == 200
    assert (response.score, response.csat, response.comment) == (3, 2, "Slow.\nVery slow.")
    assert (response.account, response.contact) == (invitation.account, invitation.contact)
    assert response.invitation == invitation
    assert Invitation.objects.get().answered
    assert not InvitationToken.objects.exists()
    assert DirtyAccount.objects.get().account == invitation.account


def test_zero_is_an_answer():
    post(make_link(), score="0")

    assert Response.objects.get().score == 0


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"score": ""},
        {"score": "11"},
        {"score": "-1"},
        {"score": "nine"},
        {"score": "9", "csat": "6"},
        {"score": "9", "comment": "x" * 2001},
        {"score": "9", "comment": "a\x00b"},
    ],
)
def test_a_faulty_answer_is_explained_keeps_the_input_and_stores_nothing(answer):
    link = make_link()

    page = post(link, **{"comment": "My reason", **answer})

    assert page.status_code == 200
    assert b'role="alert"' in page.content
    assert answer.get("comment", "My reason").replace("\x00", "").encode()[:9] in page.content
    assert not Response.objects.exists()
    assert post(link, score="9").status_code == 200


def test_two_thousand_characters_fit_with_line_breaks():
    post(make_link(), score="9", comment="\r\n".join(["x" * 999, "y" * 1000]))

    assert len(Response.objects.get().comment) == 2000


@pytest.mark.parametrize("language", ["ja", "en"])
def test_nothing_is_preselected_and_the_form_says_that_it_is_not_anonymous(language):
    page = get(make_link(), query_params={"lang": language}).content.decode()

    assert page.count('type="radio"') == 16
    assert " checked" not in page
    assert f'<html lang="{language}">' in page
    assert ("記名式" if language == "ja" else "not anonymous") in page
    assert "匿名です" not in page
    assert "survey is anonymous" not in page
    assert "<script" not in page
    assert "style=" not in page


def test_the_language_is_the_contacts_and_a_link_changes_it_without_a_cookie():
    link = make_link(invitation=make_invitation(language="ja"))

    japanese = get(link, HTTP_ACCEPT_LANGUAGE="en")
    english = get(link, query_params={"lang": "en"})
    nonsense = get(link, query_params={"lang": "xx"})

    assert 'href="?lang=en"' in japanese.content.decode()
    assert '<html lang="ja">' in japanese.content.decode()
    assert '<html lang="en">' in english.content.decode()
    assert '<html lang="ja">' in nonsense.content.decode()
    assert not english.cookies
    assert english["Content-Language"] == "en"


@pytest.mark.parametrize(
    ("name_en", "said"),
    [("Harukaze Cloud Inc.", "Harukaze Cloud Inc."), ("", "株式会社ハルカゼクラウド")],
)
def test_an_english_page_calls_the_organisation_by_its_english_name(name_en, said):
    link, leave = make_link(), unsubscribing_link()
    Organisation.objects.update(name_en=name_en, product_name="")

    english = get(link, query_params={"lang": "en"}).content.decode()
    japanese = get(link, query_params={"lang": "ja"}).content.decode()
    left = Client().get(f"/u/{leave}/?lang=en").content.decode()

    assert f"<span>{said}</span>" in english
    assert f"<span>{said}</span>" in left
    assert f"recommend {said} to" in english
    assert "<span>株式会社ハルカゼクラウド</span>" in japanese
    assert "Harukaze" not in japanese


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/s/{}/", "get"),
        ("/s/{}/", "post"),
        ("/s/{}/", "put"),
        ("/u/{}/", "get"),
        ("/s/invented/", "get"),
        ("/u/invented/", "post"),
    ],
)
def test_no_cookie_no_cache_no_referrer_no_index_no_script(path, method, client):
    scope = LinkScope.ANSWER if path.startswith("/s") else LinkScope.UNSUBSCRIBE
    answer = getattr(client, method)(path.format(make_link(scope=scope)))

    assert not answer.cookies
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["X-Frame-Options"] == "DENY"
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("kind", ["csat", "ces"])
def test_every_kind_has_its_form_and_scale(kind):
    wave = make_wave(survey=make_survey(kind=kind))
    link = make_link(wave=wave)

    page = get(link).content.decode()

    assert page.count('type="radio"') == {"csat": 5, "ces": 7}[kind]
    assert b'role="alert"' in post(link, score="0").content
    post(link, score="5")
    assert Response.objects.get().kind == kind


def test_no_log_line_holds_the_link(caplog):
    link = make_link()
    with caplog.at_level(logging.DEBUG):
        get(link)
        post(link)
        post(link, score="9", comment="A secret reason")
        get(link)
        Client().put(f"/s/{link}/")
        Client().post(f"/u/{link}/")

    lines = [handler_line(record) for record in caplog.records if record.name != "django.db"]
    assert any("surveys:form" in line for line in lines)
    assert not [line for line in lines if link in line or "secret reason" in line]


def handler_line(record):
    """What our handler writes: after its filter, with the arguments filled in."""
    from config.logs import RoutesForPaths

    RoutesForPaths().filter(record)
    return record.getMessage()


def test_the_history_context_never_carries_the_link():
    link = make_link()
    with CaptureQueriesContext(connection) as queries:
        post(link, score="9")

    assert queries.captured_queries
    assert not [q for q in queries if link in q["sql"]]


def test_more_requests_a_minute_than_allowed_are_asked_to_wait(settings, monkeypatch):
    from config.lib.rate_limit import AddressLimiter
    from surveys.views import links

    monkeypatch.setattr(links, "_limiter", AddressLimiter())
    settings.SURVEY_REQUESTS_PER_MINUTE = 3
    link = make_link()

    answers = [get(link, REMOTE_ADDR="192.0.2.1").status_code for _ in range(4)]
    refused = get(link, REMOTE_ADDR="192.0.2.1")

    assert answers == [200, 200, 200, 429]
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert get(link, REMOTE_ADDR="192.0.2.2").status_code == 200


def test_unsubscribing_takes_a_press_of_the_button_and_works_twice():
    link = make_link(scope=LinkScope.UNSUBSCRIBE)

    assert Client().get(f"/u/{link}/").status_code == 200
    assert not Suppression.objects.exists()
    for _ in range(2):
        assert Client().post(f"/u/{link}/", {"List-Unsubscribe": "One-Click"}).status_code == 200

    suppression = Suppression.objects.get()
    assert suppression.reason == SuppressionReason.UNSUBSCRIBED
    assert bytes(suppression.person_key) == bytes(Invitation.objects.get().person_key)


def test_unsubscribing_works_after_the_survey_is_over():
    link = make_link(scope=LinkScope.UNSUBSCRIBE, wave=make_wave(state=WaveState.CLOSED))

    assert Client().post(f"/u/{link}/").status_code == 200
    assert Suppression.objects.exists()


def test_an_invented_unsubscribing_link_suppresses_nobody():
    answer_link = make_link()

    assert Client().post(f"/u/{INVENTED}/").status_code == 404
    assert Client().post(f"/u/{answer_link}/").status_code == 404
    assert not Suppression.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_forty_answers_at_once_store_one():
    link = make_link()
    start = threading.Barrier(40)
    statuses = []

    def answer(score):
        start.wait()
        statuses.append(post(link, score=str(score)).status_code)
        connections.close_all()

    threads = [threading.Thread(target=answer, args=(number % 11,)) for number in range(40)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert sorted(statuses) == [200] + [404] * 39
    assert Response.objects.count() == 1
