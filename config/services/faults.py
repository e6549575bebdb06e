"""What goes wrong on a machine, said in one sentence."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class ServiceError(Exception):
    """A problem of this machine that its owner can solve; the text is the whole message."""


@contextmanager
def files_in(place: Path) -> Iterator[None]:
    """Turn an `OSError` met while writing below `place` into a sentence.

    :raises ServiceError: naming the place and what is wrong with it.
    """
    try:
        yield
    except OSError as error:
        raise ServiceError(_sentence(error, place)) from error


def disk_sentence(text: str, place: Path) -> str | None:
    """Find a full or read-only disk in a server's own words."""
    for number in (errno.ENOSPC, errno.EROFS, errno.EDQUOT):
        if _WORDS[number][0] in text:
            return _WORDS[number][1].format(place=place)
    return None


_WORDS = {
    errno.ENOSPC: (
        "No space left on device",
        "The disk that holds {place} is full: free some space or set DATA_DIR to another place.",
    ),
    errno.EROFS: (
        "Read-only file system",
        "{place} is on a read-only file system: set DATA_DIR to a place that can be written.",
    ),
    errno.EDQUOT: (
        "Disk quota exceeded",
        "The disk quota for {place} is used up: free some space or set DATA_DIR elsewhere.",
    ),
    errno.EACCES: (
        "Permission denied",
        "{place} can't be written by this user: set DATA_DIR to a place that can.",
    ),
}
_WORDS[errno.EPERM] = _WORDS[errno.EACCES]


def _sentence(error: OSError, place: Path) -> str:
    known = _WORDS.get(error.errno or 0)
    return known[1].format(place=place) if known else f"{place} can't be used: {error.strerror}."
