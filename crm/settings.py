"""Settings, from the environment. A missing secret refuses to start, by name."""

import os
import secrets
from contextlib import suppress
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from crm.rules.texts import LANGUAGES as READER_LANGUAGES

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"
env = environ.Env()

DEBUG = env.bool("DEBUG", default=True)


def _secret(name: str) -> str:
    """A secret from the environment; while developing, one made once and kept under var/."""
    if given := str(env(name, default="")):
        return given
    if not DEBUG:
        raise ImproperlyConfigured(f"Set {name} in the environment: a long random text.")
    kept = VAR / "secrets" / name.lower()
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = kept.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        with suppress(FileExistsError):  # of processes that start together, one is first
            os.link(draft, kept)
        draft.unlink()
    return kept.read_text()


def _number(name: str, default: int) -> int:
    """A whole number from the environment; an empty value counts as not given."""
    given = str(env(name, default="")).strip()
    if given and not given.isdecimal():
        raise ImproperlyConfigured(f"{name}={given} is not a whole number.")
    return int(given or default)


def _networks(name: str, default: str) -> list[IPv4Network | IPv6Network]:
    """Networks, such as 192.0.2.0/24, with spaces or commas between them."""
    given = str(env(name, default=default)).replace(",", " ").split()
    try:
        return [ip_network(each) for each in given]
    except ValueError as problem:
        raise ImproperlyConfigured(f"{name}: {problem}.") from problem


def _name_server(name: str) -> str:
    """address:port of a name server, or nothing; an IPv6 address stands in brackets."""
    given = str(env(name, default="")).strip()
    address, _colon, port = given.rpartition(":")
    try:
        if given and not (ip_address(address.strip("[]")) and 0 < int(port) < 2**16):
            raise ValueError
    except ValueError as problem:
        raise ImproperlyConfigured(
            f"{name}={given} is not the address and port of a name server, such as 192.0.2.53:53."
        ) from problem
    return given


# What each provider's account is known by; docs/howto/providers.md explains the others.
_PROVIDER_KEYS = {
    "postmark": ["POSTMARK_SERVER_TOKEN"],
    "mailgun": ["MAILGUN_API_KEY"],
    "brevo": ["BREVO_API_KEY"],
    "amazon_ses": ["AMAZON_SES_REGION"],
    "mailjet": ["MAILJET_API_KEY", "MAILJET_SECRET_KEY"],
}
_PROVIDER_OPTIONS = [
    "POSTMARK_MESSAGE_STREAM",
    "POSTMARK_API_URL",
    "MAILGUN_API_URL",
    "MAILGUN_SENDER_DOMAIN",
    "MAILGUN_WEBHOOK_SIGNING_KEY",
    "BREVO_API_URL",
    "AMAZON_SES_CONFIGURATION_SET_NAME",
    "MAILJET_API_URL",
    "WEBHOOK_SECRET",
]


def _provider_settings(urls: list[str]) -> dict[str, Any]:
    """Anymail's settings from ANYMAIL_…; a provider that is used without its key is refused."""
    for provider in [url.split("://")[1].split("?")[0] for url in urls if "anymail://" in url]:
        if provider not in _PROVIDER_KEYS:
            raise ImproperlyConfigured(
                f"There is no provider {provider}: ANYMAIL_PROVIDER or the end of anymail://… "
                f"must be one of {', '.join(_PROVIDER_KEYS)}."
            )
        for name in _PROVIDER_KEYS[provider]:
            if not env(f"ANYMAIL_{name}", default=""):
                raise ImproperlyConfigured(
                    f"Set ANYMAIL_{name} in the environment: mails leave through {provider}, "
                    "which knows our account by it."
                )
    names = [*_PROVIDER_OPTIONS, *(name for names in _PROVIDER_KEYS.values() for name in names)]
    chosen = {name: value for name in names if (value := env(f"ANYMAIL_{name}", default=""))}
    amazon = {
        "region_name": chosen.pop("AMAZON_SES_REGION", None),
        "aws_access_key_id": env("ANYMAIL_AMAZON_SES_ACCESS_KEY_ID", default=None),
        "aws_secret_access_key": env("ANYMAIL_AMAZON_SES_SECRET_ACCESS_KEY", default=None),
        "endpoint_url": env("ANYMAIL_AMAZON_SES_API_URL", default=None),
    }
    given = {name: value for name, value in amazon.items() if value}
    return chosen | {"AMAZON_SES_CLIENT_PARAMS": given}


