"""The one settings file: environment only, loud on nonsense.

The demo state (`SERS_DEMO=1`, what `bin/serve` and the tests use) has defaults for every secret and
shows the mailbox and the demo people. Without it every secret must be given, and the checks in
`accounts/checks.py` refuse a database that holds demo people.
"""

import hashlib
from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.FileAwareEnv()

# --- The state this process runs in -----------------------------------------------------------------
DEMO: bool = env.bool("SERS_DEMO", default=False)
DEBUG: bool = env.bool("DEBUG", default=False)


def secret(name: str) -> str:
    """A secret from the environment; in the demo state a fixed one, elsewhere its absence is an error."""
    value = str(env.str(name, default=""))
    if not value and DEMO:
        return hashlib.sha256(f"sers demo state {name}".encode()).hexdigest()
    if len(value) < 32:
        raise ImproperlyConfigured(f"Set {name} to a random text of at least 32 characters.")
    return value


if DEBUG and not DEMO:
    raise ImproperlyConfigured("DEBUG shows private data to anyone. It is allowed only with SERS_DEMO=1.")

SECRET_KEY = secret("SECRET_KEY")
FIELD_KEY = secret("FIELD_KEY")  # encrypts birth dates at rest: losing it loses them
ALLOWED_HOSTS: list[str] = env.list(
    "ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"] if DEMO else []
)
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("Set ALLOWED_HOSTS to the host names SERS answers to, separated by commas.")
PUBLIC_URL: str = env.str(
    "PUBLIC_URL", default=f"http://127.0.0.1:{env.int('PORT', default=8000)}" if DEMO else ""
)
if not PUBLIC_URL:
    raise ImproperlyConfigured(
        "Set PUBLIC_URL to the address people use, for example https://sers.example.gov"
    )
HTTPS = PUBLIC_URL.startswith("https://")
if not HTTPS and not DEMO:
    raise ImproperlyConfigured("PUBLIC_URL must start with https:// outside the demo state.")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if HTTPS else []

# --- The house: floors from the ground up -----------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "pgtrigger",
    "crispy_forms",
    "django_htmx",
    "accounts",
    "organizations",
    "articulations",
    "students",
    "grading",
    "transcripts",
    "reports",
    "sers",
]
MIDDLEWARE = [
    "sers.middleware.SlowPageMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "accounts.middleware.SignInFirstMiddleware",
    "accounts.middleware.HatMiddleware",
    "accounts.middleware.SessionLifeMiddleware",
    "accounts.middleware.PrivatePagesMiddleware",
    "accounts.middleware.BadInputMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "students.middleware.PurposeMiddleware",
    "students.middleware.MovedRecordMiddleware",
    "sers.middleware.MethodNotAllowedMiddleware",
]
ROOT_URLCONF = "sers.urls"
WSGI_APPLICATION = "sers.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "sers.navigation.navigation",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "sers.lib.tags"],
            "libraries": {"letters": "sers.lib.letters"},
        },
    }
]
CRISPY_TEMPLATE_PACK = "sers"
CRISPY_ALLOWED_TEMPLATE_PACKS = "sers"

# --- Data -------------------------------------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL")}
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database: postgres://...")
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
REDIS_URL: str = env.str("REDIS_URL")

# Sessions live in the database, in a table of ours: whose they are, and both limits (trust: NIST SP 800-63B-4 2.2.3).
SESSION_ENGINE = "accounts.session_store"
SESSION_COOKIE_NAME = "__Host-sers" if HTTPS else "sers"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60  # shared school computers: twelve hours at the most
SESSION_IDLE: int = env.int("SESSION_IDLE", default=30 * 60)  # and thirty minutes without a page
SESSION_WARNING = 2 * 60  # the page says so two minutes before (WCAG 2.2.1)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "__Host-sers-csrf" if HTTPS else "sers-csrf"
CSRF_FAILURE_VIEW = "sers.views.csrf_failure"

