"""`run_due`: do everything that is due now in this process, without worker or broker."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from config.lib.clock import app_now
from config.lib.due import do_due_work


class Command(BaseCommand):
    help = (
        "Do everything that is due now in this process: events, dirty accounts, transitions,"
        " playbook steps, outboxes. The last line is JSON with a count per kind."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        counts = do_due_work(clock=app_now)
        self.stdout.write(json.dumps(counts, sort_keys=True))
