"""Build `.venv` from locked requirements, with nothing but Python's standard library.

Run by path, before any requirement is there: it may import nothing of the project.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

if sys.platform != "win32":
    import fcntl

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "requirements.stamp"
PYTHON = VENV / "bin" / "python"


def main(requirements: str) -> str | None:
    """Make sure that `.venv` holds `requirements`; return a sentence if it can't be done."""
    if sys.version_info < (3, 11):  # noqa: UP036 (the project asks for more, this machine has less)
        return f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}."
    if sys.platform == "win32":
        return "Windows has no embedded servers: set DATABASE_URL and REDIS_URL, or use WSL."
    wanted = ROOT / requirements
    try:
        with wanted.open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if _digest(wanted) in _stamped():
                return None
            return _build_venv() or _install(wanted)
    except OSError as error:
        return f"{VENV} can't be written: {error.strerror}."


def _build_venv() -> str | None:
    if _is_of_this_python() and _run([PYTHON, "-m", "pip", "--version"]).returncode == 0:
        return None
    try:
        import ensurepip  # noqa: F401
        import venv
    except ImportError:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        return f"Python's venv module is missing: on Debian or Ubuntu run `apt install {package}`."
    print(f"Making the virtualenv {VENV} …", flush=True)
    try:
        venv.create(VENV, with_pip=True, clear=True, symlinks=True)
    except subprocess.CalledProcessError as error:
        return f"The virtualenv {VENV} could not be made: {error}."
    return None


def _is_of_this_python() -> bool:
    """Say whether there is a virtualenv, made by the Python that runs now."""
    made = VENV / "pyvenv.cfg"
    here = Path(getattr(sys, "_base_executable", sys.executable)).parent
    return PYTHON.is_file() and made.is_file() and f"home = {here}\n" in made.read_text()


def _install(wanted: Path) -> str | None:
    print(f"Installing {wanted.name}, once and for a minute or so …", flush=True)
    STAMP.unlink(missing_ok=True)
    pip: list[str | Path] = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--require-hashes",
        "--only-binary=:all:",
    ]
    pip += [
        "--disable-pip-version-check",
        "--no-input",
        "--progress-bar=off",
        "--quiet",
        "-r",
        wanted,
    ]
    if subprocess.run(pip, check=False).returncode:
        return f"The packages of {wanted.name} could not be installed: pip says why above."
    covered = [wanted, ROOT / "requirements.txt"]
    STAMP.write_text("".join(f"{_digest(path)}\n" for path in covered))
    return None


def _stamped() -> list[str]:
    return STAMP.read_text().split() if STAMP.is_file() and PYTHON.is_file() else []


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes() + sys.version.encode()).hexdigest()


def _run(command: list[str | Path]) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command, check=False, capture_output=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
