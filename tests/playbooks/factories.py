"""Plain functions that make rows of the playbooks app; fields given win over defaults."""

import datetime as dt
import itertools
from typing import Any

from accounts.models import Account
from playbooks.models import Playbook, PlaybookRun, PlaybookVersion, Task
from scoring.models import HealthTransition
from tests.factories import make_account

_numbers = itertools.count(1)
#: A Thursday at noon in Tokyo, no holiday near.
NOON = dt.datetime(2026, 6, 18, 3, 0, tzinfo=dt.UTC)
LONG_AGO = dt.datetime(2026, 1, 5, 3, 0, tzinfo=dt.UTC)
ONE_DAY = dt.timedelta(days=1)

BAD_BANDS = {"key": "health_band_entered", "params": {"bands": ["at_risk", "critical"]}}
GOOD_BANDS = {"key": "health_band_entered", "params": {"bands": ["steady", "expansion"]}}


def make_step(key: str = "read", **fields: Any) -> dict[str, Any]:
    return {
        "key": key,
        "offset": 0,
        "role": "account_manager",
        "title": {"en": f"Step {key}", "ja": f"手順 {key}"},
        **fields,
    }


def make_definition(**fields: Any) -> dict[str, Any]:
    return {
        "trigger": BAD_BANDS,
        "cool_down_days": 30,
        "exit": {"trigger": GOOD_BANDS, "outcome": "recovered"},
        "steps": [make_step()],
        **fields,
    }


def make_playbook(*, definition: dict[str, Any] | None = None, **fields: Any) -> Playbook:
    number = next(_numbers)
    values = {
        "key": f"playbook-{number}",
        "name_en": f"Playbook {number}",
        "name_ja": f"プレイブック{number}",
        "is_active": True,
        "active_since": LONG_AGO,
        **fields,
    }
    playbook = Playbook.objects.create(**values)
    PlaybookVersion.objects.create(
        playbook=playbook,
        number=1,
        state="published",
        published_at=LONG_AGO,
        definition=definition or make_definition(),
    )
    return playbook


def make_transition(*, account: Account, to: str = "at_risk", **fields: Any) -> HealthTransition:
    values = {"from_band": "steady", "at": NOON, "kind": "official", "score": 55.0, **fields}
    values.setdefault("day", values["at"].date())
    if values["from_band"] == to:
        values["from_band"] = "not_enough_data"
    return HealthTransition.objects.create(account=account, to_band=to, **values)


def make_run(*, account: Account, playbook: Playbook | None = None, **fields: Any) -> PlaybookRun:
    playbook = playbook or make_playbook()
    return PlaybookRun.objects.create(
        account=account,
        playbook=playbook,
        **{
            "version": playbook.versions.get(),
            "episode_key": f"episode-{next(_numbers)}",
            "entered_at": NOON,
            "started_at": NOON,
            **fields,
        },
    )


def make_task(*, account: Account | None = None, **fields: Any) -> Task:
    number = next(_numbers)
    return Task.objects.create(
        account=account or make_account(),
        **{
            "title_en": f"Call them {number}",
            "title_ja": f"電話する {number}",
            "due_on": NOON.date(),
            **fields,
        },
    )