def _of_this_place(name: str, developing: str, meaning: str) -> str:
    """An address that only a deployment can know; while developing there is a usual one."""
    given = str(env(name, default=""))
    if not (given or DEBUG):
        raise ImproperlyConfigured(f"Set {name} in the environment: {meaning}.")
    return given or developing


def _required(name: str, meaning: str) -> str:
    if name in env:
        return str(env(name))
    raise ImproperlyConfigured(
        f"Set {name} ({meaning}) in the environment, or start through manage.py, "
        "which brings an embedded one while DEBUG is on."
    )


SECRET_KEY = _secret("SECRET_KEY")
ADDRESS_KEY = _secret("ADDRESS_KEY").encode()
BASE_URL = _of_this_place(
    "BASE_URL",
    "http://127.0.0.1:8000",
    "the address under which readers reach Liaison, such as https://liaison.example; "
    "every link in a mail begins with it",
).rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"] if DEBUG else [])
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "campaigns",
    "crm",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.forms",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "pghistory",
    "pgtrigger",
    "template_partials",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "campaigns.views.hooks.at_their_door",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "crm.views.caching.alike",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "crm.views.languages.of_the_user",
    "crm.views.too_large.answered",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pghistory.middleware.HistoryMiddleware",
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
ROOT_URLCONF = "crm.urls"
WSGI_APPLICATION = "crm.wsgi.application"
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
                "crm.views.rail.rail",
            ],
        },
    }
]

DATABASES = {"default": env.db_url_config(_required("DATABASE_URL", "postgres://…"))}
# Seconds after which the database ends a session that stands still where others wait for it.
STANDSTILL = _number("STANDSTILL", 60)
_OPTIONS = DATABASES["default"].setdefault("OPTIONS", {})
_OPTIONS.setdefault(
    "options",
    # What is on the line must be on disk before it leaves, whatever the server's own default is.
    "-c synchronous_commit=on "
    # A page asks for fifty rows: compiling its question takes longer than answering it.
    "-c jit=off "
    # Nor does a second core help it: the pages and lines beside it use that.
    "-c max_parallel_workers_per_gather=0 "
    # How alike a word must be to be taken for a typo (1 is the same).
    "-c pg_trgm.word_similarity_threshold=0.37 "
    # A process that is stopped, or a host that is gone, keeps no lock for longer than that.
    f"-c idle_in_transaction_session_timeout={STANDSTILL}s "
    "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3",
)
# Lets the sending engine's few statements be planned once; Django's own are not affected.
_OPTIONS.setdefault("prepare_threshold", 5)
DATABASES["default"]["CONN_MAX_AGE"] = _number("CONN_MAX_AGE", 60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env("REDIS_URL", default="")

# --- accounts
AUTH_USER_MODEL = "crm.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "crm:dashboard-show"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "crm.views.accounts.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = _number("REAUTHENTICATION_TIMEOUT", 900)
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]

# --- languages
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", _("English")),
    ("fr", _("French")),
    ("de", _("German")),
    ("it", _("Italian")),
    ("es", _("Spanish")),
    ("ca", _("Catalan")),
]
assert tuple(code for code, _name in LANGUAGES) == READER_LANGUAGES
LOCALE_PATHS = [BASE_DIR / "crm" / "locale"]
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = "crm.formats"
TIME_ZONE = env("TIME_ZONE", default="Europe/Paris")

# --- records
# Who has something to tell of a person or an organisation: see crm.actions.timelines.
TIMELINES = [
    "crm.actions.person_timelines.sources",
    "crm.actions.organisation_timelines.sources",
    "campaigns.actions.mails.sources",
]
# What empties its tables of somebody who is erased: see crm.actions.erasing.
TRACES = ["crm.actions.traces.forget", "campaigns.actions.traces.forget"]
# The file from which a restore erases once more; empty: erasures.log beside the witness.
ERASURE_LOG = env("ERASURE_LOG", default="")

