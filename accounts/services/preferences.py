"""What people choose for themselves: language and theme of their pages."""

from accounts.models import User


def set_preferences(*, user: User, language: str = "", theme: str = "") -> None:
    """Store the language and theme a person chose; an empty one stays as it is."""
    chosen = {"language": language, "theme": theme}
    changed = [name for name, value in chosen.items() if value and getattr(user, name) != value]
    for name in changed:
        setattr(user, name, chosen[name])
    if changed:
        user.save(update_fields=changed)
