"""Name the Python that serves best: one built from source without optimisation is a third slower.

Distributions build theirs with profile guidance; a version manager compiles without it unless told
otherwise. Run by path, before any requirement is there: it may import nothing of the project.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path

SYSTEM = Path("/usr/bin/python3")
SERVES = "import ensurepip, sys; sys.exit(sys.version_info < (3, 11))"


def best() -> str:
    """Return this Python's path, or the system's where this one is slower and that one serves."""
    is_optimised = "--enable-optimizations" in (sysconfig.get_config_var("CONFIG_ARGS") or "")
    here = Path(sys.executable)
    is_linux = sys.platform == "linux"  # elsewhere the system's own is for the system
    if is_optimised or not is_linux or here.parent == SYSTEM.parent or not SYSTEM.is_file():
        return str(here)
    tried = subprocess.run([SYSTEM, "-c", SERVES], check=False, capture_output=True)
    return str(here if tried.returncode else SYSTEM)


if __name__ == "__main__":
    sys.stdout.write(best())
