"""Entry point of the web server (WSGI)."""

import gc
import os
from typing import Any

from django.core.signals import request_finished
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.prod")
application = get_wsgi_application()

#: So many objects may be left over before cycles among them are looked for, after a page.
LEFT_OVER = 10_000
#: So many passes over the young objects go before one over those that outlived them.
YOUNG_PASSES = 20


def look_for_cycles(**_signal: Any) -> None:
    """Let go of what pages left over, while nobody waits."""
    young, middle, old = gc.get_count()
    if young > LEFT_OVER:
        gc.collect(2 if old > YOUNG_PASSES else 1 if middle > YOUNG_PASSES else 0)


# What is loaded stays. Looking through it again and again cost a page in thirty 100 ms more.
# A page makes some 100,000 objects and lets go of nearly all of them by itself; a few thousand
# are left in cycles. Within a page nobody looks for them, unless it leaves 100,000; the answer is
# sent first.
list(get_resolver().url_patterns)
gc.collect()
gc.freeze()
gc.set_threshold(100_000, YOUNG_PASSES, YOUNG_PASSES)
request_finished.connect(look_for_cycles)
