"""`import_data KIND FILE`: take a file in within this process; the last line is JSON."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import get_language

from accounts.choices import Known
from accounts.models import ImportRun
from accounts.registry import importers
from accounts.services.imports.runs import ImportOrder, import_here
from config.lib.clock import app_now
from config.lib.problems import Problem

COUNTS = ("rows", "created", "updated", "unchanged", "failed")


class Command(BaseCommand):
    help = (
        "Take a CSV or Excel file in. Good rows are stored, the others stand in the error file with"
        " the reason. The last line is JSON; the exit code is 1 when a row failed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", help=f"one of: {', '.join(importers)}")
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would happen")
        parser.add_argument("--mapping", type=Path, metavar="FILE", help=(
            'JSON: {"columns": {"header": "field" or null}, "clear": ["field"]}'))  # fmt: skip
        parser.add_argument(
            "--all-or-nothing", action="store_true", help="store nothing when a row fails"
        )

        parser.add_argument("--sheet", default="", help="of a workbook; the first with rows")
        parser.add_argument(
            "--known",
            choices=Known.values,
            default=Known.RECORDED,
            help="declared: facts count as known since they happened (a new customer's history)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        order = _order(options)
        try:
            with options["file"].open("rb") as file:
                run = import_here(order=order, file=File(file), at=app_now())
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error
        except Problem as error:
            raise CommandError(f"{options['file'].name}: {error}") from error
        self._tell(run)

    def _tell(self, run: ImportRun) -> None:
        result = run.job.result
        error_file = run.error_file.path if run.error_file else None
        counts = {name: result[name] for name in COUNTS}
        for name in result["ignored"]:
            self.stderr.write(f"Ignored column: {name}")
        self.stdout.write(json.dumps({"import_id": run.pk, **counts, "error_file": error_file}))
        if result["failed"]:
            raise SystemExit(1)


def _order(options: dict[str, Any]) -> ImportOrder:
    if options["kind"] not in importers:
        raise CommandError(
            f"{options['kind']!r} can't be imported. Kinds there are: {', '.join(importers)}."
        )
    return ImportOrder(
        kind=options["kind"],
        file_name=options["file"].name,
        is_dry_run=options["dry_run"],
        is_all_or_nothing=options["all_or_nothing"],
        sheet=options["sheet"],
        known=options["known"],
        mapping=_mapping(options["mapping"]) if options["mapping"] else None,
        language=(get_language() or "en")[:2],
    )


def _mapping(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"{path}: {error}") from error
