"""Tasks, runs and playbooks as JSON; words in the caller's language."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.relations import LinkField
from accounts.choices import RecordKind
from accounts.models import Account, User
from playbooks.choices import RunOutcome, RunState
from playbooks.models import Playbook, PlaybookRun, RunStep, Task
from playbooks.models.words import in_reading_language


class TaskSerializer(serializers.ModelSerializer[Task]):
    """Something to do for an account. Write `status` to complete, cancel, snooze or reopen it."""

    account = LinkField(queryset=Account.objects.all(), writes=RecordKind.TASK)
    playbook = serializers.SlugRelatedField[Playbook](
        source="run.playbook", slug_field="key", read_only=True, allow_null=True, default=None
    )
    title = serializers.CharField(max_length=200)
    text = serializers.CharField(required=False, allow_blank=True)
    assignee = LinkField(
        queryset=User.objects.filter(is_active=True), required=False, allow_null=True
    )

    class Meta:
        model = Task
        validators = ()
        fields = (
            "id",
            "account",
            "playbook",
            "run",
            "step_key",
            "title",
            "text",
            "status",
            "due_on",
            "snoozed_until",
            "assignee",
            "assigned_role",
            "priority",
            "completed_at",
            "completed_by",
            "outcome",
            "notes",
            "created_by",
            "created_at",
            "updated_at",
        )
        read_only_fields = (
            "run",
            "step_key",
            "assigned_role",
            "completed_at",
            "completed_by",
            "created_by",
            "created_at",
            "updated_at",
        )


class RunStepSerializer(serializers.ModelSerializer[RunStep]):
    """A step of a run: what is planned, open or settled."""

    title = serializers.SerializerMethodField()

    class Meta:
        model = RunStep
        fields = ("key", "title", "role", "due_on", "state", "opened_at", "settled_at")

    def get_title(self, step: RunStep) -> str:
        """Return the title by the version the run began with."""
        title = self.context["definition"].step(step.key).title
        return in_reading_language(en=title.en, ja=title.ja)


class RunSerializer(serializers.ModelSerializer[PlaybookRun]):
    """A judged episode of an account. Post `account` and `playbook` to launch one by hand, write
    `state` = `ended`, with an outcome, to stop it.
    """

    account = LinkField(queryset=Account.objects.all(), writes=RecordKind.TASK)
    playbook = serializers.SlugRelatedField[Playbook](
        slug_field="key", queryset=Playbook.objects.unarchived()
    )
    version = serializers.IntegerField(source="version.number", read_only=True)
    state = serializers.ChoiceField(choices=RunState.choices, required=False)
    outcome = serializers.ChoiceField(choices=RunOutcome.choices, required=False, allow_blank=True)
    steps = serializers.SerializerMethodField()

    class Meta:
        model = PlaybookRun
        validators = ()  # uniqueness is the database's, and its refusals have names
        fields = (
            "id",
            "account",
            "playbook",
            "version",
            "state",
            "outcome",
            "reason",
            "entered_at",
            "started_at",
            "ended_at",
            "steps",
        )
        read_only_fields = ("reason", "entered_at", "started_at", "ended_at")

    @extend_schema_field(RunStepSerializer(many=True))
    def get_steps(self, run: PlaybookRun) -> Any:
        """Return the steps in order."""
        steps = sorted(run.steps.all(), key=lambda step: step.position)
        context = {"definition": run.version.read()}
        return RunStepSerializer(steps, many=True, context=context).data


class PlaybookSerializer(serializers.ModelSerializer[Playbook]):
    """A playbook with its published definition. Write `is_active` to switch it."""

    name = serializers.CharField(source="__str__", read_only=True)
    version = serializers.SerializerMethodField()
    definition = serializers.SerializerMethodField()

    class Meta:
        model = Playbook
        fields = (
            "id",
            "key",
            "name",
            "is_active",
            "active_since",
            "version",
            "definition",
            "created_at",
            "updated_at",
        )
        read_only_fields = ("key", "active_since", "created_at", "updated_at")

    def get_version(self, playbook: Any) -> int | None:
        """Return the number of the newest published version."""
        return playbook.published[0].number if playbook.published else None

    def get_definition(self, playbook: Any) -> dict[str, Any] | None:
        """Return what the newest published version says."""
        return playbook.published[0].definition if playbook.published else None