# --- People -----------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
# User names are unique whatever their case, by a constraint on Lower("username") that this check cannot see.
SILENCED_SYSTEM_CHECKS = ["auth.E003"]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "reports:home"
# Argon2id for what is set now; hashes from before it came are taken and remade at the next sign-in.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# Consortium, registrar and state seats sign in with a second factor; the demo state opens without.
SECOND_FACTOR_REQUIRED: bool = env.bool("SECOND_FACTOR_REQUIRED", default=not DEMO)
# Sign-ins of districts and colleges by OpenID Connect, as JSON: a list of objects with key, name, issuer, client_id
# and client_secret.
OIDC_PROVIDERS: list[dict[str, str]] = env.json("OIDC_PROVIDERS", default=[])
for provider in OIDC_PROVIDERS:
    if set(provider) != {"key", "name", "issuer", "client_id", "client_secret"}:
        raise ImproperlyConfigured(
            "Each provider in OIDC_PROVIDERS needs key, name, issuer, client_id and client_secret."
        )
    if not provider["issuer"].startswith("https://") and not DEMO:
        raise ImproperlyConfigured(f"The issuer of {provider['name']} must start with https://.")
AUTH_PASSWORD_VALIDATORS = [{"NAME": "accounts.rules.passwords.PasswordRules"}]
# Security questions are a step of recovery after the mailed link, never alone (docs/decisions/0009). Without them a
# saved recovery code or the link stands for the step.
SECURITY_QUESTIONS: bool = env.bool("SECURITY_QUESTIONS", default=True)
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60

