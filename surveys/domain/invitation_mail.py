"""Say whom a mail addresses, as the customer's country expects it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Addressee:
    """A person at a company; any part may be blank."""

    company: str
    department: str
    title: str
    family_name: str
    given_name: str


def address(person: Addressee, *, language: str) -> str:
    """Return the addressee: company, department, title and name with 様 in Japanese, a line each.

    Without a name 御中 follows the company; in English "Dear Taro", or "Hello" without a name.
    """
    if language != "ja":
        name = person.given_name or person.family_name
        return f"Dear {name}" if name else "Hello"
    name = f"{person.family_name} {person.given_name}".strip()
    if not name:
        return f"{person.company} 御中"
    lines = [person.company, person.department, person.title, f"{name} 様"]
    return "\n".join(line for line in lines if line)
