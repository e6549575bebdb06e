"""Cells of lists: the same values come again down a column, so each is written once a page.

A cell is written by one of `WRITERS`, named by its column, or by a template of its own. There are
hundreds a page, and a template costs about ten times what writing these few signs does.
"""

from collections.abc import Callable, Hashable
from datetime import date
from typing import Any

from django import template
from django.template.base import FilterExpression, Node, Parser, Token, Variable
from django.template.context import Context
from django.template.defaultfilters import yesno
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from config.lib import formats
from config.lib.addresses import row_address
from config.templatetags.marks import SHORT, delta_mark, text_mark
from config.templatetags.yorisoi import lang_attr

register = template.Library()

TD = '<td class="{}">{}</td>'
NOTHING = "–"
WHOLE = SafeString(' class="y-whole"')
TODAY = Variable("today")
Writer = Callable[[Any, str, date], str]


def _account(account: Any) -> SafeString:
    address = row_address("accounts:detail", account.pk)
    name = str(account)
    return format_html(
        '<a class="y-quiet y-named" href="{}"{}>{}</a>', address, lang_attr(name), name
    )


def _renewal(day: date, today: date) -> SafeString:
    left = formats.from_today(day, today)
    return format_html('{}<span class="y-line2">{}</span>', formats.day(day), left)


def _word(word: Any) -> SafeString:
    """Write a word of ours: on a wide screen only a long one breaks."""
    text = str(word)
    css = SHORT if len(text) < 8 else WHOLE if len(text) < 16 else ""
    return format_html("<span{}>{}</span>", css, text)


def _person(person: Any) -> SafeString:
    name = str(person)
    return format_html("<span{}{}>{}</span>", SHORT if len(name) < 8 else "", lang_attr(name), name)


#: How a value that is there is written: `writer(value, currency, today)`.
WRITERS: dict[str, Writer] = {
    "account": lambda account, currency, today: _account(account),
    "ago": lambda day, currency, today: formats.from_today(day, today),
    "boolean": lambda value, currency, today: _word(yesno(value, gettext("yes,no,–"))),
    "choice": lambda word, currency, today: _word(word),
    "date": lambda day, currency, today: formats.day(day),
    "datetime": lambda moment, currency, today: formats.day(moment),
    "delta": lambda change, currency, today: delta_mark(change),
    "figure": lambda number, currency, today: formats.figure(number),
    "moment": lambda moment, currency, today: formats.moment(moment, today),
    "money": lambda amount, currency, today: formats.money(amount, currency),
    "number": lambda number, currency, today: formats.number(number),
    "person": lambda person, currency, today: _person(person),
    "points": lambda score, currency, today: formats.score(score, places=1),
    "renewal": lambda day, currency, today: _renewal(day, today),
    "share": lambda ratio, currency, today: formats.percent(ratio),
    "text": lambda text, currency, today: text_mark(text),
}


class CellNode(Node):
    """Write a cell; a template of its own knows its attributes and `currency`."""

    def __init__(self, shown: FilterExpression, currency: FilterExpression) -> None:
        self.shown = shown
        self.currency = currency

    def render(self, context: Context) -> SafeString:
        return self._written(context, self.shown.resolve(context), self.currency.resolve(context))

    def _written(self, context: Context, cell: Any, currency: str) -> SafeString:
        page: Any = context.render_context.dicts[0]
        written: dict[Hashable, SafeString] = page.setdefault(self, {})
        look = _look(cell, currency)
        if look not in written:
            written[look] = self._write(context, cell, currency)
        return written[look]

    def _write(self, context: Context, cell: Any, currency: str) -> SafeString:
        if writer := WRITERS.get(cell.template):
            value = cell.word if cell.template == "choice" else cell.value
            if value in (None, ""):
                return SafeString("" if cell.template == "delta" else NOTHING)
            return conditional_escape(writer(value, currency, TODAY.resolve(context)))
        engine = context.template.engine  # type: ignore[union-attr]
        values = {"cell": cell, "value": cell.value, "currency": currency, **cell.beside}
        with context.push(**values):
            return SafeString(engine.get_template(cell.template).render(context).strip())


class CellsNode(CellNode):
    """Write several cells of a row, each in a `td` of its column's classes."""

    def render(self, context: Context) -> SafeString:
        currency = self.currency.resolve(context)
        cells = self.shown.resolve(context)
        return SafeString("".join(self._written(context, cell, currency) for cell in cells))

    def _write(self, context: Context, cell: Any, currency: str) -> SafeString:
        inside = super()._write(context, cell, currency)
        return SafeString(TD.format(conditional_escape(cell.css), inside))


def _look(cell: Any, currency: str) -> Hashable:
    """Return what decides how a cell looks; True and 1 are equal and look different."""
    value = tuple(cell.value) if isinstance(cell.value, list) else cell.value
    beside = tuple(cell.beside.values())
    return (cell.field.key, cell.template, type(value), value, currency, beside)


def _node(kind: type[CellNode], parser: Parser, token: Token) -> CellNode:
    _name, shown, currency = token.split_contents()
    return kind(parser.compile_filter(shown), parser.compile_filter(currency))


@register.tag("cell")
def cell(parser: Parser, token: Token) -> CellNode:
    """Write what is in a cell: `{% cell cell currency %}`."""
    return _node(CellNode, parser, token)


@register.tag("cells")
def cells(parser: Parser, token: Token) -> CellNode:
    """Write cells of a row: `{% cells cells currency %}`."""
    return _node(CellsNode, parser, token)