# --- The web ----------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = HTTPS
BEHIND_PROXY: bool = env.bool("BEHIND_PROXY", default=False)  # our own: it writes both headers itself
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_REDIRECT_EXEMPT = [r"^healthz/$"]  # probes come from inside, by plain HTTP
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000  # a roster of 300 rows with six fields each
STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / ".data" / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
# What people hand in (sers/lib/uploads.py). Outside every folder that is served; with several web machines a shared one.
UPLOADS_ROOT = Path(env.str("UPLOADS_ROOT", default=str(BASE_DIR / ".data" / "uploads")))
# A command that reads a file from its input and ends with 0 for clean, 1 for a virus: `clamdscan --no-summary -`.
UPLOAD_SCANNER: str = env.str("UPLOAD_SCANNER", default="")
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = [
    "sers.lib.uploads.CappedUploads",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "uploads": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": UPLOADS_ROOT},
    },
    "staticfiles": {
        "BACKEND": env.str(
            "STATICFILES_BACKEND", default="whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}

# --- Documents --------------------------------------------------------------------------------------
# What documents are signed with, as PEM; transcripts/checks.py holds them to be real outside the demo state.
SIGNING_KEY: str = env.str("SIGNING_KEY", default="", multiline=True)
SIGNING_CERT: str = env.str("SIGNING_CERT", default="", multiline=True)
SIGNING_FORMER_CERTS: str = env.str("SIGNING_FORMER_CERTS", default="", multiline=True)
# PESC's schemas may not be passed on with SERS: a deployer who has them names their folder.
PESC_VERSION: str = env.str("PESC_VERSION", default="1.8.0")
PESC_SCHEMA_DIR: str = env.str("PESC_SCHEMA_DIR", default="")

# --- Payments ---------------------------------------------------------------------------------------
# The class that speaks with the payment provider (students/actions/providers.py); without one nobody pays online.
# The local one takes no money: it is clicked through in the demo state alone.
LOCAL_PROVIDER = "students.actions.providers.LocalProvider"
PAYMENT_PROVIDER: str = env.str("PAYMENT_PROVIDER", default=LOCAL_PROVIDER if DEMO else "")
if PAYMENT_PROVIDER == LOCAL_PROVIDER and not DEMO:
    raise ImproperlyConfigured("The local payment provider takes no money: name a real one, or none.")
# What the provider signs its messages with.
PAYMENT_SECRET = secret("PAYMENT_SECRET") if PAYMENT_PROVIDER else ""

# --- Language and time ------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
# Each in its own name, as the chooser shows it. One more: its line here and its file under locale/ (README, "Languages").
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["sers.lib.formats"]
LANGUAGE_COOKIE_NAME = "__Host-sers-language" if HTTPS else "sers-language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
TIME_ZONE = "America/Los_Angeles"  # every deadline of the programme is Pacific time
USE_TZ = True
USE_I18N = True

# --- Work that leaves the request -------------------------------------------------------------------
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_CONFIG = env.email("EMAIL_URL", default="dummymail://" if DEMO else "smtp://localhost:25")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10  # seconds: a server that hangs is given up before the lease of its mail runs out
DEFAULT_FROM_EMAIL: str = env.str("DEFAULT_FROM_EMAIL", default="SERS <no-reply@sers.example.org>")
# Where mail servers send what they cannot deliver: a mailbox whose mail is piped to `manage.py bounce`.
BOUNCE_EMAIL: str = env.str("BOUNCE_EMAIL", default=DEFAULT_FROM_EMAIL)
HELP_EMAIL = "sershelp@sbctc.edu"

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 5.0
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_connect_timeout": 2,
    # A page does not wait for a broker that is down: the sweep nudges again. Without these kombu tries for six seconds.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2}
CELERY_TIMEZONE = TIME_ZONE
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# The one beat schedule. A job's truth is its row: the sweep finds what a broker or worker dropped.
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "accounts.sweep", "schedule": 15.0, "options": {"expires": 15}},
    # Runs whose day has come: the day is a row, so a beat that was down starts it when it is back.
    "planned runs": {
        "task": "transcripts.start_planned_runs",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    # Before school begins in the morning; each letter is written once, however often this runs.
    "remind of blanks": {"task": "grading.remind_of_blanks", "schedule": crontab(hour="6", minute="0")},
    # Partners who have not signed an agreement yet; each reminder is written once.
    "remind of signatures": {
        "task": "articulations.remind_of_signatures",
        "schedule": crontab(hour="6", minute="15"),
    },
    # Agreements that are due for review in 90 days, in 30, today; each letter is written once.
    "remind of reviews": {
        "task": "articulations.remind_of_reviews",
        "schedule": crontab(hour="6", minute="20"),
    },
    # Students who registered for the first time this school year are told their rights; each once a year.
    "tell rights": {"task": "students.tell_rights", "schedule": 600.0, "options": {"expires": 600}},
    # Requests to inspect or amend a record that have waited for 30 days, and those that are late; each letter is written
    # once.
    "remind of inspections": {
        "task": "students.remind_of_inspections",
        "schedule": crontab(hour="6", minute="25"),
    },
    # Records that were changed or imported yesterday may be one person's.
    "find twins": {"task": "students.find_twins", "schedule": crontab(hour="2", minute="20")},
    # Files of whole records, and lists, are kept for seven days.
    "remove exports": {"task": "reports.remove_exports", "schedule": crontab(hour="3", minute="40")},
    # What stands still is told to people of the State, once a day for each kind.
    "watch": {"task": "reports.watch", "schedule": 300.0, "options": {"expires": 300}},
    # Figures that reports are read from; some of them are published the first night after their year is over.
    "count figures": {"task": "reports.count_tonight", "schedule": crontab(hour="1", minute="10")},
    # Teachers whose Annual Teacher Assurance is due are written to once a week, in the morning.
    "remind of assurances": {
        "task": "articulations.remind_of_assurances",
        "schedule": crontab(hour="6", minute="15"),
    },
    # In the morning, when people read their mail.
    "remind_people": {"task": "organizations.remind_people", "schedule": crontab(hour=6, minute=30)},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING" if DEMO else "INFO")},
    # WeasyPrint tells of every style it ignores; the font subsetter of every table it drops.
    "loggers": {"fontTools": {"level": "ERROR"}, "weasyprint": {"level": "ERROR"}},
}
