"""Where the embedded servers of a data directory answer, told without touching either.

The sockets can't live in the data directory, whose path may be longer than the 107 bytes of a
socket's address: they get a short directory of their own, named after the data directory.
"""

import hashlib
import os
from pathlib import Path

DATABASE = "yorisoi"
ROOT = Path(__file__).resolve().parent.parent.parent


def data_directory() -> Path:
    """Return the data directory: DATA_DIR, else `.data` in the clone."""
    return (ROOT / os.environ.get("DATA_DIR", ".data")).resolve()


def digest(data_dir: Path) -> str:
    """Return a short name for a data directory."""
    return hashlib.sha256(str(data_dir).encode()).hexdigest()[:12]


def socket_directory(data_dir: Path) -> Path:
    """Return where the sockets of a data directory lie."""
    return Path("/tmp") / f"yorisoi-{_user_id()}-{digest(data_dir)}"  # noqa: S108


def server_environment(sockets: Path) -> dict[str, str]:
    """Return the variables that point Django at the servers behind `sockets`."""
    return {
        "DATABASE_URL": f"postgres://web@/{DATABASE}?host={sockets}",
        "DATABASE_OWNER_URL": f"postgres://owner@/{DATABASE}?host={sockets}",
        "REDIS_URL": f"unix://{sockets}/valkey.sock?db=0",
    }


def point_at_embedded_servers() -> None:
    """Let this process use the servers of the data directory, unless it was told of others."""
    ours = server_environment(socket_directory(data_directory()))
    if "DATABASE_URL" in os.environ:
        ours = {"REDIS_URL": ours["REDIS_URL"]}
    for name, value in ours.items():
        os.environ.setdefault(name, value)


def _user_id() -> int:
    return os.geteuid() if hasattr(os, "geteuid") else 0
