"""Minutes as a mail to the customer: what was ours alone is left out.

A line is internal when it begins with `Internal:` or `社内:`, whatever its width or case, also
behind the bullet of a list.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.domain.names import fold_width_and_case

INTERNAL_MARKS = ("internal:", "社内:")
BULLETS = " \t-–—*+・•●■□○◆※>"


def without_internal_lines(text: str) -> str:
    """Return the lines of `text` that the customer may read, without gaps at the ends."""
    kept = [line for line in text.splitlines() if not is_internal(line)]
    return "\n".join(kept).strip("\n")


def is_internal(line: str) -> bool:
    """Say whether a line is ours alone."""
    return fold_width_and_case(line).lstrip(BULLETS).startswith(INTERNAL_MARKS)


@dataclass(frozen=True)
class Section:
    """A part of the minutes under its heading."""

    heading: str
    text: str


def mail_copy(*, subject: str, sections: Sequence[Section]) -> str:
    """Return the minutes as plain text: subject, then each part that says something."""
    parts = [subject]
    for section in sections:
        text = without_internal_lines(section.text)
        if text.strip():
            parts.append(f"{section.heading}\n{text}" if section.heading else text)
    return "\n\n".join(parts)
