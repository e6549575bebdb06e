"""Development and the try-out demo: debug off by default in the demo, no secret needed."""

import environ

from config.services.addresses import ROOT, point_at_embedded_servers

environ.Env.read_env(ROOT / ".env")
point_at_embedded_servers()

from config.settings.base import *  # noqa: E402

DEBUG = env.bool("DEBUG", default=True)
SECRET_KEY = env.str("SECRET_KEY", default="only-for-development-and-the-demo")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
STYLEGUIDE = env.bool("STYLEGUIDE", default=DEBUG)
OUTBOX_SHOWS_LINKS = env.bool("OUTBOX_SHOWS_LINKS", default=True)
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
