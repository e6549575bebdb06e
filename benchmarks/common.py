"""What the measurements share: where figures go, and the login they are taken with."""

import json
import os
import time
from pathlib import Path
from typing import Any

from django.db import connection

HERE = Path(__file__).parent


def keep(name: str, result: dict[str, Any]) -> None:
    """Write figures to `results/NAME.json`, or below the directory `BENCH_RESULTS` names."""
    place = Path(os.environ.get("BENCH_RESULTS", HERE / "results"))
    place.mkdir(exist_ok=True)
    text = json.dumps(result, indent=2, ensure_ascii=False)
    (place / f"{name}.json").write_text(text + "\n", "utf-8")


def serve_as(login: str) -> None:
    """Work with a login of the database; the settings of `web` are part of the speed."""
    connection.close()
    connection.settings_dict["USER"] = login


def cpu_ms() -> float:
    """Return the CPU in ms that this process and its session of the database have had (Linux)."""
    connection.ensure_connection()
    backend = connection.connection.info.backend_pid
    theirs = int(Path(f"/proc/{backend}/schedstat").read_text().split()[0])
    return (time.process_time_ns() + theirs) / 1e6
