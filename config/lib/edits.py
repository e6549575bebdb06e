"""Two people edit one record on pages: what each changed survives, nobody overwrites unawares.

A form carries marks of what the record said when it was opened, two a field: of the value itself,
and of what the form showed of it. When it comes back each field is compared three ways. What only
another changed is taken over, what only the reader typed is written, and where both said different
things nothing is written until the reader, who has now read the other's value, saves once more.

The record must be held (`accounts.services.holds`) from before the form is made until the write.
"""

import json
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from config.lib.blank_choices import DASHES, blank_word

#: The hidden input a form carries its marks in.
OPENED = "opened_with"
#: Fields that say how to save, never what the record says, unless a form names others.
BESIDE = frozenset({"on"})
_SALT, _LONG = "yorisoi.edits", 12


class Edit:
    """A form that edits a record, compared with what the record said when it was opened.

    A form may name fields the record does not say (`beside`), and fields that are one value
    (`together`: name → fields).

    :param of: what is edited; marks of one record say nothing of another.
    :param standing: what the record says where the form proposes something else.
    :param acts: the form does something to the record: it never counts as unchanged, and whatever
        changed meanwhile is told first.
    """

    def __init__(
        self,
        form: Any,
        *,
        of: str,
        standing: Mapping[str, Any] | None = None,
        acts: bool = False,
    ) -> None:
        self.form, self.of, self.acts = form, of, acts
        self.standing = standing or {}
        beside: Iterable[str] = getattr(form, "beside", BESIDE)
        together: Mapping[str, list[str]] = getattr(form, "together", {})
        joined = {name for names in together.values() for name in names}
        singles = {name: [name] for name, field in form.fields.items() if _counts(field)}
        self.parts = {key: [name for name in names if name in form.fields]
                      for key, names in {**singles, **together}.items()
                      if key in together or key not in joined}  # fmt: skip
        self.beside = set(beside)
        #: Parts both changed, each in another way.
        self.conflicts: list[str] = []
        #: Fields the reader changed; all where the form carried no marks.
        self.touched = set(form.fields)
        self.has_marks = False
        if form.is_bound and (opened := _read(form.data.get(OPENED))) is not None:
            self.has_marks = True
            self._compare(opened)

    @property
    def is_unchanged(self) -> bool:
        """Say whether saving would write nothing; only after validation."""
        if not self.has_marks or self.acts:
            return False
        return not self.touched or not (self.standing or self.form.changed_data)

    @property
    def marks(self) -> str:
        """Return the marks of what the record says now, for the form to carry."""
        return json.dumps({key: self._marks(key) for key in self.parts}, separators=(",", ":"))

    def words(self, key: str) -> str | None:
        """Return what the form says of a part as the record stands; None for what it hides."""
        names = self.parts[key]
        if len(names) > 1:  # one value of many fields: those nobody filled say nothing
            names = [name for name in names if self._value(name) != self.form.fields[name].initial]
        shown = [self._word(name) for name in names]
        if not any(shown) and any(_plain(self._value(name)) for name in names):
            return None
        return " · ".join(word for word in shown if word)

    def _compare(self, opened: Mapping[str, list[str]]) -> None:
        touched: set[str] = set()
        data = self.form.data.copy()
        for key, names in self.parts.items():
            value, shown = opened.get(key, ("", ""))
            typed = [self._typed(name) for name in names]
            is_touched = self._mark(key, _filled(names, typed)) != shown
            is_moved = key in opened and key not in self.beside and self._value_mark(key) != value
            if is_touched:
                touched |= set(names)
            if not is_moved:
                continue
            now = [self._shown(name) for name in names]
            if self.acts or (is_touched and typed != now):
                self.conflicts.append(key)
            elif not is_touched:
                for name, texts in zip(names, now, strict=True):
                    data.setlist(self.form[name].html_name, texts)
        self.touched = touched
        self.form.data = data
        self.form.changed_data = [name for name in self.form.changed_data if name in touched]

    def _marks(self, key: str) -> list[str]:
        names = self.parts[key]
        shown = [self._shown(name) for name in names]
        return [self._value_mark(key), self._mark(key, _filled(names, shown))]

    def _value_mark(self, key: str) -> str:
        names = self.parts[key]
        return self._mark(key, _filled(names, [_plain(self._value(name)) for name in names]))

    def _mark(self, key: str, told: Any) -> str:
        text = json.dumps([self.of, key, told])
        return salted_hmac(_SALT, text, algorithm="sha256").hexdigest()[:_LONG]

    def _value(self, name: str) -> Any:
        if name in self.standing:
            return self.standing[name]
        return self.form.get_initial_for_field(self.form.fields[name], name)

    def _typed(self, name: str) -> list[str]:
        bound = self.form[name]
        widget = bound.field.widget
        value = widget.value_from_datadict(self.form.data, self.form.files, bound.html_name)
        return _texts(bound.field, value)

    def _shown(self, name: str) -> list[str]:
        """Return what the form would send of the record's value if nobody touched it."""
        field = self.form.fields[name]
        texts = _texts(field, self._value(name))
        if not isinstance(field.widget, forms.widgets.ChoiceWidget):
            return texts
        offered = list(self._offers(name))
        texts = [text for text in texts if text in offered]
        is_list = (
            isinstance(field.widget, forms.Select) and not field.widget.allow_multiple_selected
        )
        return texts or [text for text in offered[:1] if text and is_list]

    def _word(self, name: str) -> str:
        field = self.form.fields[name]
        texts = self._shown(name)
        if isinstance(field.widget, forms.widgets.ChoiceWidget):
            offers = self._offers(name)
            return ", ".join(str(offers[text]) for text in texts)
        if isinstance(field.widget, forms.CheckboxInput):
            return _("Yes") if texts else _("No")
        return "".join(texts)

    def _offers(self, name: str) -> dict[str, Any]:
        """Return the values offered with their words, read once for marks and page alike."""
        if name not in self._read_offers:
            field = self.form.fields[name]
            if getattr(field, "empty_label", "") == DASHES:
                # Said in words before the choices are fixed, as the page says it.
                field.empty_label = str(blank_word(required=field.required))
            field.choices = list(field.choices)
            self._read_offers[name] = {
                str("" if value is None else value): label
                for value, label in _flat(field.widget.choices)
            }
        return self._read_offers[name]

    @cached_property
    def _read_offers(self) -> dict[str, dict[str, Any]]:
        return {}


