"""What was promised in a talk, as rows of its form: side, text, who and until when."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import Side
from accounts.models import Contact, Touchpoint, User
from accounts.services.touchpoints import Todo

TODO_ROWS = 4
#: So many a form is read with, whoever sends it.
MOST_TODOS = 200


class DayField(forms.DateField):
    """A day, by the browser's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, required=False, **kwargs)


class TodoRows(forms.Form):
    """The rows of to-dos of a form that says for which talk and whose they are."""

    touchpoint: Touchpoint | None
    user: Any
    todo_count: int

    @property
    def todo_rows(self) -> list[list[forms.BoundField]]:
        """Return the fields of each to-do, a list a row."""
        names = ("side", "text", "who", "due")
        return [[self[f"todo_{row}_{name}"] for name in names] for row in range(self.todo_count)]

    def add_todos(self) -> None:
        """Add the rows, once the form offers people."""
        known = list(self.touchpoint.todos.order_by("pk")) if self.touchpoint else []
        sent = sum(f"todo_{row}_text" in self.data for row in range(MOST_TODOS))
        self.todo_count = max(TODO_ROWS, len(known) + 1, sent)
        people = [(f"c{pk}", label) for pk, label in self.fields["contacts"].choices]  # type: ignore[attr-defined]
        staff = [(f"u{pk}", label) for pk, label in self.fields["users"].choices]  # type: ignore[attr-defined]
        seen = Contact.objects.visible_to(self.user).in_bulk(
            [todo.contact_id for todo in known if todo.contact_id]
        )
        names = {
            f"c{todo.contact_id}": str(seen.get(todo.contact_id, _("not visible to you")))
            for todo in known
            if todo.contact_id
        }
        names |= {f"u{todo.user_id}": str(todo.user) for todo in known if todo.user_id}
        more = [(key, name) for key, name in names.items() if key not in dict(people + staff)]
        who = [("", _("Nobody yet")), *people, *staff, *more]
        for row in range(self.todo_count):
            self.fields[f"todo_{row}_side"] = forms.ChoiceField(
                label=_("Side"), choices=Side.choices, initial=Side.OURS, required=False
            )
            self.fields[f"todo_{row}_text"] = forms.CharField(
                label=_("To do"), max_length=300, required=False
            )
            self.fields[f"todo_{row}_who"] = forms.ChoiceField(
                label=_("Who"), choices=who, required=False
            )
            self.fields[f"todo_{row}_due"] = DayField(label=_("Due"))
        parts = ("side", "text", "who", "due")
        self.together = {
            "todos": [f"todo_{row}_{part}" for row in range(self.todo_count) for part in parts]
        }
        for row, todo in enumerate(known):
            key = f"c{todo.contact_id}" if todo.contact_id else f"u{todo.user_id or ''}"
            values = {"side": todo.side, "text": todo.text, "due": todo.due_on}
            values["who"] = key if key != "u" else ""
            self.initial.update({f"todo_{row}_{name}": value for name, value in values.items()})

    def todos(self) -> list[Todo]:
        """Return what was typed, with the day on which it was done."""
        values = self.cleaned_data
        rows: list[dict[str, Any]] = [
            {name: values.get(f"todo_{row}_{name}") for name in ("side", "text", "who", "due")}
            for row in range(self.todo_count)
        ]
        rows = [row for row in rows if row["text"]]
        people = Contact.objects.in_bulk([int(r["who"][1:]) for r in rows if _is(r, "c")])
        staff = User.objects.in_bulk([int(r["who"][1:]) for r in rows if _is(r, "u")])
        done = {todo.text: todo.done_on for todo in _known_todos(self.touchpoint)}
        return [
            Todo(
                side=_side(row),
                text=row["text"],
                user=staff.get(int(row["who"][1:])) if _is(row, "u") else None,
                contact=people.get(int(row["who"][1:])) if _is(row, "c") else None,
                due_on=row["due"],
                done_on=done.get(row["text"]),
            )
            for row in rows
        ]


def _known_todos(touchpoint: Touchpoint | None) -> Iterable[Any]:
    return touchpoint.todos.all() if touchpoint is not None else ()


def _is(row: Mapping[str, Any], kind: str) -> bool:
    return bool(row["who"]) and row["who"].startswith(kind)


def _side(row: Mapping[str, Any]) -> Side:
    if row["who"]:
        return Side.THEIRS if _is(row, "c") else Side.OURS
    return Side(row["side"] or Side.OURS)
