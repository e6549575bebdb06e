"""Who writes: one transaction whose history rows carry a name, also outside of requests."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pghistory
from django.db import transaction

from accounts.models import User


@contextmanager
def written_by(by: User | None) -> Iterator[None]:
    """Open a transaction; its history names `by`, or whoever the request has named already."""
    with ExitStack() as stack:
        stack.enter_context(transaction.atomic())
        if by is not None:
            stack.enter_context(pghistory.context(user=by.pk))
        yield
