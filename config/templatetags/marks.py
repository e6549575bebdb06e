"""Marks that come hundreds of times a page, written without a template: scores, texts, options.

Builtin in every template. A template costs about ten times what writing these few signs does.
"""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from config.lib import bands, formats
from config.lib.addresses import row_address
from config.lib.formats import Number
from config.templatetags.yorisoi import at_sign_breaks, delta_tone, lang_attr

register = template.Library()

SCORE = '<span class="y-score y-{0}"><svg class="y-b" aria-hidden="true"><use href="#b-{0}"/></svg>'
OPTION = '<option value="{}"{}>{}</option>'
SHORT = SafeString(' class="y-nowrap"')
SHORTER_THAN = 7


@register.simple_tag
def score_mark(
    value: Number | None, band: str | None, places: int | str = 0, *, quiet: bool = False
) -> SafeString:
    """A health score with glyph and word of its band; `quiet` leaves the word to screen readers."""
    look = bands.band_look(band)
    if value in (None, ""):
        return format_html(SCORE + '<span class="y-word">{1}</span></span>', look.css, look.word)
    return format_html(
        SCORE + '<b>{1}</b><span class="{2}">{3}</span></span>',
        look.css,
        formats.score(value, places=int(places)),
        "y-sr" if quiet else "y-word",
        look.word,
    )


@register.simple_tag
def delta_mark(value: Number | None, places: int | str = 0, since: Any = "") -> SafeString | str:
    """A change with its sign and colour, and since when; nothing where nothing is known."""
    if value in (None, ""):
        return ""
    said = formats.delta(value, int(places))
    mark = format_html('<span class="y-delta{}">{}</span>', delta_tone(value), said)
    return format_html('{} <span class="y-meta">{}</span>', mark, since) if since else mark


def text_mark(value: object) -> SafeString:
    """What somebody typed, in its language; short words are not broken."""
    text = str(value)
    css = SHORT if len(text) < SHORTER_THAN else ""
    return format_html("<span{}{}>{}</span>", css, lang_attr(text), at_sign_breaks(value))


@register.filter
def address_at(key: object, url_name: str) -> str:
    """The address of a row's page, in lists: `{{ row.pk|address_at:"accounts:detail" }}`."""
    return row_address(url_name, key)


@register.simple_tag
def options(offered: Iterable[tuple[Any, ...]]) -> SafeString:
    """Options of a select from (value, word) or (value, word, whether it is chosen)."""
    return SafeString(
        "".join(
            OPTION.format(
                conditional_escape(value),
                " selected" if chosen and chosen[0] else "",
                conditional_escape(word),
            )
            for value, word, *chosen in offered
        )
    )
