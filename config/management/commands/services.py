"""`services`: the embedded PostgreSQL and Valkey of this clone."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.services.addresses import data_directory
from config.services.faults import ServiceError
from config.services.stack import Stack, stack_in


class Command(BaseCommand):
    help = "Start, stop or show the embedded PostgreSQL and Valkey; `env` prints their addresses."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["start", "stop", "status", "env"])

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        try:
            stack = stack_in(data_directory())
            getattr(self, f"_{action}")(stack)
        except ServiceError as error:
            raise CommandError(str(error)) from error

    def _start(self, stack: Stack) -> None:
        for name in ("DATABASE_URL", "REDIS_URL"):
            if os.environ.get(name, stack.environment()[name]) != stack.environment()[name]:
                raise CommandError(f"{name} names a server of your own: nothing was started.")
        stack.start()
        self._status(stack)

    def _stop(self, stack: Stack) -> None:
        stack.stop()
        self._status(stack)

    def _status(self, stack: Stack) -> None:
        for name, runs in stack.status().items():
            self.stdout.write(f"{name}: {'running' if runs else 'stopped'}")

    def _env(self, stack: Stack) -> None:
        for name, value in stack.environment().items():
            self.stdout.write(f"{name}={value}")