# --- files
STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(VAR / "static")))
MEDIA_ROOT = Path(env("MEDIA_ROOT", default=str(VAR / "media")))
# Tests turn DEBUG itself off, and find their files like development does.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG

# --- security
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
_HTTPS = BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
SECURE_SSL_REDIRECT = _HTTPS and not DEBUG
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _HTTPS
# A proxy of ours stands before it: what it adds to a request's headers is believed.
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "frame-src": ["'self'"],
        "frame-ancestors": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}

# --- mail
# Real addresses cannot receive mail while the sandbox is on; the transport refuses them.
SANDBOX = env.bool("SANDBOX", default=True)
EMAIL_BACKEND = "campaigns.actions.letters.LedgerBackend"
ANYMAIL_PROVIDER = env("ANYMAIL_PROVIDER", default="")
EMAIL_URL = (
    f"anymail://{ANYMAIL_PROVIDER}"
    if ANYMAIL_PROVIDER and not env("EMAIL_URL", default="")
    else _of_this_place(
        "EMAIL_URL",
        "",
        "how mails leave, such as smtp+tls://user:password@relay.example; or set ANYMAIL_PROVIDER",
    )
)
ANYMAIL = _provider_settings(EMAIL_URL.split())
# The mailbox where bounces, unsubscribe mails and calendar answers arrive; empty: there is none.
MAILBOX_URL = env("MAILBOX_URL", default="")  # imaps://user:password@host/INBOX
MAILBOX_ADDRESS = env("MAILBOX_ADDRESS", default="")  # replies@…; must take replies+anything@…
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Liaison <liaison@liaison.example>")

# Whom to ask what the DNS says of senders' domains, as address:port; empty: as this machine does.
DNS_SERVER = _name_server("DNS_SERVER")
DEMO_ZONE = env.bool("DEMO_ZONE", default=False)  # whether it is the demo's own

# Seconds for which steps wait for a worker's look; then it counts as "could not be checked".
LOOK_PATIENCE = _number("LOOK_PATIENCE", 120)

MAILBOX_EVERY = _number("MAILBOX_EVERY", 60)  # seconds between two looks into it
MAILBOX_TIMEOUT = _number("MAILBOX_TIMEOUT", 30)  # seconds for each answer of its server
MAILBOX_RUN = _number("MAILBOX_RUN", 45)  # seconds one look takes at most

