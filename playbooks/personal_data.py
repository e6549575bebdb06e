"""Tasks about a person; they name people only in their texts, which the sweep of erasure finds."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.domain.person import Person
from accounts.registry import PersonalData, mentions, personal_data
from playbooks.models import Task


def _mentions(person: Person) -> Q:
    columns = ("title_en", "title_ja", "text_en", "text_ja", "notes")
    return mentions(person.written_among_us(), *columns)


personal_data.register("tasks")(
    PersonalData(
        _("Tasks that mention them"),
        lambda person: Task.objects.filter(_mentions(person), account__in=person.accounts),
        ("account__name", "title_en", "title_ja", "text_en", "text_ja", "notes", "due_on"),
    )
)
