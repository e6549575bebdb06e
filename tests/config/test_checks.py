import pytest
from django.core.checks import run_checks
from django.db import connection

from config.checks import check_trigrams


@pytest.mark.django_db
def test_this_database_finds_trigrams_in_japanese() -> None:
    assert check_trigrams(databases=["default"]) == []
    assert run_checks(tags=["database"], databases=["default"]) == []


@pytest.mark.django_db
def test_a_database_without_them_is_refused(monkeypatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION pg_temp.show_trgm(text) RETURNS text[] LANGUAGE sql"
            " AS $$ SELECT '{}'::text[] $$"
        )
    monkeypatch.setattr("config.checks.SHOW_TRIGRAMS", "SELECT pg_temp.show_trgm('東京都') <> '{}'")
    assert [error.id for error in check_trigrams(databases=["default"])] == ["config.E001"]
