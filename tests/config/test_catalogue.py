"""Texts are collected from Python and templates, and nothing without Japanese goes unnoticed."""

from pathlib import Path

import pytest

from config import catalogue


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder in catalogue.SOURCE_FOLDERS:
        (tmp_path / folder).mkdir()
    for folder in ("templates", "locale/ja/LC_MESSAGES", "locale/parts"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "config/views.py").write_text('_("Open")\nngettext("%(n)d row", "%(n)d rows", 2)\n')
    (tmp_path / "templates/page.html").write_text(
        "{% load i18n %}<c-x title=\"{% translate 'Close' %}\">"
        "{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}"
        '{% translate "none" context "line" %}'
    )
    return tmp_path


def part(root: Path, *pairs: tuple[str, str]) -> None:
    body = "\n".join(f'msgid "{english}"\nmsgstr "{japanese}"\n' for english, japanese in pairs)
    (root / "locale/parts/one.po").write_text(catalogue.HEADER + body)


def write(root: Path) -> None:
    (root / catalogue.CATALOGUE).write_text(catalogue.as_text(catalogue.translated(root)))


def test_texts_come_from_python_and_from_templates(root: Path) -> None:
    found = {(message.id, message.context) for message in catalogue.collect(root) if message.id}
    assert found == {
        ("Open", None),
        (("%(n)d row", "%(n)d rows"), None),
        ("Close", None),
        ("Hello %(name)s", None),
        ("none", "line"),
    }


def test_a_text_without_japanese_is_a_fault(root: Path) -> None:
    part(root, ("Open", "開く"))
    write(root)
    assert set(catalogue.faults(root)) == {
        "no Japanese: '%(n)d row'",
        "no Japanese: 'Close'",
        "no Japanese: 'Hello %(name)s'",
        "no Japanese: 'none'",
    }


def test_a_file_that_is_not_what_would_be_written_is_stale(root: Path) -> None:
    write(root)
    (root / "config/new.py").write_text('_("New")\n')
    assert next(catalogue.faults(root)).endswith("is stale: run `manage.py messages`")


def test_a_placeholder_that_the_english_lacks_is_a_fault(root: Path) -> None:
    part(root, ("Hello %(name)s", "%(nama)sさん"))
    write(root)
    assert "unknown placeholder: 'Hello %(name)s'" in set(catalogue.faults(root))


def test_the_catalogue_wins_over_a_part_and_survives_being_written_again(root: Path) -> None:
    part(root, ("Open", "開く"))
    write(root)
    part(root, ("Open", "ひらく"))
    write(root)
    assert catalogue.translated(root).get("Open").string == "開く"


def test_what_is_compiled_reads_back(root: Path) -> None:
    part(root, ("Open", "開く"))
    assert not catalogue.is_compiled(root)
    assert "開く".encode() in catalogue.compile_catalogue(root).read_bytes()
    assert b"Close" not in catalogue.compile_catalogue(root).read_bytes()
