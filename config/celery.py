"""Celery: the engine that carries out what rows in PostgreSQL say is to be done.

The broker is only a bell (see RELIABILITY in ARCHITECTURE.md): losing, doubling or delaying a
message changes nothing, so results are ignored and every task is safe to run again.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

app = Celery("yorisoi")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
