"""Put values into a survey's wording: `{{product}}` becomes the product's name.

One pass only, so that a value never brings a placeholder of its own to life.
"""

import re
from collections.abc import Mapping

_NAME = re.compile(r"\{\{([a-z_]+)\}\}")


def fill(text: str, values: Mapping[str, str]) -> str:
    """Replace each `{{name}}`; a name without a value is left out."""
    return _NAME.sub(lambda match: values.get(match[1], ""), text)
