"""`make bench`: each benchmark in turn, on durable servers of its own that go when it ends.

Every `bench_*.py` prints its figures beside a floor of the same run and writes them as JSON to
`results/`. With `DATABASE_URL` and `REDIS_URL` set, those servers are used instead.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from config.services.stack import stack_in

HERE = Path(__file__).parent


def main() -> int:
    """Run every benchmark and return how many failed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    os.environ.setdefault("DEBUG", "false")
    if {"DATABASE_URL", "REDIS_URL"} <= os.environ.keys():
        return run_all()
    failed = 0
    for name in benchmarks():
        with tempfile.TemporaryDirectory(prefix="yorisoi-bench-", dir="/tmp") as place:
            stack = stack_in(Path(place))
            stack.start(tied=True)
            try:
                os.environ.update(stack.environment())
                # A floor is a bare table of its own, which only the owner may make.
                os.environ["DATABASE_URL"] = os.environ["DATABASE_OWNER_URL"]
                failed += run_one(name)
            finally:
                stack.stop()
    return failed


def run_all() -> int:
    return sum(run_one(name) for name in benchmarks())


def benchmarks() -> list[str]:
    return sorted(path.stem for path in HERE.glob("bench_*.py"))


def run_one(name: str) -> int:
    print(f"== {name.removeprefix('bench_')}", flush=True)
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=HERE.parent, check=True)
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{name}"], cwd=HERE.parent, check=False
    )
    return int(done.returncode != 0)


if __name__ == "__main__":
    sys.exit(main())
