"""How gunicorn serves in production; two cores carry four threads each.

`forwarded_allow_ips` names the proxies whose X-Forwarded-Proto is believed: behind a proxy on
another machine set FORWARDED_ALLOW_IPS to its address.
"""

import os
import shutil
from pathlib import Path

bind = os.environ.get("BIND", "0.0.0.0:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
timeout = 60
graceful_timeout = 30
max_requests = 20_000
max_requests_jitter = 2_000
control_socket_disable = True
errorlog = "-"


def on_starting(server: object) -> None:
    """Begin with empty counters: those of the processes before would be counted again."""
    if directory := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        shutil.rmtree(directory, ignore_errors=True)
        Path(directory).mkdir(parents=True, exist_ok=True)
