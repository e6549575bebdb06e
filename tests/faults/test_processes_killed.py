"""Workers and beats die in the middle of the story; it still ends with exactly one task."""

import random
import time

import pytest

from tests.faults.conftest import Plot

pytestmark = pytest.mark.fault


def test_a_killed_worker_is_made_up_for_by_the_next(plot: Plot) -> None:
    customers = plot.sign_up(2)
    plot.send_usage(customers[:1])
    plot.site.kill("worker")
    plot.send_usage(customers[1:])
    plot.site.start("worker")
    plot.ends_with_one_task_each(customers)


def test_without_a_beat_the_story_goes_on_and_a_new_one_finds_what_was_lost(plot: Plot) -> None:
    customers = plot.sign_up(1)
    plot.site.kill("beat")
    plot.send_usage(customers)
    plot.site.kill("worker")
    plot.site.kill_broker()
    plot.site.start_broker()
    plot.site.start("worker", "beat")
    plot.ends_with_one_task_each(customers)


def test_two_workers_and_two_beats_do_it_once(plot: Plot) -> None:
    plot.site.start("worker2", "beat2")
    customers = plot.sign_up(3)
    plot.send_usage(customers)
    plot.ring_all_bells(times=3)
    plot.ends_with_one_task_each(customers)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(4))
def test_a_worker_killed_again_and_again_loses_and_doubles_nothing(plot: Plot, seed: int) -> None:
    chance = random.Random(seed)
    customers = plot.sign_up(5)
    for customer in customers:
        plot.send_usage([customer])
        plot.ring_all_bells()
        time.sleep(chance.uniform(0, 2.5))
        plot.site.kill("worker")
        plot.site.start("worker")
    plot.ends_with_one_task_each(customers)
