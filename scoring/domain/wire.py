"""The bytes of an ingestion request: unpacked within a limit and read as JSON.

What is wrong here concerns the request as a whole; what is wrong with one item: `messages`.
"""

import json
import re
import zlib
from typing import Any

GZIP_WINDOW = 16 + zlib.MAX_WBITS
FAST = 1


#: Many clients repeat the write key in the body of a request that shows it in its head already.
_WRITE_KEY = re.compile(rb'"writeKey"\s*:\s*"[^"\\]*"')


class BodyRefused(ValueError):
    """The body as a whole can't be read; `code` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class NotANumber:
    """What the words NaN and Infinity, which are no JSON, are read as: their item is refused."""


def pack(text: bytes) -> bytes:
    """Compress as gzip, quickly."""
    packer = zlib.compressobj(FAST, zlib.DEFLATED, GZIP_WINDOW)
    return packer.compress(text) + packer.flush()


def unpack(body: bytes, *, limit: int) -> bytes:
    """Decompress one gzip stream, never holding more than `limit` bytes of it.

    :raises BodyRefused: `too_large` beyond the limit, `broken_gzip` when it is no whole stream.
    """
    unpacker = zlib.decompressobj(GZIP_WINDOW)
    try:
        text = unpacker.decompress(body, limit + 1)
    except zlib.error:
        raise BodyRefused("broken_gzip") from None
    if len(text) > limit:
        raise BodyRefused("too_large")
    if not unpacker.eof or unpacker.unused_data:
        raise BodyRefused("broken_gzip")
    return text


def without_secret(text: bytes) -> bytes:
    """Return a body whose write keys are blank, so that no secret is kept with what was sent."""
    return _WRITE_KEY.sub(b'"writeKey": ""', text)


def read_object(text: bytes) -> dict[str, Any]:
    """Read a JSON object in UTF-8.

    :raises BodyRefused: `not_utf8`, `not_json`, `too_deep` or `not_an_object`.
    """
    try:
        document = json.loads(text.decode("utf-8-sig"), parse_constant=lambda _: NotANumber())
    except UnicodeDecodeError:
        raise BodyRefused("not_utf8") from None
    except ValueError:
        raise BodyRefused("not_json") from None
    except RecursionError:
        raise BodyRefused("too_deep") from None
    if not isinstance(document, dict):
        raise BodyRefused("not_an_object")
    return document
