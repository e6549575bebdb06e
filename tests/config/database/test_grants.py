import pytest
from django.db import DatabaseError, connection, transaction

from config.database.grants import history_tables

pytestmark = pytest.mark.django_db


def refuse(statement: str) -> str:
    with (
        pytest.raises(DatabaseError) as refusal,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    return str(refusal.value)


def test_tests_run_with_the_rights_of_the_web_login():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("web",)


def test_the_web_login_makes_no_table():
    assert "permission denied for schema public" in refuse("CREATE TABLE intruder ()")


def test_the_web_login_empties_no_table():
    assert "permission denied" in refuse("TRUNCATE django_session")


def test_the_web_login_changes_no_structure():
    assert "must be owner" in refuse("ALTER TABLE django_session ADD COLUMN intruder int")


def test_the_web_login_does_not_touch_the_list_of_migrations():
    assert "permission denied" in refuse("DELETE FROM django_migrations")


def test_the_web_login_rewrites_no_history():
    assert history_tables()
    for table in history_tables():
        assert "permission denied" in refuse(f"UPDATE {table} SET pgh_label = 'x'")
        assert "permission denied" in refuse(f"DELETE FROM {table}")


def test_the_web_login_deletes_ordinary_rows():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_session")


@pytest.mark.as_owner
def test_a_marked_test_runs_as_the_owner():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("owner",)


@pytest.mark.as_owner
def test_short_statements_are_not_compiled():
    with connection.cursor() as cursor:
        cursor.execute("SELECT setconfig FROM pg_db_role_setting WHERE setrole = to_regrole('web')")
        assert "jit=off" in cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_of_a_transactional_test_is_the_web_login_too():
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("web",)


@pytest.mark.django_db(transaction=True)
def test_a_second_transactional_test_finds_the_tables_emptied_and_the_role_set():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("web",)
