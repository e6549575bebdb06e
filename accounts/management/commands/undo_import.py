"""`undo_import ID`: take an import back within this process; the last line is JSON."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import ImportRun
from accounts.services.imports.undo import kept_of, undo_here
from config.lib.clock import app_now
from config.lib.problems import Problem


class Command(BaseCommand):
    help = (
        "Take an import back. What was edited since stays and is named; then the exit code is 1."
        " The last line is JSON."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", type=int, help="import_id, as import_data printed it")

    def handle(self, *args: Any, **options: Any) -> None:
        run = ImportRun.objects.select_related("job").filter(pk=options["id"]).first()
        if run is None:
            raise CommandError(f"There is no import {options['id']}.")
        try:
            undo = undo_here(run=run, at=app_now())
        except Problem as error:
            raise CommandError(str(error)) from error
        for kept in kept_of(undo):
            self.stderr.write(f"{kept.record}: {kept.words}")
        result = undo.job.result
        counts = {name: result[name] for name in ("created", "updated", "recorded")}
        self.stdout.write(json.dumps({"import_id": run.pk, **counts, "kept": result["kept_count"]}))
        if result["kept_count"]:
            raise SystemExit(1)
