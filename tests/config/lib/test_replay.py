import datetime as dt

import pytest
from django.contrib.admin import ModelAdmin, site
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import RequestFactory

from config.lib.replay import replay_dead
from tests.config.lib.models import Errand

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 4, 1, 3, 0, tzinfo=dt.UTC)


def test_the_button_makes_dead_rows_due_and_says_how_many():
    dead = Errand.objects.create(dead_at=NOON, attempts=5, due_at=NOON)
    done = Errand.objects.create(done_at=NOON, attempts=1, due_at=NOON)
    request = RequestFactory().post("/")
    request._messages = CookieStorage(request)
    replay_dead(ModelAdmin(Errand, site), request, Errand.objects.all())
    dead.refresh_from_db()
    done.refresh_from_db()
    assert (dead.dead_at, dead.attempts) == (None, 0)
    assert dead.due_at > NOON
    assert (done.attempts, done.due_at) == (1, NOON)
    assert [str(message) for message in get_messages(request)] == ["1 row will be tried again."]
