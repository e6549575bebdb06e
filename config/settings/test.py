"""Tests: real PostgreSQL and Valkey, fast hashing, mails kept in memory."""

from config.settings.base import *

# The owner makes the test database; tests then `SET ROLE web` (tests/conftest.py).
DATABASES = {"default": DATABASE_OWNER | {"TEST": {"TEMPLATE": env("TEST_TEMPLATE", default=None)}}}
DEBUG = False
SECRET_KEY = "only-for-tests"  # noqa: S105
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SURVEY_REQUESTS_PER_MINUTE = 100_000
REST_FRAMEWORK = REST_FRAMEWORK | {"DEFAULT_THROTTLE_RATES": {"user": "1000000/min"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STYLEGUIDE = True

# Concrete tables for the abstract models of config.lib.
INSTALLED_APPS += ["tests.config.lib"]

# A rung bell runs its tasks at once; tests of the broker itself switch this off.
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