def _counts(field: forms.Field) -> bool:
    return not field.disabled and not isinstance(field, forms.FileField)


def _read(text: Any) -> dict[str, list[str]] | None:
    """Return the marks a form came with; None for none, or for what no form of ours sent."""
    try:
        marks = json.loads(text or "")
    except (ValueError, RecursionError):
        return None
    if not isinstance(marks, dict):
        return None
    return {key: pair for key, pair in marks.items() if isinstance(pair, list) and len(pair) == 2}


def _filled(names: list[str], told: list[Any]) -> Any:
    """Return what is told of several fields but for empty ones; of one alone as it is."""
    return (
        told[0] if len(names) == 1 else [pair for pair in zip(names, told, strict=True) if pair[1]]
    )


def _texts(field: forms.Field, value: Any) -> list[str]:
    """Return what a browser sends for a value; a text typed is one already."""
    widget = field.widget
    if isinstance(widget, forms.CheckboxInput):
        return ["on"] if widget.check_test(value) else []
    formatted = widget.format_value(field.prepare_value(value))
    many = formatted if isinstance(formatted, list | tuple | set) else [formatted]
    texts = ["\n".join(str(text).split("\r\n")).strip() for text in many if text is not None]
    return sorted(text for text in texts if text)


def _plain(value: Any) -> Any:
    """Return a value of a record so that equal ones read alike; lists are sets here."""
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, list | tuple | set | frozenset | models.QuerySet):
        return sorted(str(_plain(one)) for one in value)
    return "" if value is None else str(value)


def _flat(choices: Iterable[Any]) -> Iterable[tuple[Any, Any]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield value, label
