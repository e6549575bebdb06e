"""How values are written on pages: thin filters over `config.lib.formats`, `bands` and `charts`.

Builtin in every template. An absent value writes nothing: what is missing is said in words.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.contrib.messages.storage.base import Message
from django.forms import BoundField, ChoiceField, ModelChoiceField
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from config.lib import bands, charts, formats, toasts
from config.lib.blank_choices import DASHES, blank_word
from config.lib.devices import device_of
from config.lib.formats import Number

register = template.Library()

OWN_LOOK = ("checkbox", "radioselect", "checkboxselectmultiple")
BIG_CHANGE = 5
LANG_ATTRS = {"": "", "ja": SafeString(' lang="ja"'), "en": SafeString(' lang="en"')}


@register.filter
def day(value: date | None) -> str:
    """2026/08/31(月), Mon 31 Aug 2026."""
    return formats.day(value) if value else ""


@register.filter
def day_short(value: date | None, today: date) -> str:
    """8/31(月), 31 Aug; with the year if it is another."""
    return formats.day_short(value, today) if value else ""


@register.filter
def device(user_agent: str) -> str:
    """Chrome, Windows."""
    return device_of(user_agent)


@register.filter
def eve(value: date | None) -> date | None:
    """Return the day before: the last day of a span that is stored with the first day after it."""
    return value - timedelta(days=1) if value else None


@register.filter
def clock(value: datetime | None) -> str:
    """14:00."""
    return formats.clock(value) if value else ""


@register.filter
def moment(value: datetime | None, today: date) -> str:
    """6/16(火) 6:10; Tue 16 Jun, 6:10."""
    return formats.moment(value, today) if value else ""


@register.simple_tag
def span(start: date, end: date, today: date) -> str:
    """5/7 → 6/18; 7 May → 18 Jun; with years unless both are this one."""
    return formats.span(start, end, today)


@register.filter
def from_today(value: date | None, today: date) -> str:
    """あと74日, 63日前; in 74 days, 63 days ago."""
    return formats.from_today(value, today) if value else ""


@register.filter
def days_late(value: date | None, today: date) -> str:
    """1日超過, 1 day late."""
    return formats.days_late(value, today) if value else ""


@register.filter
def figure(value: Number | None) -> str:
    """1,234.5: what was reckoned, to one decimal."""
    return "" if value is None else formats.figure(value)


@register.filter
def number(value: Number | None, places: int | None = None) -> str:
    """1,234.5."""
    return "" if value is None else formats.number(value, places)


@register.filter
def money(amount: Number | None, currency: str) -> str:
    """¥18,000,000."""
    return "" if amount is None else formats.money(amount, currency)


@register.filter
def money_short(amount: Number | None, currency: str) -> str:
    """1,800万円, ¥18.0M."""
    return "" if amount is None else formats.money_short(amount, currency)


@register.filter
def percent(ratio: Number | None) -> str:
    """0.925 → 92.5%."""
    return "" if ratio is None else formats.percent(ratio)


@register.filter
def part(whole: Mapping[str, Any], key: str) -> Any:
    """Return what stands at a key that is only known when the page is made."""
    return whole.get(key)


@register.filter
def delta(value: Number | None, places: int | str = 0) -> str:
    """−12.5, +18, 0."""
    return "" if value is None else formats.delta(value, int(places))


@register.filter
def delta_tone(value: Number | None) -> str:
    """The class that colours a change, from 5 points on."""
    change = 0 if value is None else float(value)
    if abs(change) < BIG_CHANGE:
        return ""
    return " y-delta--down" if change < 0 else " y-delta--up"


@register.filter
def score(value: Number | None, places: int | str = 0) -> str:
    """55, and 59.9 near a threshold: number and band never contradict."""
    return "" if value is None else formats.score(value, places=int(places))


@register.filter
def band_look(band: str | None) -> bands.BandLook:
    """Colour name and word of a band: `.css`, `.word`."""
    return bands.band_look(band)


@register.filter
def sparkline(values: Sequence[float | None]) -> charts.Line | None:
    """Points of a sparkline, 96 × 28."""
    return charts.sparkline(values)


@register.filter
def day_bars(counts: Sequence[int]) -> list[charts.DayBar]:
    """Bars of a count a day."""
    return charts.day_bars(counts)


@register.filter
def score_line(values: Sequence[float | None]) -> charts.Line | None:
    """Points of a score's history, 244 × 64."""
    return charts.score_line(values)


@register.filter
def value_line(values: Sequence[float | None], target: float | None = None) -> charts.Line | None:
    """Points of a line of amounts from zero, 244 × 64, with the height of a target."""
    return charts.value_line(values, target)


@register.filter
def lang_attr(name: object) -> SafeString | str:
    """The `lang` attribute of a name that is not in the page's language, with a leading space."""
    return LANG_ATTRS[formats.name_language(str(name or ""))]


@register.filter
def listed(words: Iterable[object]) -> str:
    """Words beside each other, as the page's language parts them."""
    return formats.listed(words)


@register.filter
def initials(name: str, signs: int = 2) -> str:
    """What stands in a person's round mark: the family name's first signs, or two capitals."""
    words = name.split()
    if not words:
        return ""
    if formats.is_written_in_japanese(name):
        return words[0][:signs]
    return "".join(word[0] for word in (words[0], words[-1])[: len(words)]).upper()


@register.filter
def control(field: BoundField) -> SafeString:
    """The input of a form field in our look; ticks and picks keep their own.

    A placeholder is dropped: the label stands above, what helps is the hint. A choice that is
    empty is said in words.
    """
    empty = blank_word(required=field.field.required)
    if isinstance(field.field, ModelChoiceField):
        if field.field.empty_label == DASHES:
            field.field.empty_label = empty
    elif isinstance(field.field, ChoiceField):
        choices: Any = field.field.choices
        if (first := next(iter(choices), None)) == ("", DASHES):
            field.field.choices = [("", empty), *(c for c in choices if c != first)]
    field.field.widget.attrs.pop("placeholder", None)
    return field.as_widget(attrs={} if field.widget_type in OWN_LOOK else {"class": "y-input"})


@register.filter
def at_sign_breaks(value: object) -> object:
    """A mail address may go on in the next line after its @; anything else stays as it is."""
    if not isinstance(value, str) or "@" not in value:
        return value
    return SafeString(conditional_escape(value).replace("@", "@<wbr>"))


@register.filter
def as_toasts(messages: Iterable[Message] | None) -> list[toasts.Toast]:
    """What was just done, a toast each; what can't be undone shares one."""
    return list(toasts.as_toasts(messages or ()))
