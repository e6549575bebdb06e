"""Publish playbook versions, switch playbooks on and off, install the shipped ones."""

import datetime as dt
import hashlib
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation, ScheduleSlot, User
from config.lib.problems import FieldError, Problem
from config.lib.registry import UnknownKey
from config.lib.slots import daily_slot, take_slot
from playbooks.choices import VersionState
from playbooks.domain.definition import BadDefinition, Definition, Fault, Plugin, read_definition
from playbooks.models import Playbook, PlaybookVersion
from playbooks.registry import BadParams, actions, make_trigger

SLOT = "playbooks.starter"
STARTER = Path(__file__).parent.parent / "starter"

FAULTS = {
    "required": gettext_lazy("This is required."),
    "too_long": gettext_lazy("This is too long."),
    "not_an_object": gettext_lazy("This must be an object."),
    "not_a_list": gettext_lazy("This must be a list."),
    "not_in_range": gettext_lazy("This must be a whole number in range."),
    "not_a_choice": gettext_lazy("This is not one of the choices."),
    "duplicate": gettext_lazy("Two steps have the same key."),
    "unknown_step": gettext_lazy("This names a step that does not exist."),
    "cycle": gettext_lazy("These steps wait for each other."),
}


class BadPlaybook(Problem):
    """A definition can't be published; each error points at its place."""

    code = "bad_playbook"
    title = gettext_lazy("This playbook can't be published.")


@transaction.atomic
def publish_version(
    *, playbook: Playbook, definition: dict[str, Any], at: dt.datetime, by: User | None = None
) -> PlaybookVersion:
    """Publish a definition as the playbook's next version; open runs keep theirs.

    :raises BadPlaybook: with every fault and where it is.
    """
    check_definition(definition)
    Playbook.objects.select_for_update().get(pk=playbook.pk)
    newest = playbook.versions.aggregate(newest=Max("number"))["newest"] or 0
    return PlaybookVersion.objects.create(
        playbook=playbook,
        number=newest + 1,
        state=VersionState.PUBLISHED,
        definition=definition,
        created_by=by,
        published_at=at,
    )


@transaction.atomic
def switch_playbook(*, playbook: Playbook, is_active: bool, at: dt.datetime) -> Playbook:
    """Switch a playbook on or off. On, it starts at what begins from now; off, open runs go on."""
    if playbook.is_active != is_active:
        playbook.is_active = is_active
        playbook.active_since = at if is_active else playbook.active_since
        playbook.updated_at = at
        playbook.save(update_fields=["is_active", "active_since", "updated_at"])
    return playbook


@transaction.atomic
def install_starter_playbooks(*, at: dt.datetime) -> list[Playbook]:
    """Bring the shipped playbooks in, switched off, or up to date where nobody edited them.

    A version published by a person wins for good. Running it again changes nothing.
    """
    return [_install(content, at) for content in _starter_contents()]


@transaction.atomic
def tend_starter_playbooks(*, at: dt.datetime) -> int:
    """Once a day bring shipped playbooks in or up to date; return how many, 0 when done already."""
    slot = daily_slot(at, zone=Organisation.objects.zone())
    if not take_slot(ScheduleSlot, key=SLOT, slot_at=slot):
        return 0
    return len(install_starter_playbooks(at=at))


def check_definition(raw: dict[str, Any]) -> Definition:
    """Check a definition, its trigger and its actions.

    :raises BadPlaybook: with every fault and where it is.
    """
    try:
        definition = read_definition(raw)
    except BadDefinition as error:
        raise BadPlaybook(errors=[_worded(fault) for fault in error.faults]) from error
    errors = list(_plugin_errors(definition))
    if errors:
        raise BadPlaybook(errors=errors)
    return definition


def _worded(fault: Fault) -> FieldError:
    return FieldError(fault.pointer, FAULTS[fault.code])


def _plugin_errors(definition: Definition) -> Iterator[FieldError]:
    yield from _trigger_errors(definition.trigger, "/trigger")
    if definition.exit is not None:
        yield from _trigger_errors(definition.exit.trigger, "/exit/trigger")
    for index, step in enumerate(definition.steps):
        pointer = f"/steps/{index}/action"
        try:
            actions.get(step.action.key).check(step.action.params)
        except UnknownKey:
            yield FieldError(f"{pointer}/key", _("There is no such action."))
        except BadParams as error:
            yield FieldError(f"{pointer}/params", str(error))


def _trigger_errors(plugin: Plugin, pointer: str) -> Iterator[FieldError]:
    try:
        make_trigger(plugin.key, plugin.params)
    except UnknownKey:
        yield FieldError(f"{pointer}/key", _("There is no such trigger."))
    except BadParams as error:
        yield FieldError(f"{pointer}/params", str(error))


def _starter_contents() -> list[dict[str, Any]]:
    return [tomllib.loads(path.read_text("utf-8")) for path in sorted(STARTER.glob("*.toml"))]


def _install(content: dict[str, Any], at: dt.datetime) -> Playbook:
    key, name, definition = _split(content)
    digest = _digest(definition)
    playbook, is_new = Playbook.objects.get_or_create(
        key=key,
        defaults={"name_en": name["en"], "name_ja": name["ja"], "starter_digest": digest},
    )
    newest = playbook.versions.order_by("-number").first()
    is_untouched = newest is None or (
        newest.created_by_id is None and _digest(newest.definition) == playbook.starter_digest
    )
    if is_new or (is_untouched and playbook.starter_digest != digest):
        publish_version(playbook=playbook, definition=definition, at=at)
        Playbook.objects.filter(pk=playbook.pk).update(starter_digest=digest)
    return playbook


def _split(content: dict[str, Any]) -> tuple[str, dict[str, str], dict[str, Any]]:
    definition = {key: value for key, value in content.items() if key not in {"key", "name"}}
    return content["key"], content["name"], definition


def _digest(definition: dict[str, Any]) -> str:
    canonical = json.dumps(definition, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