# --- sending; every timer is a setting, and one test asserts these defaults
SENDING_LEASE = _number("SENDING_LEASE", 90)  # seconds a batch stays with its worker
SENDING_BATCH = _number("SENDING_BATCH", 500)  # deliveries in a batch, at most
SENDING_WORKERS = _number("SENDING_WORKERS", 2)  # processes that send mailings at once
SENDING_RUN = _number("SENDING_RUN", 45)  # seconds one task works at most
SENDING_WINDOW = _number("SENDING_WINDOW", 25)  # mails armed at once on one line, at most
SENDING_LINES = _number("SENDING_LINES", 0)  # lines of one process; 0: by the round trip measured
SENDING_NEAR = _number("SENDING_NEAR", 2)  # milliseconds of round trip, below which one crew does
CANARY_ABOVE = _number("CANARY_ABOVE", 2_000)  # recipients above which a canary leaves first
CANARY_HOLD = _number("CANARY_HOLD", 600)  # seconds between the canary and the rest
SENDING_EXPIRY = _number("SENDING_EXPIRY", 72 * 3600)  # seconds from the first attempt
SENDING_RETRY = _number("SENDING_RETRY", 60)  # seconds before the second attempt
DOMAIN_RATE = _number("DOMAIN_RATE", 5)  # mails a second to a domain that first asks to slow down
SMTP_TIMEOUT = _number("SMTP_TIMEOUT", 60)  # seconds for each command
PROVIDER_TIMEOUT = _number("PROVIDER_TIMEOUT", 30)  # seconds for each answer of a provider
SMTP_FINAL_TIMEOUT = _number("SMTP_FINAL_TIMEOUT", 600)  # RFC 5321, 4.5.3.2.6
EMAIL_TIMEOUT = SMTP_FINAL_TIMEOUT  # Django's own backends would wait for ever
ANNOUNCE_PATIENCE = _number("ANNOUNCE_PATIENCE", 30)  # seconds without a mail server
# Where this host remembers how far a database had come; outlives the database.
WITNESS_DIR = Path(env("WITNESS_DIR", default=str(VAR / "witness")))
HOOKS_KEPT = _number("HOOKS_KEPT", 30)  # days that events of providers stay after their use
FREQUENCY_DAYS = _number("FREQUENCY_DAYS", 7)
FREQUENCY_LIMIT = _number("FREQUENCY_LIMIT", 4)  # mailings to one address in that time
RELEASE_REMINDER = _number("RELEASE_REMINDER", 24)  # hours before its date a lane is reminded
SEND_CONFIRM = _number("SEND_CONFIRM", 1_000)  # mails above which one counts and signs in anew
FOLLOWS_PER_NETWORK = _number("FOLLOWS_PER_NETWORK", 10)  # requests from one place in an hour
FOLLOWS_PER_DOMAIN = _number("FOLLOWS_PER_DOMAIN", 300)  # confirmations to one domain in an hour
# Whence links are followed by programs only, besides those that name themselves.
MACHINE_NETWORKS = _networks(
    "MACHINE_NETWORKS",
    "17.0.0.0/8 40.92.0.0/15 40.107.0.0/16 52.100.0.0/14 104.47.0.0/17 66.249.80.0/20",
)
OWN_PAGE_PAUSE = _number("OWN_PAGE_PAUSE", 15)  # minutes between two links to one mailbox
OWN_PAGES_A_DAY = _number("OWN_PAGES_A_DAY", 3)  # links to one mailbox in 24 hours
UNDO_WINDOW = _number("UNDO_WINDOW", 600)  # seconds in which "now" can be taken back
# Whether only who signs in with a second factor may send.
SEND_SECOND_FACTOR = env.bool("SEND_SECOND_FACTOR", default=not DEBUG)
DEMO_RATE = _number("DEMO_RATE", 0)  # mails per second of what `announce` sends; 0: unpaced

# --- exports
EXPORT_DAYS = _number("EXPORT_DAYS", 7)  # days until the link to a file expires
EXPORT_AT_ONCE = _number("EXPORT_AT_ONCE", 500)  # rows above which a worker makes the file
EXPORT_CONFIRM = _number("EXPORT_CONFIRM", 500)  # rows above which one signs in once more
EXPORT_MOST = _number("EXPORT_MOST", 1_000_000)  # rows of one file
# Whether only who signs in with a second factor may take data out.
EXPORT_SECOND_FACTOR = env.bool("EXPORT_SECOND_FACTOR", default=not DEBUG)

# --- imports
IMPORT_LARGEST = _number("IMPORT_LARGEST", 200) * 2**20  # megabytes of a file, as bytes
IMPORT_WORKERS = _number("IMPORT_WORKERS", 1)  # processes that import at once
IMPORT_KEPT = _number("IMPORT_KEPT", 7)  # days that a file stays after its import
FILE_UPLOAD_HANDLERS = [
    "crm.views.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- how long what is kept, in months; the rest stands with what it is of (docs/data-protection.md)
DELIVERIES_KEPT = _number("DELIVERIES_KEPT", 13)  # who got what
NETWORKS_KEPT = _number("NETWORKS_KEPT", 12)  # where an act came from; then a keyed hash of it
PROOFS_KEPT = _number("PROOFS_KEPT", 36)  # consent records after their last use
AUDIT_KEPT = _number("AUDIT_KEPT", 36)  # who did what, and earlier states of people
IDLE_KEPT = _number("IDLE_KEPT", 36)  # people of whom nothing is in force; then they are archived
ARCHIVED_KEPT = _number("ARCHIVED_KEPT", 12)  # archived ones of them; then they are emptied

# --- history
PGHISTORY_APPEND_ONLY = True
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "loggers": {"mail.log": {"level": "WARNING"}},  # the sink would log addresses
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
}
