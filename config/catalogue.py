"""The Japanese catalogue, kept with Python only: fresh machines have no GNU gettext tools.

English is the source and needs no catalogue. Texts are collected from Python and templates; the
Japanese comes from `locale/ja/LC_MESSAGES/django.po` and from `locale/parts/*.po`, where several
people can add their words without touching one file. No line numbers, sorted: nothing to conflict.
"""

import os
import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

SOURCE_FOLDERS = ("config", "accounts", "surveys", "scoring", "playbooks")
TEMPLATE_ENDINGS = {".html", ".txt"}
CATALOGUE = Path("locale/ja/LC_MESSAGES/django.po")
PARTS = Path("locale/parts")
HEADER = """\
# Japanese texts of Yorisoi. Written by `manage.py messages`; put the Japanese in by hand.
msgid ""
msgstr ""
"Project-Id-Version: yorisoi\\n"
"Language: ja\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
KEYWORDS = {
    name + lazy: spec
    for name, spec in {
        "gettext": None,
        "ngettext": (1, 2),
        "pgettext": ((1, "c"), 2),
        "npgettext": ((1, "c"), 2, 3),
    }.items()
    for lazy in ("", "_lazy")
} | {"_": None, "gettext_noop": None}
PLACEHOLDER = re.compile(r"%\((\w+)\)")


def collect(root: Path) -> Catalog:
    """Collect every text of the code and the templates, without translations."""
    catalogue = Catalog(locale="ja")
    for path in _sources(root):
        content = path.read_text(encoding="utf-8")
        if path.suffix in TEMPLATE_ENDINGS:
            content = templatize(content, origin=str(path))
        for _line, text, _comments, context in extract(
            "python", BytesIO(content.encode()), keywords=KEYWORDS
        ):
            catalogue.add(text, context=context)
    return catalogue


def translated(root: Path) -> Catalog:
    """Collect every text and give it the Japanese of the catalogue, else of a part."""
    catalogue = collect(root)
    for known in _translations(root):
        for message in known:
            wanted = catalogue.get(message.id, message.context) if message.id else None
            if wanted is not None and not _is_translated(wanted):
                wanted.string = _as_written(message, wanted)
                wanted.flags |= message.flags & {"fuzzy"}
    return catalogue


def as_text(catalogue: Catalog) -> str:
    """Write a catalogue the one way it is stored."""
    body = BytesIO()
    write_po(body, catalogue, width=100, no_location=True, omit_header=True, sort_output=True)
    return HEADER + body.getvalue().decode().strip() + "\n"


def faults(root: Path) -> Iterator[str]:
    """Say what is wrong: a stale file, a text without Japanese, a fuzzy one, a lost placeholder."""
    catalogue = translated(root)
    path = root / CATALOGUE
    if not path.is_file() or path.read_text(encoding="utf-8") != as_text(catalogue):
        yield f"{CATALOGUE} is stale: run `manage.py messages`"
    for message in sorted(message for message in catalogue if message.id):
        name = _first(message.id)
        if not _is_translated(message):
            yield f"no Japanese: {name!r}"
        elif message.fuzzy:
            yield f"fuzzy: {name!r}"
        elif not _placeholders(message.string) <= _placeholders(message.id):
            yield f"unknown placeholder: {name!r}"


def compile_catalogue(root: Path) -> Path:
    """Write the binary catalogue that gettext reads, next to its source, and return its path."""
    target = (root / CATALOGUE).with_suffix(".mo")
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_suffix(f".{os.getpid()}.new")
    catalogue = translated(root)
    for message in [one for one in catalogue if one.id and not _is_translated(one)]:
        catalogue.delete(message.id, message.context)
    with fresh.open("wb") as file:
        write_mo(file, catalogue)
    fresh.replace(target)
    return target


def is_compiled(root: Path) -> bool:
    """Whether the binary catalogue is at least as new as its sources."""
    target = (root / CATALOGUE).with_suffix(".mo")
    sources = [path for path in _po_files(root) if path.is_file()]
    return target.is_file() and all(
        path.stat().st_mtime <= target.stat().st_mtime for path in sources
    )


def _sources(root: Path) -> Iterator[Path]:
    for folder in SOURCE_FOLDERS:
        for path in sorted((root / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path
    for path in sorted((root / "templates").rglob("*")):
        if path.suffix in TEMPLATE_ENDINGS:
            yield path


def _po_files(root: Path) -> list[Path]:
    return [root / CATALOGUE, *sorted((root / PARTS).glob("*.po"))]


def _translations(root: Path) -> Iterator[Catalog]:
    for path in _po_files(root):
        if path.is_file():
            with path.open("rb") as file:
                yield read_po(file, locale="ja")


def _as_written(message: Message, wanted: Message) -> str | tuple[str, ...]:
    """A text that has a plural stores a tuple, even for Japanese, which has one form."""
    strings = _strings(message.string)
    return tuple(strings) if isinstance(wanted.id, tuple) else strings[0]


def _is_translated(message: Message) -> bool:
    return all(_strings(message.string))


def _strings(value: str | Iterable[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [""])


def _first(value: str | Iterable[str] | None) -> str:
    return _strings(value)[0]


def _placeholders(value: str | Iterable[str] | None) -> set[str]:
    return {name for string in _strings(value) for name in PLACEHOLDER.findall(string)}
