"""Which column of a file is which field: guessed, known from a product's export, or decided.

A mapping is `{"columns": {header: key or null}, "clear": [key], "values": {key: text}, "fill_only":
bool}`; `values` are for new records where a row says nothing, with `fill_only` a file changes no
field that says something already. Decided ones are kept by name and offered for the next
file with the same headers; those of Salesforce, HubSpot and kintone exports are data files in
`accounts/starter/import_presets`.
"""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import get_language

from accounts.domain.cells import fold_word
from accounts.domain.import_columns import Column, match_headers
from accounts.models import ImportMapping, ImportRun, User
from accounts.registry import importers
from accounts.services.imports.faults import BadImportFile
from accounts.services.imports.source import open_table, read_header
from accounts.services.imports.words import header_words

PRESETS = Path(__file__).parent.parent.parent / "starter" / "import_presets"
SAMPLES = 3
#: A preset is offered from so many headers on that are its own, and taken by itself from more on.
ALIKE, TELLING = 2, 4
#: How an address asks for no preset and no kept mapping.
PLAIN = "none"


@dataclass(frozen=True)
class Preset:
    """How a product names the columns of an export, in every language it has.

    A text of `values` that people read is one of each language: `{"en": text, "ja": text}`.
    """

    key: str
    kind: str
    name_en: str
    name_ja: str
    columns: Mapping[str, str | None]
    values: Mapping[str, str | Mapping[str, str]] = field(default_factory=dict)

    @property
    def use(self) -> str:
        """Return how an address names it."""
        return f"preset:{self.key}"

    @property
    def name(self) -> str:
        """Return its name in the active language."""
        return self.name_ja if _language() == "ja" else self.name_en

    def mapping_of(self, header: Sequence[str]) -> dict[str, Any]:
        """Return the mapping of a file; of two headers for one field the preset's first counts."""
        order = {fold_word(name): place for place, name in enumerate(self.columns)}
        known = {fold_word(name): key for name, key in self.columns.items()}
        columns: dict[str, str | None] = {}
        for name in sorted(header, key=lambda name: order.get(fold_word(name), len(order))):
            if fold_word(name) in known:
                key = known[fold_word(name)]
                columns[name] = None if key in columns.values() else key
        return {"columns": columns, "clear": [], "values": self._texts()}

    def _texts(self) -> dict[str, str]:
        """Return what stands where a row says nothing, in the active language."""
        return {
            key: text if isinstance(text, str) else text[_language()]
            for key, text in self.values.items()
        }


@dataclass(frozen=True)
class Place:
    """One column of the file on the page: its header, first cells, and what it is taken for."""

    number: int
    header: str
    samples: list[str]
    key: str
    is_cleared: bool


@dataclass(frozen=True)
class Look:
    """A file as it was understood so far."""

    places: list[Place]
    fields: list[tuple[str, str, bool]]
    sheet: str = ""
    sheets: Sequence[str] = ()
    saved: list[ImportMapping] = field(default_factory=list)
    presets: list[Preset] = field(default_factory=list)
    used: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    is_fill_only: bool = False

    @property
    def silent(self) -> list[tuple[str, str, str]]:
        """Return (key, field, text) of what stands where a row says nothing."""
        labels = {key: label for key, label, _clearable in self.fields}
        return [(key, labels.get(key, key), text) for key, text in self.values.items()]


@cache
def every_preset() -> dict[str, Preset]:
    """Return the presets by key."""
    files = sorted(PRESETS.glob("*.json"))
    return {path.stem: Preset(**json.loads(path.read_text("utf-8"))) for path in files}


def signature(header: Sequence[str]) -> list[str]:
    """Return what two files with the same columns share, in whatever order they come."""
    return sorted({fold_word(name) for name in header if fold_word(name)})


