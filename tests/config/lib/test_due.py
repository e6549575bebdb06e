import datetime as dt

import pytest

from config.lib.due import NeverDone, do_due_work, due_work

NOON = dt.datetime(2026, 6, 18, 3, 0, tzinfo=dt.UTC)


@pytest.fixture
def only_our_work(monkeypatch):
    monkeypatch.setattr(due_work, "_members", {})


def test_work_that_makes_work_is_done_to_its_end(only_our_work):
    events, dirty = [3], []

    def take_events(at):
        count = sum(events)
        dirty.extend(events)
        events.clear()
        return count

    def score(at):
        count = len(dirty)
        dirty.clear()
        return count

    with (
        due_work.register_temporarily("events", take_events),
        due_work.register_temporarily("dirty", score),
    ):
        assert do_due_work(clock=lambda: NOON) == {"events": 3, "dirty": 1}


def test_work_without_an_end_is_named(only_our_work):
    with (
        due_work.register_temporarily("loop", lambda at: 1),
        pytest.raises(NeverDone, match="loop"),
    ):
        do_due_work(clock=lambda: NOON)
