"""Where the customer record holds something about a person, and what erasure leaves of it."""

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.domain.person import Person
from accounts.models import (
    Contact,
    ContactStanding,
    ExternalRef,
    InletDelivery,
    MailMessage,
    MergeMove,
    MergeRecord,
    StakeholderRelation,
    StakeholderRole,
    Suppression,
    Ticket,
    Touchpoint,
    TouchpointTodo,
)
from accounts.registry import PersonalData, mentions, personal_data
from accounts.services.inlets.forgetting import forget_in_deliveries

_NAMES = (
    "family_name",
    "given_name",
    "family_kana",
    "given_kana",
    "family_name_latin",
    "given_name_latin",
)
_TEXTS = (*_NAMES, "email", "phone", "department", "title", "approach", "message")

personal_data.register("contacts")(
    PersonalData(
        _("Contacts"),
        lambda person: Contact.objects.filter(pk__in=person.contacts),
        (
            "id",
            "account__name",
            "external_id",
            *_TEXTS,
            "language",
            "state",
            "state_on",
            "left_on",
            "in_post_since_on",
            "is_ghost",
            "created_at",
            "archived_at",
        ),
        blanks={
            **dict.fromkeys(_TEXTS, ""),
            "search_text": "",
            "external_id": None,
            "person_key": None,
        },
        in_history=(*_TEXTS, "external_id"),
    )
)
personal_data.register("other_ids")(
    PersonalData(
        _("Their ids in other systems"),
        lambda person: ExternalRef.objects.filter(kind="contact", object_id__in=person.contacts),
        ("source", "value"),
        forgets=True,
        in_history=("value",),
        past=lambda person: Q(kind="contact", object_id__in=person.contacts),
    )
)
personal_data.register("stakeholders")(
    PersonalData(
        _("Stakeholder roles"),
        lambda person: StakeholderRole.objects.filter(contact__in=person.contacts),
        ("account__name", "role", "starts_on", "ends_on", "confirmed_on", "recorded_at"),
    )
)
personal_data.register("standings")(
    PersonalData(
        _("Stance, influence and strength"),
        lambda person: ContactStanding.objects.filter(contact__in=person.contacts),
        ("account__name", "stance", "influence", "strength", "starts_on", "ends_on", "recorded_at"),
    )
)
personal_data.register("relations")(
    PersonalData(
        _("Relations to colleagues"),
        lambda person: StakeholderRelation.objects.filter(
            Q(from_contact__in=person.contacts) | Q(to_contact__in=person.contacts)
        ),
        ("account__name", "from_contact_id", "kind", "to_contact_id", "starts_on", "ends_on"),
    )
)
personal_data.register("touchpoints")(
    PersonalData(
        _("Touchpoints they attended"),
        lambda person: Touchpoint.objects.filter(contacts__in=person.contacts).distinct(),
        ("account__name", "type", "direction", "occurred_at", "subject", "body", "decisions"),
    )
)


def _promises(person: Person) -> Q:
    """Return what they promised, and what was promised about them in talks of their accounts."""
    named = mentions(person.written_among_us(), "text")
    named &= Q(touchpoint__account__in=person.accounts)
    return Q(contact__in=person.contacts) | named


personal_data.register("todos")(
    PersonalData(
        _("Promises they made"),
        lambda person: TouchpointTodo.objects.filter(_promises(person)),
        ("touchpoint_id", "side", "text", "due_on", "done_on"),
        blanks={"text": ""},
        in_history=("text",),
        past=lambda person: Q(contact__in=person.contacts),
    )
)
personal_data.register("tickets")(
    PersonalData(
        _("Tickets they raised"),
        lambda person: Ticket.objects.filter(contact__in=person.contacts),
        ("account__name", "external_id", "subject", "severity", "opened_at", "resolved_at", "csat"),
    )
)
personal_data.register("mails")(
    PersonalData(
        _("Mails to them"),
        lambda person: MailMessage.objects.filter(
            Q(contact__in=person.contacts)
            | Q(to_address__in=person.addresses)
            | Q(person_key=person.key, person_key__isnull=False)
        ),
        ("created_at", "state", "to_address", "language", "subject", "body_text"),
        blanks={
            "to_address": "",
            "subject": "",
            "body_text": "",
            "headers": {},
            "person_key": None,
            "last_error": "",
        },
    )
)
personal_data.register("suppressions")(
    PersonalData(
        _("Why they get no mails"),
        lambda person: Suppression.objects.filter(person_key=person.key),
        ("reason", "created_at", "lifted_at"),
    )
)


def _merges(person: Person) -> Q:
    ids = person.contacts
    return Q(kind="contact") & (Q(source_id__in=ids) | Q(target_id__in=ids))


personal_data.register("merges")(
    PersonalData(
        _("Merges of their contacts"),
        lambda person: MergeRecord.objects.filter(_merges(person)),
        ("merged_at", "values"),
        blanks={"values": {}},
        in_history=("values",),
    )
)
personal_data.register("merge_moves")(
    PersonalData(
        _("What merges changed of their contacts"),
        lambda person: MergeMove.objects.filter(
            model__iexact="accounts.contact", row_id__in=[str(pk) for pk in person.contacts]
        ),
        ("part", "before", "after"),
        forgets=True,
    )
)
personal_data.register("admin_log")(
    PersonalData(
        _("Lines of the administration's log"),
        lambda person: LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(Contact),
            object_id__in=[str(pk) for pk in person.contacts],
        ),
        ("action_time", "object_repr"),
        blanks={"object_repr": "", "change_message": ""},
    )
)
personal_data.register("deliveries")(
    PersonalData(
        _("What other systems sent"),
        lambda person: InletDelivery.objects.none(),
        ("received_at",),
        packed=forget_in_deliveries,
    )
)
