import datetime as dt
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from playbooks.domain.episodes import Episode, PastRun, judge

START = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
instants = st.integers(0, 400).map(lambda days: START + dt.timedelta(days=days))
episodes = st.lists(
    st.builds(Episode, st.just(1), st.uuids().map(str), instants),
    max_size=8,
    unique_by=lambda e: e.at,
)
cool_downs = st.integers(0, 60).map(lambda days: dt.timedelta(days=days))


def remember(verdicts, past):
    """Store verdicts as `services.runs` does."""
    return [
        *past,
        *(
            PastRun(v.episode.key, v.episode.at, is_running=not v.reason, was_started=not v.reason)
            for v in verdicts
        ),
    ]


def live_through(deliveries, cool_down):
    """Judge delivery after delivery, each of which ends what ran before it."""
    past = []
    for delivered in deliveries:
        past = [PastRun(p.episode_key, p.entered_at, False, p.was_started) for p in past]
        past = remember(judge(delivered, past=past, exits=[], cool_down=cool_down), past)
    return past


@given(episodes, st.lists(instants), cool_downs)
def test_every_new_episode_gets_exactly_one_verdict_and_at_most_one_starts(begun, exits, cool_down):
    verdicts = judge(begun, past=[], exits=exits, cool_down=cool_down)

    assert sorted(v.episode.key for v in verdicts) == sorted(e.key for e in begun)
    assert sum(not v.reason for v in verdicts) <= 1


@given(episodes, st.lists(instants), cool_downs)
def test_judging_again_decides_nothing(begun, exits, cool_down):
    past = remember(judge(begun, past=[], exits=exits, cool_down=cool_down), [])

    assert judge(begun, past=past, exits=exits, cool_down=cool_down) == []


@given(episodes, cool_downs)
def test_starts_keep_their_distance(begun, cool_down):
    begun = sorted(begun, key=lambda episode: episode.at)
    past = live_through([begun[: n + 1] for n in range(len(begun))], cool_down)
    starts = [run.entered_at for run in past if run.was_started]

    assert all(later - earlier >= cool_down for earlier, later in pairwise(starts))


@given(episodes, st.randoms(use_true_random=False))
def test_shuffled_and_repeated_deliveries_start_what_was_newest_when_seen(begun, random):
    shuffled = [*begun, *begun]
    random.shuffle(shuffled)
    past = live_through([[episode] for episode in shuffled], dt.timedelta(0))
    newest = dt.datetime.min.replace(tzinfo=dt.UTC)
    expected = []
    for episode in shuffled:
        if episode.at > newest:
            newest = episode.at
            expected.append(episode.at)

    assert [run.entered_at for run in past if run.was_started] == expected


@given(episodes, cool_downs)
def test_nothing_starts_while_a_run_is_open(begun, cool_down):
    open_run = PastRun("open", START - dt.timedelta(days=100), is_running=True, was_started=True)
    verdicts = judge(begun, past=[open_run], exits=[], cool_down=cool_down)

    assert {v.reason for v in verdicts} <= {"superseded", "already_running"}
