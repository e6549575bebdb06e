"""Logs as JSON lines: each with the id of its request or task, none with what people wrote.

Addresses are logged as routes, never as paths: a survey link's path is a secret.
"""

import logging
from typing import Any

import structlog
from celery.signals import setup_logging, task_postrun, task_prerun

PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]


class RoutesForPaths(logging.Filter):
    """Django names the path of a request that failed: name its route instead."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        path = getattr(request, "path", None)
        if path and isinstance(record.args, tuple):
            match = getattr(request, "resolver_match", None)
            route = match.route if match else "unknown route"
            record.args = tuple(route if part == path else part for part in record.args)
        return True


class AnsweredProbes(logging.Filter):
    """A probe answered "not ready" was told so: that is an answer, not an error of ours."""

    def filter(self, record: logging.LogRecord) -> bool:
        match = getattr(getattr(record, "request", None), "resolver_match", None)
        return bool(record.exc_info) or match is None or match.view_name != "readyz"


def logging_settings(*, level: str, as_json: bool) -> dict[str, Any]:
    """Return Django's LOGGING: one line an entry, JSON or (`as_json` off) for human eyes."""
    last: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
    if not as_json:
        last = structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": PROCESSORS,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    last,
                ],
            }
        },
        "filters": {"routes": {"()": RoutesForPaths}, "probes": {"()": AnsweredProbes}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": ["probes", "routes"],
            }
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            "django.request": {"level": "ERROR"},
            # At DEBUG it writes what a template was given, names and talks of customers included.
            "django.template": {"level": "INFO"},
            "celery.app.trace": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
        },
    }


def configure_structlog() -> None:
    """Have structlog's loggers write through the logging of the standard library."""
    structlog.configure(
        processors=[*PROCESSORS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


@setup_logging.connect
def keep_our_logging(**_: Any) -> None:
    """Stop Celery from replacing what Django's settings configured."""


@task_prerun.connect
def bind_task(task_id: str, task: Any, **_: Any) -> None:
    structlog.contextvars.bind_contextvars(task_id=task_id, task=task.name)


@task_postrun.connect
def unbind_task(**_: Any) -> None:
    structlog.contextvars.unbind_contextvars("task_id", "task")
