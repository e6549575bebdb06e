"""Everything about one person as a bundle, and in numbers what an erasure would touch."""

import datetime as dt
import io
import json
import zipfile
from collections.abc import Callable
from operator import itemgetter
from typing import IO, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from accounts.domain.person import Person
from accounts.models import User
from accounts.registry import PersonalData, personal_data
from accounts.services.exports.sheets import BATCH, SheetColumn
from accounts.services.exports.writers import CsvWriter
from accounts.services.privacy.mentions import count_mentioning_files


def what_is_known(person: Person) -> list[tuple[str, Any, int]]:
    """Return (key, label, rows) of every table that holds something about the person."""
    counted = [(key, data.label, data.rows(person).count()) for key, data in personal_data.items()]
    files = count_mentioning_files(person)
    known = [line for line in counted if line[2]]
    return [*known, ("files", gettext("Files that name them"), files)] if files else known


def write_bundle(
    spool: IO[bytes],
    person: Person,
    *,
    user: User,
    at: dt.datetime,
    progress: Callable[[int, int], None],
) -> int:
    """Write a ZIP of one CSV file a table and a manifest; return how many rows it holds."""
    counts: dict[str, int] = {}
    members = personal_data.items()
    with zipfile.ZipFile(spool, "w", zipfile.ZIP_DEFLATED) as packed:
        for done, (key, data) in enumerate(members):
            count = _write_table(packed, key, data, person, ZoneInfo(user.time_zone))
            if count:
                counts[key] = count
            progress(done, len(members))
        manifest = {
            "made_at": at.isoformat(),
            "contacts": list(person.contacts),
            "tables": {
                key: {"rows": count, "label": str(personal_data.get(key).label)}
                for key, count in counts.items()
            },
        }
        packed.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
    return sum(counts.values())


def _write_table(
    packed: zipfile.ZipFile, key: str, data: PersonalData, person: Person, zone: ZoneInfo
) -> int:
    rows = data.rows(person).values_list(*data.columns)
    columns = [
        SheetColumn(name.replace("__", "."), name, "text", itemgetter(place))
        for place, name in enumerate(data.columns)
    ]
    buffer = io.BytesIO()
    writer = CsvWriter(buffer, columns, header="keys", zone=zone)
    count = 0
    for values in rows.iterator(chunk_size=BATCH):
        writer.write(values)
        count += 1
    writer.close()
    if count:
        packed.writestr(f"{key}.csv", buffer.getvalue())
    return count
