"""A bell rings once after the commit, and never harms whoever rings it."""

import contextlib
import json
import logging
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from celery import Celery, Task
from django.db import transaction
from redis import Redis

from config.lib import bells
from config.lib.bells import answers, ring, ring_everything

pytestmark = pytest.mark.django_db(transaction=True)


class Listener:
    """A task that counts how often it ran, in an app that runs tasks at once."""

    def __init__(self, name: str) -> None:
        self.heard = 0
        engine = Celery(name, set_as_current=False)
        engine.conf.update(task_always_eager=True, task_eager_propagates=True)

        @answers(name)
        @engine.task(name="tests.listen")
        def hear() -> None:
            self.heard += 1

        self.task = hear


@pytest.fixture
def tower(monkeypatch) -> None:
    """A tower in which nobody listens yet and whose broker is well."""
    monkeypatch.setattr(bells, "_answering", defaultdict(list))
    monkeypatch.setattr(bells, "_broker", bells._Broker())


@pytest.fixture
def listener(tower) -> Listener:
    return Listener("door")


def test_a_bell_rings_after_the_commit_and_not_before(listener):
    with transaction.atomic():
        ring("door")
        assert listener.heard == 0
    assert listener.heard == 1


def test_a_bell_rung_many_times_in_one_transaction_sounds_once(listener):
    with transaction.atomic():
        for _ in range(5):
            ring("door")
    assert listener.heard == 1
    with transaction.atomic():
        ring("door")
    assert listener.heard == 2


def test_a_transaction_that_is_rolled_back_rings_nothing(listener):
    with transaction.atomic():
        ring("door")
        transaction.set_rollback(True)
    assert listener.heard == 0


@pytest.mark.parametrize("undone_first", [True, False])
def test_a_savepoint_that_is_undone_does_not_silence_the_rest(listener, undone_first):
    with transaction.atomic():
        for undo in (undone_first, not undone_first):
            with transaction.atomic():
                ring("door")
                transaction.set_rollback(undo)
    assert listener.heard == 1


def test_outside_a_transaction_a_bell_rings_at_once(listener):
    ring("door")
    assert listener.heard == 1


def test_a_bell_nobody_answers_does_nothing(listener):
    ring("window")
    assert listener.heard == 0


def test_every_task_that_answers_is_run(listener):
    other = Listener("second")
    answers("door")(other.task)
    ring("door")
    assert (listener.heard, other.heard) == (1, 1)


def test_a_ring_out_of_a_task_that_answers_a_ring_is_heard(listener):
    @answers("gate")
    @listener.task.app.task(name="tests.gate")
    def open_gate() -> None:
        with transaction.atomic():
            ring("door")

    with transaction.atomic():
        ring("gate")
    assert listener.heard == 1


def test_the_sweep_rings_every_bell_that_is_answered(listener):
    other = Listener("second")
    ring_everything()
    assert (listener.heard, other.heard) == (1, 1)


def test_a_captured_commit_runs_the_bell_although_it_was_rung_before(
    listener, db, django_capture_on_commit_callbacks
):
    with transaction.atomic():
        ring("door")
        for _ in range(2):
            with django_capture_on_commit_callbacks(execute=True):
                ring("door")
                ring("door")
        assert listener.heard == 2


def make_task(broker: str) -> Task:
    """A task of an app with our settings, except where its broker is."""
    engine = Celery("elsewhere", set_as_current=False)
    engine.config_from_object("django.conf:settings", namespace="CELERY")
    engine.conf.update(broker_url=broker, task_always_eager=False)

    @engine.task(name="tests.elsewhere")
    def rest() -> None: ...

    return rest


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that accepts connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


class Wire:
    """A TCP line to the real broker that can be cut, or go dead without a word."""

    def __init__(self, target: str) -> None:
        self.target = urlsplit(target)
        self.server = socket.create_server(("127.0.0.1", 0))
        number = parse_qs(self.target.query).get("db", [self.target.path.strip("/")])[0]
        self.url = f"redis://127.0.0.1:{self.server.getsockname()[1]}/{number}"
        self.lines: list[socket.socket] = []
        self.dead = threading.Event()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                here, _ = self.server.accept()
                there = self.connect()
                self.lines += [here, there]
                for ends in ((here, there), (there, here)):
                    threading.Thread(target=self.carry, args=ends, daemon=True).start()

    def connect(self) -> socket.socket:
        if self.target.scheme != "unix":
            return socket.create_connection((self.target.hostname, self.target.port))
        line = socket.socket(socket.AF_UNIX)
        line.connect(self.target.path)
        return line

    def carry(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if not self.dead.is_set():
                    target.sendall(data)

    def cut(self) -> None:
        for line in self.lines:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()


@pytest.fixture
def wire(settings) -> Iterator[Wire]:
    line = Wire(settings.REDIS_URL)
    yield line
    line.server.close()
    line.cut()


def test_a_broker_that_refuses_costs_no_time_and_no_error(tower, caplog):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    answers("door")(make_task(f"redis://127.0.0.1:{port}/0"))
    started = time.monotonic()
    with caplog.at_level(logging.WARNING):
        ring("door")
    assert time.monotonic() - started < 1
    assert "bell lost" in caplog.text


def test_a_broker_that_hangs_keeps_nobody_waiting_for_more_than_two_seconds(tower, silent_port):
    answers("door")(make_task(f"redis://127.0.0.1:{silent_port}/0"))
    started = time.monotonic()
    ring("door")
    assert time.monotonic() - started < 2.5


def test_after_a_failure_the_broker_is_left_alone_for_a_while(tower, silent_port):
    task = make_task(f"redis://127.0.0.1:{silent_port}/0")
    for name in ("door", "gate", "window"):
        answers(name)(task)
    ring("door")
    started = time.monotonic()
    ring_everything()
    assert time.monotonic() - started < 0.1


def take(url: str, queue: str) -> list[str]:
    """Empty a queue of the broker and return the names of the tasks in it."""
    with Redis.from_url(url) as client:
        raw = client.lrange(queue, 0, -1)
        client.delete(queue, f"_kombu.binding.{queue}")
    return [json.loads(message)["headers"]["task"] for message in raw]


@pytest.fixture
def queue() -> str:
    return f"tests-bells-{time.monotonic_ns()}"


def test_a_stroke_arrives_at_the_broker_even_when_the_line_was_cut_before(
    tower, wire, settings, queue
):
    task = make_task(wire.url)
    task.app.conf.task_default_queue = queue
    answers("door")(task)
    ring("door")
    wire.cut()
    ring("door")
    assert take(settings.REDIS_URL, queue) == ["tests.elsewhere"] * 2


def test_a_line_that_goes_dead_keeps_nobody_waiting_for_more_than_two_seconds(
    tower, wire, settings, queue
):
    task = make_task(wire.url)
    task.app.conf.task_default_queue = queue
    answers("door")(task)
    ring("door")
    wire.dead.set()
    started = time.monotonic()
    ring("door")
    assert time.monotonic() - started < 2.5
    assert take(settings.REDIS_URL, queue) == ["tests.elsewhere"]
