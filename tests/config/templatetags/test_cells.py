"""Cells that look the same are written once a page, and only those."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.template import engines
from django.template.loader import get_template

from accounts.registry import all_fields, lists
from config.templatetags.cells import WRITERS

PAGE = "{% load cells %}<tr>{% cells row currency %}</tr>"
ONE = "{% load cells %}{% cell row.0 currency %}"
TODAY = date(2026, 6, 18)


def make_cell(value, *, key="one", kind="text", template="", css="", word=None, **beside):
    return SimpleNamespace(
        field=SimpleNamespace(key=key),
        value=value,
        word=word,
        css=css,
        template=template or kind,
        beside=beside,
    )


def written(*row, page=PAGE, currency="JPY"):
    context = {"row": row, "currency": currency, "today": TODAY}
    return engines["django"].from_string(page).render(context).replace("\n", "")


def test_a_cell_stands_in_the_classes_of_its_column():
    cell = make_cell(1200, kind="money", css="y-num y-hide-s")

    assert written(cell) == '<tr><td class="y-num y-hide-s">¥1,200</td></tr>'
    assert written(cell, page=ONE) == "¥1,200"


def test_text_of_a_customer_is_no_markup():
    assert "<script>" not in written(make_cell("<script>alert(1)</script>"))


def test_a_mail_address_breaks_after_its_at_sign_and_is_no_markup():
    assert "info@<wbr>example.com" in written(make_cell("info@example.com"))
    assert "<b>" not in written(make_cell("<b>@example.com"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (make_cell(True), make_cell(1)),
        (make_cell("a"), make_cell("b")),
        (make_cell(None), make_cell(None, template="accounts/cells/hidden.html")),
        (make_cell("a", kind="choice", word="A"), make_cell("a", key="two", kind="choice")),
        (
            make_cell(55.0, template="scoring/cells/score.html", band="at_risk"),
            make_cell(55.0, template="scoring/cells/score.html", band="steady"),
        ),
        (
            make_cell([20.0, 90.0], template="marks/sparkline.html", band="steady"),
            make_cell([90.0, 20.0], template="marks/sparkline.html", band="steady"),
        ),
    ],
)
def test_cells_that_differ_are_written_each_as_if_alone(one, other):
    both = written(one, other)

    assert both == written(one).removesuffix("</tr>") + written(other).removeprefix("<tr>")
    assert written(one) != written(other)


def test_a_value_that_comes_again_is_written_once():
    class Counted(str):
        times = 0

        def __html__(self):
            Counted.times += 1
            return str(self)

    again = [make_cell(Counted("a")) for _ in range(5)]

    assert written(*again).count("<td") == 5
    assert Counted.times == 1


@pytest.mark.parametrize("records", lists.members(), ids=lambda records: records.key)
def test_every_column_of_a_list_has_what_writes_it(records):
    for column in records.columns:
        assert column.cell in WRITERS or get_template(column.cell), column.key


def test_every_field_of_accounts_has_what_writes_it(db):
    for field in all_fields():
        writer = field.template or field.type
        if field.is_column:
            assert writer in WRITERS or get_template(writer), field.key


@pytest.mark.parametrize("kind", sorted(set(WRITERS) - {"delta", "boolean"}))
def test_nothing_is_said_by_a_dash(kind):
    assert written(make_cell(None, kind=kind)) == '<tr><td class="">–</td></tr>'


def test_no_change_known_says_nothing():
    assert written(make_cell(None, kind="delta")) == '<tr><td class=""></td></tr>'


@pytest.mark.parametrize(("value", "word"), [(True, "yes"), (False, "no"), (None, "–")])
def test_a_tick_is_a_word(value, word):
    assert f">{word}<" in written(make_cell(value, kind="boolean"))
