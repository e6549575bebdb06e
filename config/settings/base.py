"""What every environment shares. Values come from the environment (see `.env.example`)."""

import re
from pathlib import Path

import environ
import pgtrigger
from csp.constants import NONCE, NONE, SELF

from config.lib.history import TRACKERS
from config.logs import configure_structlog, logging_settings
from config.services.addresses import data_directory
from config.settings.addresses import is_this_machine
from config.settings.oidc import oidc_apps, oidc_origins

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent.parent
if (BASE_DIR / ".env").is_file():
    env.read_env(BASE_DIR / ".env")

SITE_URL = env.str("SITE_URL", default="http://localhost:8000")
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

INSTALLED_APPS = [
    "config",
    "accounts",
    "surveys",
    "scoring",
    "playbooks",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "django_cotton",
    "csp",
    "pgtrigger",
    "pghistory",
]

MIDDLEWARE = [
    "config.request_log.RequestLogMiddleware",
    "config.lib.once.OnceMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.NotStoredMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "config.middleware.PreferencesMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.HistoryMiddleware",
    "config.lib.problem_pages.ProblemMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "config.context_processors.frame",
            ],
            "builtins": [
                "config.templatetags.yorisoi",
                "config.templatetags.told",
                "config.templatetags.marks",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
COTTON_DIR = "components"
COTTON_ISOLATE_BY_DEFAULT = True  # a component sees its attributes, never its page's variables

# --- Database: one dialect everywhere. DATABASE_URL is the `web` login, which serves;
# DATABASE_OWNER_URL is the owner of the tables, who migrates (config/database/roles.toml).
DATABASES = {"default": env.db("DATABASE_URL", default="postgres:///yorisoi")}
DATABASES["default"]["ATOMIC_REQUESTS"] = False
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if pool_size := env.int("DATABASE_POOL_SIZE", default=0):
    pool = {"min_size": 1, "max_size": pool_size, "timeout": 5}
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = pool
DATABASE_OWNER = env.db(
    "DATABASE_OWNER_URL", default=env.str("DATABASE_URL", "postgres:///yorisoi")
)

# --- Celery: rows are the truth, the broker is only the bell.
REDIS_URL = env.str("REDIS_URL", default="redis://localhost:6379/0")
CELERY_BROKER_URL = re.sub(r"^unix:(.*)\?db=", r"redis+socket:\1?virtual_host=", REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 1800
CELERY_TASK_SOFT_TIME_LIMIT = 1700
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "accounts.tasks.run_imports": {"queue": "import"},
    "accounts.tasks.run_exports": {"queue": "import"},
    "accounts.tasks.run_erasures": {"queue": "import"},
    "scoring.tasks.run_validations": {"queue": "import"},
}
CELERY_TASK_PUBLISH_RETRY_POLICY = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.2,
    "interval_max": 0.5,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_timeout": 2,
    "socket_connect_timeout": 1,
    # Kombu would else wait 2 and 4 seconds for a broker that refuses, within the request.
    "max_retries": 0,
}
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {"sweep": {"task": "config.tasks.sweep", "schedule": 60.0}}
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# --- Events: Segment's own limit of a batch is 500 kB.
INGEST_MAX_BODY_BYTES = env.int("INGEST_MAX_BODY_BYTES", default=1_000_000)
INGEST_REQUESTS_PER_MINUTE = env.int("INGEST_REQUESTS_PER_MINUTE", default=60_000)
INGEST_MAX_EVENT_NAMES = env.int("INGEST_MAX_EVENT_NAMES", default=2_000)

# --- Imports: one file is taken in by one transaction, which should not last above five minutes.
IMPORT_MAX_BYTES = env.int("IMPORT_MAX_BYTES", default=200_000_000)
IMPORT_MAX_UNPACKED_BYTES = env.int("IMPORT_MAX_UNPACKED_BYTES", default=500_000_000)
IMPORT_MAX_ROWS = env.int("IMPORT_MAX_ROWS", default=500_000)

# --- Inlets: what other systems may post in one request.
INLET_MAX_BODY_BYTES = env.int("INLET_MAX_BODY_BYTES", default=1_000_000)
INLET_MAX_RECORDS = env.int("INLET_MAX_RECORDS", default=1_000)
INLET_REQUESTS_PER_MINUTE = env.int("INLET_REQUESTS_PER_MINUTE", default=600)

# --- Watching: logs to stderr, /metrics for Prometheus.
LOGGING = logging_settings(
    level=env.str("LOG_LEVEL", default="INFO"), as_json=env.bool("LOG_JSON", default=True)
)
configure_structlog()
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

