"""Wire the product together: settings, urls, Celery and the commands that span apps.

Owns no customer data. `config.lib` is the small kernel below all apps; `config.services`
starts the embedded PostgreSQL and Valkey; everything else here sits above the apps.
"""

from config.celery import app as celery_app

__all__ = ["celery_app"]
