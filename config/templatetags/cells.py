"""Cells of lists: the same values come again down a column, so each is written once a page."""

from collections.abc import Hashable
from typing import Any

from django import template
from django.template.base import FilterExpression, Node, Parser, Token
from django.template.context import Context
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

register = template.Library()

TD = '<td class="{}">{}</td>'


class CellNode(Node):
    """Write a cell by its template, which knows the attributes of the cell and `currency`."""

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
