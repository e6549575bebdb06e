"""`backtest`: would a scorecard have known who was lost? Replayed over past months."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.lib.clock import app_now
from config.lib.problems import Problem
from scoring.management.report_texts import backtest_lines
from scoring.management.reports import carry_out, version_called, write_json, write_lines
from scoring.selectors.backtest import HORIZON_DAYS, MONTHS
from scoring.services.validations import request_backtest


class Command(BaseCommand):
    help = "Replay a scorecard over past months and tell how well it announced losses."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "scorecard",
            metavar="SCORECARD",
            help="its key; key:number for a certain version, else the newest draft or what acts",
        )
        parser.add_argument(
            "--months", type=int, default=MONTHS, help=f"month ends to judge ({MONTHS})"
        )
        parser.add_argument(
            "--days",
            type=int,
            default=HORIZON_DAYS,
            help=f"days ahead within which a loss is to be told ({HORIZON_DAYS})",
        )
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            version = version_called(options["scorecard"])
            asked = request_backtest(
                scorecard=version.scorecard,
                version=version,
                months=options["months"],
                horizon_days=options["days"],
                at=app_now(),
            )
        except ValidationError as refusal:
            raise CommandError("; ".join(refusal.messages)) from refusal
        except Problem as refusal:
            raise CommandError(str(refusal)) from refusal
        report = carry_out(asked)
        if options["json"]:
            write_json(self, report)
        else:
            write_lines(self, backtest_lines(report))
