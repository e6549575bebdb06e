"""`manage.py reapply_erasures`: after a restore, erase again who was erased since the backup."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from accounts.services.privacy.erasure import reapply_erasures
from config.lib.clock import app_now


class Command(BaseCommand):
    """Apply every erasure on record and in the ledger; the last line is JSON with their number."""

    help = "Erases again everybody who was erased. Run it after every restore, before serving."

    def handle(self, *args: Any, **options: Any) -> None:
        count = reapply_erasures(at=app_now())
        self.stdout.write(json.dumps({"erasures": count}))
