"""How long `make demo` takes from an empty data directory until its pages answer.

Beside it, as the floor of the same run, the time in which Python loads the product once. What is
installed already is not installed again. Run with
`python -m benchmarks.bench_demo [ACCOUNTS]`.
"""

import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.common import keep
from config.services.addresses import ROOT
from config.services.stack import stack_in

ACCOUNTS, LOADS = 300, 3
READY = "Ready: "
#: What the demo itself says when a step begins, and what the step is called here.
STEPS = {"Operations to perform": "tables", "Organisation,": "data", "Health of": "health"}


def load() -> float:
    """Return the seconds in which Python loads the product."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import django; django.setup()"], check=True, cwd=ROOT)
    return time.perf_counter() - started


def demo(place: str, accounts: int) -> dict[str, float]:
    """Start the demo, wait until it is ready, end it; return seconds from the start by step."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    own = {"DATA_DIR": place, "PORT": port, "DEMO_ACCOUNTS": str(accounts)}
    given = {
        key: value for key, value in os.environ.items() if not key.startswith(("DATABASE", "REDIS"))
    }
    started, reached = time.perf_counter(), {}
    run = subprocess.Popen(
        [sys.executable, "-m", "config.services.demo"], cwd=ROOT, env=given | own, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    try:
        for line in run.stdout or ():
            for words, step in STEPS.items():
                if words in line:
                    reached.setdefault(step, round(time.perf_counter() - started, 1))
            if READY in line:
                return reached | {"ready": round(time.perf_counter() - started, 1)}
        raise RuntimeError("the demo ended before it was ready")
    finally:
        os.killpg(run.pid, signal.SIGINT)
        run.wait()
        stack_in(Path(place)).stop()


def main() -> int:
    """Measure once and keep the figures."""
    accounts = int(sys.argv[1]) if len(sys.argv) > 1 else ACCOUNTS
    floor = statistics.median(load() for _ in range(LOADS))
    with tempfile.TemporaryDirectory(prefix="yorisoi-bench-", dir="/tmp") as place:
        reached = demo(place, accounts)
    result = {
        "accounts": accounts,
        "seconds": reached,
        "floor_s": round(floor, 2),
        "ratio": round(reached["ready"] / floor, 1),
    }
    keep("demo", result)
    print(result)
    return 0


if __name__ == "__main__":
    sys.exit(main())
