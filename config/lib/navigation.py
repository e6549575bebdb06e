"""What the frame links to: apps register their pages, nobody lists them.

A file `navigation.py` of an app registers `Entry` objects; it is imported when Django is ready. So
the frame never links to a page that does not exist, and a page is added without touching it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from django.utils.functional import Promise

from config.lib.addresses import address
from config.lib.registry import Registry

Text = str | Promise
Place = Literal[
    "main",
    "settings",
    "settings_home",
    "search",
    "action",
    "palette",
    "notifications",
    "person",
    "menu",
]
TABS_BESIDE_THE_ACTION = 3
IN_THE_MENU = ("main", "settings_home", "person")


@dataclass(frozen=True)
class Entry:
    """A page of the frame.

    `order` sorts within a place; `allows` hides it from users who may not open it; `count` is the
    small figure beside it; `tab` puts it into the phone's bottom bar, under `tab_label` if the
    label is too long there; `holds` returns further addresses below which it is the current one;
    `shortcut` is a key or two ("g a"). What stands at `palette` is offered by the command palette
    and its key only. `with_account` says that the page takes `?account=`, `dialog` that it opens as
    a dialog where htmx asks for it.
    """

    key: str
    label: Text
    url_name: str
    icon: str = ""
    order: int = 100
    place: Place = "main"
    shortcut: str = ""
    tab: bool = False
    tab_label: Text = ""
    allows: Callable[[Any], bool] = lambda user: True
    count: Callable[[Any], int] | None = None
    section: Text = ""
    about: Text = ""
    holds: Callable[[], tuple[str, ...]] = tuple
    with_account: bool = False
    dialog: bool = False


@dataclass(frozen=True)
class Link:
    """An entry as one user sees it on one page."""

    href: str
    label: Text
    icon: str
    place: Place
    shortcut: str
    is_current: bool
    count: int | None
    section: Text = ""
    about: Text = ""
    with_account: bool = False
    dialog: bool = False


registered: Registry[Entry] = Registry("navigation")
#: What stands in the side bar below the pages, for one user: `source(user=, request=)`.
kept: Registry[Callable[..., list[Link]]] = Registry("source of kept links")


def register_entry(entry: Entry) -> None:
    """Add a page to the frame.

    :raises DuplicateKey: when the key is taken.
    """
    registered.register(entry.key)(entry)


def entries() -> list[Entry]:
    """Return every entry by order, then key."""
    return sorted(registered.members(), key=lambda entry: entry.order)


def links(place: str, *, user: Any, path: str) -> list[Link]:
    """Return the links of a place that this user may follow."""
    return [
        _link(entry, entry.label, user, path)
        for entry in entries()
        if entry.place == place and entry.allows(user)
    ]


def kept_links(*, user: Any, request: Any) -> list[Link]:
    """Return what stands in the side bar below the pages."""
    return [link for source in kept.members() for link in source(user=user, request=request)]


def tabs(*, user: Any, path: str) -> list[Link]:
    """Return the phone's bottom bar: two pages, the main action, further pages, the menu.

    The menu is the current one on every page that only it leads to.
    """
    allowed = [entry for entry in entries() if entry.allows(user)]
    pages = [
        _link(entry, entry.tab_label or entry.label, user, path, counted=False)
        for entry in allowed
        if entry.tab and entry.place == "main"
    ][:TABS_BESIDE_THE_ACTION]
    action, menu = (links(place, user=user, path=path)[:1] for place in ("action", "menu"))
    led_to = [entry for entry in allowed if entry.place in IN_THE_MENU]
    current = [_link(entry, "", user, path, counted=False).is_current for entry in led_to]
    if any(current) and not any(link.is_current for link in pages):
        menu = [replace(link, is_current=True) for link in menu]
    return [*pages[:2], *action, *pages[2:], *menu]


def _link(entry: Entry, label: Text, user: Any, path: str, *, counted: bool = True) -> Link:
    href = address(entry.url_name)
    below = entry.holds() if href == "/" else (href, *entry.holds())
    is_current = path == href or path.startswith(below)
    count = entry.count(user) if entry.count and counted else None
    return Link(
        href,
        label,
        entry.icon,
        entry.place,
        entry.shortcut,
        is_current,
        count,
        entry.section,
        entry.about,
        entry.with_account,
        entry.dialog,
    )
