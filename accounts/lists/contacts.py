"""The people at all customers."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import ContactState, RecordKind
from accounts.models import Contact
from accounts.registry import ListColumn, ListFilter, RecordList, lists


def _rows(*, user: Any, at: dt.datetime) -> QuerySet[Contact]:
    people: QuerySet[Contact] = Contact.objects.visible_to(user).filter(archived_at__isnull=True)
    return people.select_related("account")


lists.register("contacts")(
    RecordList(
        key="contacts",
        label=_("Contacts"),
        icon="users",
        kind=RecordKind.CONTACT,
        rows=_rows,
        search=lambda rows, text: rows.search(text),
        default_sort="name",
        order=10,
        about=_("Contacts are the people you talk to at your customers."),
        columns=(
            ListColumn("name", _("Name"), "text", "", sort_path="family_kana"),
            ListColumn("account", _("Account"), "account", "account"),
            ListColumn("department", _("Department"), "text", "department"),
            ListColumn("title", pgettext_lazy("of a person", "Title"), "text", "title"),
            ListColumn("state", _("State"), "choice", "state", choices=ContactState.choices),
            ListColumn("email", _("Mail address"), "text", "email", is_secondary=True),
            ListColumn("phone", _("Telephone"), "text", "phone", is_default=False),
            ListColumn(
                "in_post_since_on",
                _("In post since"),
                "date",
                "in_post_since_on",
                is_default=False,
            ),
            ListColumn("external_id", _("Own-system id"), "text", "external_id", is_default=False),
        ),
        filters=(
            ListFilter("state", _("State"), "choice", "state", choices=ContactState.choices),
            ListFilter("is_ghost", _("Only seen in usage"), "boolean", "is_ghost"),
            ListFilter("department", _("Department"), "text", "department"),
            ListFilter("in_post_since_on", _("In post since"), "date", "in_post_since_on"),
        ),
    )
)
