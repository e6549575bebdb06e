"""What the OpenAPI document says of each address, for tests that hold every operation to a rule."""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from drf_spectacular.generators import SchemaGenerator

from tests.routes import Route, product_routes

WRITES = ("post", "put", "patch", "delete")


@dataclass(frozen=True)
class Operation:
    """A method at an address, with the route behind it."""

    method: str
    path: str
    route: Route
    said: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.said["operationId"])

    @property
    def parameters(self) -> set[str]:
        return {one["name"] for one in self.said.get("parameters", ()) if one["in"] == "query"}

    @property
    def format(self) -> str:
        """Return how a test client writes the body."""
        return "multipart" if "multipart/form-data" in self._bodies() else "json"

    def body(self) -> dict[str, Any] | None:
        """Return the shape of the body; None for an operation that takes none."""
        for content in self._bodies().values():
            return resolved(content["schema"])
        return None

    def answer(self, status: str = "200") -> dict[str, Any]:
        content = self.said["responses"].get(status, {}).get("content", {})
        return resolved(content.get("application/json", {}).get("schema", {}))

    def _bodies(self) -> dict[str, Any]:
        content: dict[str, Any] = self.said.get("requestBody", {}).get("content", {})
        return content


@functools.cache
def document() -> dict[str, Any]:
    made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return made


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a shape with its reference followed; of several the one that is no null."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return resolved(document()["components"]["schemas"][name])
    for word in ("allOf", "oneOf", "anyOf"):
        shapes = [one for one in schema.get(word, ()) if one.get("type") != "null"]
        if len(shapes) == 1:
            return resolved(shapes[0])
    return schema


def operations() -> Iterator[Operation]:
    """Yield every operation of the document."""
    routes = {_plain(route.template): route for route in product_routes() if route.is_api}
    for path, methods in document()["paths"].items():
        for method, said in methods.items():
            if method in ("get", *WRITES) and not path.startswith("/api/schema"):
                yield Operation(method, path, routes[_plain(path)], said)


def _plain(path: str) -> str:
    """Return an address with its parameters blotted out, however they are written."""
    path = re.sub(r"\(\?P<\w+>(\\.|\[[^]]*\]|[^()])*\)|<[^>]*>|\{\w+\}", "*", path)
    return path.replace("^", "").replace("$", "").replace("\\Z", "").strip("/")
