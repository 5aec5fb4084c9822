"""Django's settings; what differs between installations comes from the environment (env.py)."""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import structlog
from csp.constants import NONE, SELF

from triage.env import read

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = read(os.environ, root=ROOT)

SECRET_KEY = ENVIRONMENT.secret_key
DEBUG = False
ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts)
ROOT_URLCONF = "triage.urls"
WSGI_APPLICATION = "triage.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MUSTER_DATA_DIR = ENVIRONMENT.data_dir
MUSTER_BASE_URL = ENVIRONMENT.base_url
MUSTER_REQUIRE_MFA = ENVIRONMENT.require_mfa
MUSTER_SECRETS_KEYS = ENVIRONMENT.secrets_keys
MUSTER_ALERT_WEBHOOK = ENVIRONMENT.alert_webhook
MUSTER_TRUSTED_PROXIES = ENVIRONMENT.trusted_proxies
MUSTER_DEMO = ENVIRONMENT.demo

INSTALLED_APPS = [
    "triage",  # first: its rqworker command stands before django-rq's
    "inbox",
    "triage.audit",
    "triage.accounts",
    "triage.incidents",
    "triage.classification",
    "triage.responses",
    "triage.volunteers",
    "triage.queues",
    "triage.replies",
    "triage.notices",
    "triage.desk",
    "triage.board",
    "triage.lanes",
    "triage.reports",
    "triage.conversations",
    "triage.mailboxes",
    "triage.allhands",
    "triage.joining",
    "triage.public",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_rq",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
]
if ENVIRONMENT.company_login:
    INSTALLED_APPS.append("allauth.socialaccount.providers.openid_connect")
if MUSTER_DEMO:
    INSTALLED_APPS.append("triage.demo")
if find_spec("django_linear_migrations"):  # there for developers only
    INSTALLED_APPS.append("django_linear_migrations")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "triage.volunteers.middleware.ActorMiddleware",
    "triage.accounts.access.DenyByDefaultMiddleware",
    "triage.notices.middleware.PaceMiddleware",
    "triage.accounts.shared.SharedComputerMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "triage.volunteers.context.shell",
            ],
            "builtins": ["django.templatetags.i18n", "triage.templatetags.muster"],
        },
    }
]

DATABASES = {"default": ENVIRONMENT.database}

REDIS_URL = ENVIRONMENT.redis_url
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "muster_cache",
        # By default a third is thrown away beyond 300 entries: limits would forget whom they count.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
MUSTER_RUN_STEP = "triage.schedule.run_step"  # what a rung bell calls
RQ = {"WORKER_CLASS": "rq.SimpleWorker"}
RQ_QUEUES: dict[str, dict[str, Any]] = {
    name: {
        "URL": REDIS_URL,
        "DEFAULT_TIMEOUT": 300,
        # A bell that does not ring is left to the sweep: never wait for Redis.
        "REDIS_CLIENT_KWARGS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
    }
    for name in ("mail_in", "mail_out", "default")
    if REDIS_URL
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_ADAPTER = "triage.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # strangers get no mail from us
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
# A few per person or code; the wide caps per address and link are in accounts/limits.py.
ACCOUNT_RATE_LIMITS = {
    "login": "",
    "login_failed": "5/5m/key",
    "request_login_code": "5/10m/key",
    "printed_code": "5/5m/key",
}
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
SOCIALACCOUNT_ADAPTER = "triage.accounts.company.CompanyLoginAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form may not lead outside (form-action), a link may
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
MUSTER_OIDC_NAME = ENVIRONMENT.company_login.name if ENVIRONMENT.company_login else ""
MUSTER_OIDC_DOMAINS = ENVIRONMENT.company_login.domains if ENVIRONMENT.company_login else ()
if ENVIRONMENT.company_login:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "company",
                "name": ENVIRONMENT.company_login.name,
                "client_id": ENVIRONMENT.company_login.client_id,
                "secret": ENVIRONMENT.company_login.secret,
                "settings": {"server_url": ENVIRONMENT.company_login.url},
            }
        ],
    }
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# A browser makes passkeys without TLS on this very machine only: for trying Muster out.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = MUSTER_BASE_URL.startswith("http://")
MFA_TOTP_ISSUER = "Muster"
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"
EMAIL_BACKEND = "triage.notices.email.OutboxBackend"
DEFAULT_FROM_EMAIL = "Muster <muster@localhost>"  # replaced by the system mailbox's address

SESSION_ENGINE = "triage.accounts.sessions"
SESSION_COOKIE_NAME = "muster_session"
SESSION_COOKIE_AGE = 14 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = MUSTER_BASE_URL.startswith("https://")
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [MUSTER_BASE_URL]
CSRF_FAILURE_VIEW = "triage.accounts.views.form_expired"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = False  # the proxy's task; docs/operating.md
SECURE_HSTS_SECONDS = 31_536_000 if SESSION_COOKIE_SECURE else 0
X_FRAME_OPTIONS = "DENY"
if MUSTER_TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LOCALE_PATHS = [ROOT / "locale"]
STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "templates" / "static"]
WHITENOISE_USE_FINDERS = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.KeyValueRenderer(key_order=["event"]),
            ],
            "foreign_pre_chain": [structlog.stdlib.add_log_level],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"muster": {"level": "INFO"}},
}
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)