def look_into(run: ImportRun, *, by: User, sheet: str = "", use: str = "") -> Look:
    """Read the headers and first rows of a file and say what its columns are taken for.

    :param use: `mapping:<id>` or `preset:<key>`; by default what fits best.
    :raises BadImportFile: when the file can't be read.
    """
    columns = list(importers.get(run.kind).columns())
    with run.file.open("rb") as file:
        table = open_table(file.file, size=run.size, sheet=sheet or run.sheet)
        header = read_header(table)
        rows = [row.cells for row in islice(table.rows(), 1, SAMPLES + 1)]
    saved = list(ImportMapping.objects.visible_to(by).filter(kind=run.kind).order_by("-updated_at"))
    same = [mapping for mapping in saved if mapping.header == signature(header)]
    offered = _offered(run.kind, header)
    plain = match_headers(header, columns, words=header_words(columns), mapping={})
    telling = [one for one in offered if _alike(one, header) >= max(TELLING, len(plain.places) + 1)]
    choices = {kept.use: kept.mapping for kept in saved}
    choices |= {preset.use: preset.mapping_of(header) for preset in offered}
    fits = [*(kept.use for kept in same), *(preset.use for preset in telling)]
    used, mapping = _chosen(run, use, choices=choices, fits=fits)
    guess = match_headers(
        header, columns, words=header_words(columns), mapping=mapping.get("columns", {})
    )
    places = [
        Place(
            number,
            name,
            [cells[number] for cells in rows if number < len(cells) and cells[number]],
            guess.places.get(number, ""),
            guess.places.get(number, "") in mapping.get("clear", ()),
        )
        for number, name in enumerate(header)
        if name.strip()
    ]
    return Look(
        places,
        [_field(column) for column in columns],
        table.sheet,
        table.sheets,
        saved,
        offered,
        used,
        values=mapping.get("values", {}),
        is_fill_only=mapping.get("fill_only", False),
    )


def understand(run: ImportRun, mapping: Mapping[str, Any], *, sheet: str) -> list[str]:
    """Return the headers of a file for which the mapping does.

    :raises BadImportFile: when a field is named twice or a required one is missing.
    """
    columns = list(importers.get(run.kind).columns())
    with run.file.open("rb") as file:
        header = read_header(open_table(file.file, size=run.size, sheet=sheet))
    match = match_headers(
        header, columns, words=header_words(columns), mapping=mapping.get("columns", {})
    )
    labels = {column.key: str(capfirst(str(column.label))) for column in columns}
    missing = [key for key in match.missing if key not in mapping.get("values", {})]
    for fault, keys in (("missing", missing), ("twice", match.twice)):
        if keys:
            raise BadImportFile(fault, columns=", ".join(labels[key] for key in keys))
    return header


@transaction.atomic
def save_mapping(
    *,
    name: str,
    kind: str,
    header: Sequence[str],
    mapping: Mapping[str, Any],
    is_shared: bool,
    at: dt.datetime,
    by: User,
) -> ImportMapping:
    """Keep a mapping under its name; one of the same name is replaced."""
    kept, _made = ImportMapping.objects.update_or_create(
        owner=by,
        kind=kind,
        name=name,
        defaults={
            "header": signature(header),
            "mapping": dict(mapping),
            "is_shared": is_shared,
            "updated_at": at,
        },
    )
    return kept


def _language() -> str:
    return "ja" if (get_language() or "en").startswith("ja") else "en"


def _field(column: Column) -> tuple[str, str, bool]:
    return column.key, str(capfirst(str(column.label))), column.cleared is not None


def _offered(kind: str, header: Sequence[str]) -> list[Preset]:
    """Return the presets of the kind that know the file, the best first."""
    scored = []
    for preset in every_preset().values():
        alike = _alike(preset, header)
        if preset.kind == kind and alike >= ALIKE:
            scored.append((-alike, preset.key, preset))
    return [preset for _score, _key, preset in sorted(scored)]


def _alike(preset: Preset, header: Sequence[str]) -> int:
    return len(set(signature(header)) & {fold_word(name) for name in preset.columns})


def _chosen(
    run: ImportRun, use: str, *, choices: Mapping[str, Mapping[str, Any]], fits: Sequence[str]
) -> tuple[str, Mapping[str, Any]]:
    """Return (what it is called, mapping): as asked, as decided for the run, or as fits."""
    if use == PLAIN:
        return PLAIN, {}
    if use in choices:
        return use, choices[use]
    if run.mapping:
        return "", run.mapping
    return (fits[0], choices[fits[0]]) if fits else (PLAIN, {})
