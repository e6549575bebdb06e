"""What a role may see and change where the organisation has not decided otherwise.

The default keeps every role but the administrator inside its own team (teams nest, so whoever
stands above sees all below). An organisation widens it per role and kind of record.
"""

_ALL_ROLES = {
    # role: (read, write) for every kind not named below
    "administrator": ("all", "all"),
    "manager": ("own_team", "own_team"),
    "member": ("own_team", "own_team"),
    "viewer": ("own_team", "none"),
    "privacy_officer": ("none", "none"),
}
_EXCEPTIONS = {
    ("privacy_officer", "account"): ("all", "none"),
    ("privacy_officer", "contact"): ("all", "all"),
    ("privacy_officer", "survey"): ("all", "all"),
}


def default_scope(*, role: str, kind: str, write: bool) -> str:
    """Return `none`, `own_team` or `all`; an unknown role reaches nothing."""
    scopes = _EXCEPTIONS.get((role, kind)) or _ALL_ROLES.get(role) or ("none", "none")
    return scopes[1 if write else 0]