# --- People
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "config.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
ACCOUNT_FORMS = {
    "login": "config.sign_in_forms.LoginForm",
    "change_password": "config.sign_in_forms.ChangePasswordForm",
    "set_password": "config.sign_in_forms.SetPasswordForm",
    "reset_password": "config.sign_in_forms.ResetPasswordForm",
    "reset_password_from_key": "config.sign_in_forms.ResetPasswordKeyForm",
    "reauthenticate": "config.sign_in_forms.ReauthenticateForm",
}
MFA_ADAPTER = "config.adapter.MfaAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # a passkey alone signs in: it must know its owner
# Browsers take http://localhost for a secure place; everywhere else passkeys need https.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = is_this_machine(SITE_URL)
MFA_TOTP_ISSUER = "Yorisoi"
MFA_FORMS = {
    "authenticate": "config.sign_in_forms.CodeForm",
    "reauthenticate": "config.sign_in_forms.CodeAgainForm",
    "activate_totp": "config.sign_in_forms.ActivateAuthenticatorForm",
    "add_webauthn": "config.sign_in_forms.AddPasskeyForm",
    "login_webauthn": "config.sign_in_forms.LoginPasskeyForm",
    "authenticate_webauthn": "config.sign_in_forms.AuthenticatePasskeyForm",
    "reauthenticate_webauthn": "config.sign_in_forms.ReauthenticatePasskeyForm",
    "edit_webauthn": "config.sign_in_forms.RenamePasskeyForm",
}
SOCIALACCOUNT_ADAPTER = "config.oidc.CompanySignInAdapter"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"APPS": oidc_apps(env), "OAUTH_PKCE_ENABLED": True},
}
SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = ""
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True
OIDC_SUBJECT_IS_DIRECTORY_ID = env.bool("OIDC_SUBJECT_IS_DIRECTORY_ID", default=False)
OIDC_CREATES_USERS = env.bool("OIDC_CREATES_USERS", default=False)
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
SESSION_COOKIE_AGE = 14 * 24 * 3600

# --- Cache: counters of login attempts, shared by all processes, also while the broker is down.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entry",
    },
    # How often a client called: a guard of each process, not worth a row a request.
    "throttle": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Answers that are the same for everybody.
    "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pages"},
}

# --- What browsers may do with our pages: nothing from elsewhere, nothing inline.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF, *oidc_origins(env)],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
#: A scorecard is one form; forty measures with their knots, gates and points have 1,200 fields.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "config.error_pages.csrf_failure"
SESSION_COOKIE_SAMESITE = "Lax"

# --- Languages and time
LANGUAGES = [("en", "English"), ("ja", "日本語")]
LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="en")
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="Asia/Tokyo")

# --- The page that shows every component; not in production.
STYLEGUIDE = env.bool("STYLEGUIDE", default=False)

# --- Files
STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(data_directory() / "media"))

# --- History: statement level triggers catch bulk writes, raw SQL and COPY alike.
PGHISTORY_LEVEL = pgtrigger.Statement
PGHISTORY_APPEND_ONLY = True
PGHISTORY_DEFAULT_TRACKERS = TRACKERS

# --- Mail: without EMAIL_URL nothing leaves the house, mails are read on the outbox page.
vars().update(env.email("EMAIL_URL", default="dummymail://"))
EMAIL_TIMEOUT = 20
PERSON_KEY_SECRET = env.str("PERSON_KEY_SECRET", default="")  # empty: SECRET_KEY
OUTBOX_SHOWS_LINKS = env.bool("OUTBOX_SHOWS_LINKS", default=False)

# --- Pages behind survey links: requests a minute, address and process; proxies in front of us.
SURVEY_REQUESTS_PER_MINUTE = env.int("SURVEY_REQUESTS_PER_MINUTE", default=120)
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Yorisoi <yorisoi@example.com>")

# --- REST: the longest JSON body, which a bulk of 1,000 rows stays well below.
API_MAX_BODY_BYTES = env.int("API_MAX_BODY_BYTES", default=5_000_000)
REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "config.lib.pagination.KeysetPagination",
    "EXCEPTION_HANDLER": "config.lib.problem_details.handle_exception",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_THROTTLE_RATES": {"user": env.str("API_RATE", default="1200/min")},
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Yorisoi API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "AccountStatusEnum": "accounts.choices.AccountStatus",
        "ContactStateEnum": "accounts.choices.ContactState",
        "SignalEnum": "accounts.choices.Signal",
        "UserRoleEnum": "accounts.choices.UserRole",
        "AccountRoleEnum": "accounts.choices.AccountRoleKind",
        "StakeholderRoleEnum": "accounts.choices.StakeholderRoleKind",
        "LevelEnum": "accounts.choices.Level",
        "AccountKindEnum": "accounts.choices.AccountKind",
        "ContractKindEnum": "accounts.choices.ContractKind",
        "RelationKindEnum": "accounts.choices.RelationKind",
        "MergeKindEnum": "accounts.choices.MergeKind",
        "ScopeEnum": "accounts.choices.Scope",
        "ImportKindEnum": "accounts.api.serializers.jobs.importer_choices",
        "TouchModelEnum": "accounts.choices.TouchModel",
        "IdentifiedKindEnum": "accounts.choices.IdentifiedKind",
        "TicketStateEnum": "accounts.choices.TicketState",
        "StepRoleEnum": "playbooks.choices.StepRole",
        "RunStateEnum": "playbooks.choices.RunState",
        "RunOutcomeEnum": "playbooks.choices.RunOutcome",
        "TaskStatusEnum": "playbooks.choices.TaskStatus",
        "TaskOutcomeEnum": "playbooks.choices.TaskOutcome",
        "MailStateEnum": "accounts.choices.MailState",
        "WaveStateEnum": "surveys.choices.WaveState",
        "SurveyKindEnum": "surveys.registry.kind_choices",
        "BandEnum": "scoring.choices.Band",
        "LossReasonEnum": "accounts.choices.ChurnReason",
        "DirectionEnum": "accounts.choices.Direction",
        "TrendDirectionEnum": ["rising", "declining", "level"],
        "ValidationKindEnum": "scoring.choices.ValidationKind",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    # All operations and schemas at once take a browser half a minute: tags open one by one.
    "SWAGGER_UI_SETTINGS": {
        "docExpansion": "none",
        "defaultModelsExpandDepth": -1,
        "deepLinking": True,
        "filter": True,
    },
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}
