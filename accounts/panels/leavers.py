"""What of accounts hangs on a colleague and is handed over when one leaves."""

from django.utils.translation import ngettext

from accounts.registry import Handover, handovers
from accounts.services.handovers import give_roles, give_todos, roles_of, todos_at, todos_of


def _roles(count: int) -> str:
    return ngettext("%(n)s role on an account", "%(n)s roles on accounts", count) % {"n": count}


def _todos(count: int) -> str:
    return ngettext("%(n)s open to-do", "%(n)s open to-dos", count) % {"n": count}


# Roles first: who holds one sees the account that to-dos and tasks are about.
handovers.register("1_roles")(Handover("1_roles", roles_of, give_roles, _roles))
handovers.register("2_todos")(Handover("2_todos", todos_of, give_todos, _todos, todos_at))
