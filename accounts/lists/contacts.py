"""The people at all customers."""

import datetime as dt
from functools import partial
from typing import Any

from django.db.models import Case, Max, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import ContactState, Language, RecordKind, Seniority, StakeholderRoleKind
from accounts.models import Contact, StakeholderRole, Touchpoint
from accounts.registry import ListColumn, ListFilter, RecordList, lists
from accounts.selectors.account_filters import ACCOUNT_FILTERS
from accounts.selectors.days import OrganisationDay
from accounts.selectors.list_columns import MANAGER, MAP_COLUMNS, related
from accounts.selectors.seniority import LevelOfTitle
from config.lib.addresses import row_address


def _rows(*, user: Any, at: dt.datetime, archived: bool = False) -> QuerySet[Contact]:
    people: QuerySet[Contact] = Contact.objects.visible_to(user)
    people = people.filter(archived_at__isnull=not archived)
    today = OrganisationDay(at)
    parts: Any = StakeholderRole.objects.filter(contact=OuterRef("pk"))
    rank = Case(*(When(role=role, then=Value(n)) for n, role in enumerate(RANKED)))
    # Asked of each person of a page: all accounts the reader sees are not gathered for that.
    seen = Touchpoint.objects.all().reached_singly(user)
    talks = Touchpoint.objects.two_way().filter(seen).order_by()
    own, merged = (
        Subquery(
            talks.filter(**{path: OuterRef("pk")})
            .values(path)
            .annotate(last=Max("occurred_at"))
            .values("last")
        )
        for path in ("contacts", "contacts__merged_into")
    )
    return people.select_related("account").annotate(
        main_role=Subquery(
            parts.current().holding_on(today).order_by(rank, "pk").values("role")[:1]
        ),
        last_talk_at=Greatest(own, merged),
    )


def _roles() -> list[tuple[str, Any]]:
    return list(StakeholderRoleKind.choices)


#: Of several parts of a person, the first of these is the one lists show.
RANKED = StakeholderRoleKind.values

lists.register("contacts")(
    RecordList(
        key="contacts",
        label=_("Contacts"),
        icon="users",
        kind=RecordKind.CONTACT,
        rows=_rows,
        archived=partial(_rows, archived=True),
        search=lambda rows, text, user: rows.search(text),
        href=lambda row: row_address("accounts:contact_detail", row.pk),
        default_sort="name",
        order=10,
        about=_("Contacts are the people you talk to at your customers."),
        columns=(
            ListColumn(
                "name", pgettext_lazy("person", "Name"), "text", "", sort_path="family_kana"
            ),
            ListColumn("account", _("Account"), "account", "account"),
            ListColumn("department", _("Department"), "text", "department"),
            ListColumn("title", pgettext_lazy("of a person", "Title"), "text", "title"),
            ListColumn(
                "seniority",
                pgettext_lazy("of a title", "Level"),
                "choice",
                "seniority",
                choices=Seniority.choices,
                is_sortable=False,
                prepare=lambda rows, at: rows.annotate(seniority=LevelOfTitle("title")),
                is_default=False,
            ),
            ListColumn(
                "role",
                _("Main role"),
                "choice",
                "main_role",
                choices=_roles,
                is_sortable=False,
            ),
            ListColumn(
                "last_talk",
                _("Last talk"),
                "datetime",
                "last_talk_at",
                template="ago",
                is_sortable=False,
                kind=RecordKind.TOUCHPOINT,
            ),
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
            ListColumn(
                "reading",
                _("Reading"),
                "text",
                "",
                sort_path="family_kana",
                read=lambda row: f"{row.family_kana} {row.given_kana}".strip(),
                is_default=False,
            ),
            ListColumn(
                "latin_name",
                _("Latin name"),
                "text",
                "",
                sort_path="family_name_latin",
                read=lambda row: f"{row.given_name_latin} {row.family_name_latin}".strip(),
                is_default=False,
            ),
            ListColumn(
                "language",
                _("Language"),
                "choice",
                "language",
                choices=Language.choices,
                is_default=False,
            ),
            ListColumn(
                "state_on",
                _("State since"),
                "date",
                "state_on",
                is_default=False,
            ),
            ListColumn(
                "successor",
                _("Successor"),
                "text",
                "successor",
                is_sortable=False,
                prepare=related("successor"),
                is_default=False,
            ),
            *MAP_COLUMNS,
            MANAGER,
            ListColumn(
                "is_ghost",
                _("Only seen in usage"),
                "boolean",
                "is_ghost",
                is_default=False,
            ),
            ListColumn(
                "approach",
                _("Approach"),
                "text",
                "approach",
                is_sortable=False,
                is_default=False,
            ),
            ListColumn(
                "message",
                _("Message"),
                "text",
                "message",
                is_sortable=False,
                is_default=False,
            ),
            ListColumn("external_id", _("Own-system id"), "text", "external_id", is_default=False),
        ),
        filters=(
            ListFilter(
                "role",
                _("Role"),
                "choice",
                "",
                choices=_roles,
                keeps=lambda rows, values, at: rows.playing(values, on=OrganisationDay(at)),
            ),
            ListFilter(
                "seniority",
                pgettext_lazy("of a title", "Level"),
                "choice",
                "",
                choices=Seniority.choices,
                keeps=lambda rows, values, at: rows.annotate(
                    seniority=LevelOfTitle("title")
                ).filter(seniority__in=values),
            ),
            ListFilter("state", _("State"), "choice", "state", choices=ContactState.choices),
            ListFilter("is_ghost", _("Only seen in usage"), "boolean", "is_ghost"),
            ListFilter("department", _("Department"), "text", "department"),
            ListFilter("in_post_since_on", _("In post since"), "date", "in_post_since_on"),
            *ACCOUNT_FILTERS,
        ),
    )
)
