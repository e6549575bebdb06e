"""What a form of nested rows sends, as a tree of texts: names are paths such as `gates/0/text_en`.

Every button sends the whole form with what it wants done (`do`), so that rows are added, removed
and moved without a script. Nothing here knows what the rows mean.
"""

from collections.abc import Iterable, Mapping
from typing import Any

#: Rows of one list, and levels of names; what lies beyond is not read.
MOST_ROWS, DEEPEST = 200, 24
#: A dict of nodes, a list of dicts, or what was typed.
Node = dict[str, Any]


def tree_of(sent: Mapping[str, str], *, known: Iterable[str]) -> Node:
    """Return the fields whose path begins with a known word as nested dicts and lists."""
    wanted = set(known)
    root: Node = {}
    for name, value in sent.items():
        parts = name.split("/")
        if parts[0] in wanted and len(parts) <= DEEPEST and all(parts):
            _put(root, parts, value)
    return {key: _lists(node) for key, node in root.items()}


def text_at(node: Any, key: str) -> str:
    """Return what was typed at a key, without spaces around; nothing where there is none."""
    value = node.get(key, "") if isinstance(node, Mapping) else ""
    return value.strip() if isinstance(value, str) else ""


def rows_at(node: Any, key: str) -> list[Node]:
    """Return the rows at a key; nothing where there are none."""
    value = node.get(key) if isinstance(node, Mapping) else None
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def list_at(root: Node, path: str) -> list[Any] | None:
    """Return the list a path leads to, None where it leads to none."""
    node: Any = root
    for part in path.split("/"):
        if isinstance(node, list):
            node = node[int(part)] if part.isdigit() and int(part) < len(node) else None
        elif isinstance(node, Mapping):
            node = node.get(part)
        else:
            return None
    return node if isinstance(node, list) else None


def row_at(root: Node, path: str) -> tuple[list[Any], int] | None:
    """Return the list a row stands in and its place, None where there is no such row."""
    above, _slash, last = path.rpartition("/")
    rows = list_at(root, above) if above else None
    if rows is None or not (last.isascii() and last.isdigit() and int(last) < len(rows)):
        return None
    return rows, int(last)


def remove_row(root: Node, path: str) -> None:
    """Take a row out."""
    if found := row_at(root, path):
        rows, place = found
        del rows[place]


def move_row(root: Node, path: str, by: int) -> None:
    """Move a row by one place; at the end of its list it goes over to the neighbouring one."""
    found = row_at(root, path)
    if found is None:
        return
    rows, place = found
    if 0 <= place + by < len(rows):
        rows.insert(place + by, rows.pop(place))
    elif (beyond := _neighbour(root, path, by)) is not None:
        row = rows.pop(place)
        beyond.insert(0 if by > 0 else len(beyond), row)


def _neighbour(root: Node, path: str, by: int) -> list[Any] | None:
    """Return the list of the same name in the row before or after the one this list is in."""
    parts = path.split("/")
    if len(parts) < 4 or not parts[-3].isdigit():
        return None
    place = int(parts[-3]) + by
    holder = row_at(root, "/".join([*parts[:-3], str(place)])) if place >= 0 else None
    if holder is None:
        return None
    rows, index = holder
    beyond: list[Any] = rows[index].setdefault(parts[-2], [])
    return beyond


def _put(root: Node, parts: list[str], value: str) -> None:
    node = root
    for part in parts[:-1]:
        below = node.setdefault(part, {})
        if not isinstance(below, dict):
            return
        node = below
    if not isinstance(node.get(parts[-1]), dict):
        node[parts[-1]] = value


def _lists(node: Any) -> Any:
    """Turn dicts whose keys are all numbers into lists in the order of the numbers."""
    if not isinstance(node, dict):
        return node
    if node and all(key.isascii() and key.isdigit() and len(key) < 6 for key in node):
        numbered = sorted((int(key), below) for key, below in node.items())[:MOST_ROWS]
        return [_lists(below) for _number, below in numbered]
    return {key: _lists(below) for key, below in node.items()}
