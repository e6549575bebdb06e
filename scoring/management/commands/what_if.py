"""`what_if`: what a version of a scorecard would do to the book, before anybody is affected."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.lib.clock import app_now
from config.lib.problems import Problem
from scoring.management.report_texts import what_if_lines
from scoring.management.reports import carry_out, version_called, write_json, write_lines
from scoring.services.validations import request_what_if


class Command(BaseCommand):
    help = (
        "Compare a version of a scorecard with the acting one over the whole book; changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "version",
            metavar="SCORECARD_VERSION",
            help="key and number, as standard:3; the key alone means its newest draft",
        )
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            version = version_called(options["version"])
            asked = request_what_if(version=version, at=app_now())
        except Problem as refusal:
            raise CommandError(str(refusal)) from refusal
        report = carry_out(asked)
        if options["json"]:
            write_json(self, report)
        else:
            write_lines(self, what_if_lines(report))
