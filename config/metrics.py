"""What Prometheus may count: answers by route, and at each scrape the state of the installation.

Several web processes share their counters through files where PROMETHEUS_MULTIPROC_DIR is set.
"""

import os
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.process_collector import ProcessCollector

from config.heartbeat import broker
from config.readiness import readiness

QUEUES = ("default", "mail", "recompute", "import")
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5)

_local = CollectorRegistry()
answer_seconds = Histogram(
    "yorisoi_http_answer_seconds",
    "Seconds from request to answer, by route.",
    ["method", "route"],
    buckets=BUCKETS,
    registry=_local,
)
answers = Counter(
    "yorisoi_http_answers", "Answers by route and status.", ["route", "status"], registry=_local
)


class Installation:
    """Gauges that are read when Prometheus asks."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        checks = GaugeMetricFamily("yorisoi_ready", "1 if the check passes.", labels=["check"])
        findings = readiness()
        for name, finding in findings.items():
            checks.add_metric([name], float(finding.ok))
        yield checks
        beat = findings["beat"].detail
        if isinstance(beat, int):
            yield GaugeMetricFamily("yorisoi_beat_age_seconds", "Age of the last beat.", value=beat)
        if findings["broker"].ok:
            waiting = GaugeMetricFamily("yorisoi_queue_length", "Waiting tasks.", labels=["queue"])
            for queue in QUEUES:
                waiting.add_metric([queue], broker().llen(queue))
            yield waiting


def registry() -> CollectorRegistry:
    """Return everything to answer a scrape with."""
    fresh = CollectorRegistry()
    fresh.register(Installation())
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(fresh)  # type: ignore[no-untyped-call]
        return fresh
    for collector in (answer_seconds, answers, ProcessCollector(registry=None)):
        fresh.register(collector)
    return fresh
