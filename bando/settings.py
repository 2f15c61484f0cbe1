"""One file, read from top to bottom. What differs by machine comes from the environment and fails loudly when wrong.

| variable               | meaning                                                        | default                    |
| ---------------------- | -------------------------------------------------------------- | -------------------------- |
| BANDO_SECRET_KEY       | signs sessions and tokens                                      | required unless debugging  |
| BANDO_DEBUG            | 1 for development                                              | 0                          |
| BANDO_DEMO             | 1 lists the demonstration's accounts at sign-in and its mail   | 0                          |
| BANDO_URL              | the address people use, e.g. https://servizi.comune.example.it | http://127.0.0.1:8000      |
| BANDO_HOSTS            | host names answered to, separated by commas                    | that of BANDO_URL + local  |
| BANDO_VAR              | folder for the database, the files and the mail of a small set-up | ./var                   |
| BANDO_DATABASE_URL     | postgres://user:password@host/name                             | SQLite in BANDO_VAR        |
| BANDO_STORAGE_URL      | s3://key:secret@host/bucket?tls=1&region=…                     | a folder in BANDO_VAR      |
| BANDO_MAIL_URL         | smtp://user:password@host:25 (smtps:// for TLS)                | files in BANDO_VAR/mail    |
| BANDO_MAIL_FROM        | sender of the mail                                             | bando@localhost            |
| BANDO_ADMINISTRATION   | name of the administration                                     | Comune dimostrativo        |
| BANDO_ADMINISTRATION_URL | its site                                                     | empty                      |
| BANDO_ACCESSIBILITY_STATEMENT_URL | the statement on form.agid.gov.it                   | empty                      |
| BANDO_SIGNING_KEY      | 32 bytes in Base64 that sign receipts, where several machines do | signing.key in BANDO_VAR, made once |
| BANDO_PROTOCOL_URL     | where the protocol numbers are given, http(s)://…              | a register in BANDO_VAR/protocol |
| BANDO_CLAMD            | the antivirus: clamd://host:port or clamd:///path/to/socket    | empty: nobody reads the files |
| BANDO_TRUST            | folder with the PEM certificates of the authorities of signatures | empty: none is known    |
| BANDO_REMEDIES         | text file: how to ask for documents and appeal, in each letter | what the law says in general |
| BANDO_ARRIVAL_HEADER   | header in which the front proxy writes the moment of arrival   | empty: the server's clock  |
| BANDO_REQUEST_MONTHS   | months after which a closed request of a citizen is forgotten  | 12                         |
| BANDO_REQUEST_ANSWERED_DAYS | days without an act before one that has an answer is about to be closed | 60           |
| BANDO_REQUEST_SILENT_DAYS | the same for one that has none                              | 180                        |
"""

import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent


def _flag(name: str) -> bool:
    value = os.environ.get(name, "0")
    if value not in {"0", "1", ""}:
        raise ImproperlyConfigured(f"{name} is {value!r}: write 1 or 0")
    return value == "1"


DEBUG = _flag("BANDO_DEBUG")
DEMO = _flag("BANDO_DEMO")
_remedies = os.environ.get("BANDO_REMEDIES", "")
REMEDIES = Path(_remedies).read_text(encoding="utf-8") if _remedies else ""
SITE_URL = os.environ.get("BANDO_URL", "http://127.0.0.1:8000").rstrip("/")
_site = urlsplit(SITE_URL)
if _site.scheme not in {"http", "https"} or not _site.hostname:
    raise ImproperlyConfigured(
        f"BANDO_URL is {SITE_URL!r}: write the whole address, for example https://servizi.comune.example.it"
    )

VAR = Path(os.environ.get("BANDO_VAR", BASE_DIR / "var"))
VAR.mkdir(parents=True, exist_ok=True)

SECRET_KEY = os.environ.get("BANDO_SECRET_KEY", "")
if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured(
            "BANDO_SECRET_KEY is missing: bin/run makes one; in production write your own, 50 characters or more"
        )
    SECRET_KEY = "only for development, never where anybody else can reach it"

ALLOWED_HOSTS = [h for h in os.environ.get("BANDO_HOSTS", f"{_site.hostname},localhost,127.0.0.1").split(",") if h]
CSRF_TRUSTED_ORIGINS = [f"{_site.scheme}://{_site.netloc}"]

# --- what the project is made of -------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "formtools",
    "csp",
    "workflow",
    "accounts",
    "documents",
    "bando",
    "applications",
    "evaluation",
    "network",
    "rehearsal",
]

MIDDLEWARE = [
    "bando.middleware.arrival",  # first: the moment of arrival is taken before anything else happens
    "bando.middleware.known_letters",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "bando.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "bando.middleware.private_pages",
    "documents.responses.Quarantine",
    "documents.responses.Away",
]

ROOT_URLCONF = "bando.urls"
WSGI_APPLICATION = "bando.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "bando.context.site",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- database --------------------------------------------------------------------------------------------------------

_database_url = os.environ.get("BANDO_DATABASE_URL", "")
DATABASES: dict[str, dict] = {
    "default": dj_database_url.parse(_database_url)
    if _database_url
    else {"ENGINE": "django.db.backends.sqlite3", "NAME": str(VAR / "bando.sqlite3")}
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        # A deferred transaction that reads and then writes fails when another wrote in between; IMMEDIATE takes turns.
        # synchronous=FULL: a receipt has legal value and must survive the loss of power.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
    # Each thread keeps its connection: opening and closing one at each request is half of what a small page costs.
    DATABASES["default"]["CONN_MAX_AGE"] = None
else:
    # A new connection for each request costs more than the request. A request keeps its own while it talks to the storage, so
    # there is one for each thread of the server; a check before use survives a restart of the database.
    # Who waits for a database that is away hears it within seconds, and not after the half minute that is the pool's own.
    # After so long the pool begins its waits anew, which otherwise double: a database that is back is found within seconds too.
    pool = {"min_size": 2, "max_size": 16, "timeout": 5, "reconnect_timeout": 4}
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = pool
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- files -----------------------------------------------------------------------------------------------------------


def _storage(url: str) -> dict:
    """The private storage from its URL. Documents are served only by views that checked who asks."""
    if not url:
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": VAR / "documents", "base_url": None},
        }
    parts = urlsplit(url)
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    bucket = parts.path.strip("/")
    if parts.scheme != "s3" or not bucket or "/" in bucket:
        raise ImproperlyConfigured(
            "BANDO_STORAGE_URL: write s3://key:secret@host/bucket, and after the bucket nothing but ?tls=… and region=…"
        )
    host = parts.hostname + (f":{parts.port}" if parts.port else "") if parts.hostname else None
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "access_key": unquote(parts.username) if parts.username else None,
            "secret_key": unquote(parts.password) if parts.password else None,
            "endpoint_url": f"{'http' if query.get('tls') == '0' else 'https'}://{host}" if host else None,
            "region_name": query.get("region", "us-east-1"),
            "addressing_style": "path",
            "signature_version": "s3v4",
            "default_acl": None,
            "querystring_auth": True,
            "file_overwrite": False,
            "max_memory_size": 1024 * 1024,  # what is read goes through the disk: the default keeps whole files in memory
        },
    }


STORAGES = {
    "default": _storage(os.environ.get("BANDO_STORAGE_URL", "")),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
CLAMD = os.environ.get("BANDO_CLAMD", "")
_clamd = urlsplit(CLAMD)
if CLAMD and (_clamd.scheme != "clamd" or not (_clamd.hostname or len(_clamd.path) > 1)):
    raise ImproperlyConfigured("BANDO_CLAMD: write clamd://host:port or clamd:///path/to/socket")
TRUST = os.environ.get("BANDO_TRUST", "")
if TRUST and not Path(TRUST).is_dir():
    raise ImproperlyConfigured(f"BANDO_TRUST is {TRUST!r}: write the folder of the certificates")
STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = DEBUG
MEDIA_URL = ""

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # a section with many long texts; files have their own limit
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # two tables of fifty rows and twelve columns are more than the usual thousand
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

# --- people ----------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
# Argon2id with 19 MiB, two passes, one lane: as strong as advised and a fraction of the default's cost: bin/bench --only sign-in.
PASSWORD_HASHERS = ["accounts.hashers.Argon2idHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "home"

ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupForm"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_SESSION_REMEMBER = True

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _site.scheme == "https"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = _site.scheme == "https"

# --- headers ---------------------------------------------------------------------------------------------------------

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
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
if _site.scheme == "https":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # or the limits on sign-in would count everybody behind the proxy as one person
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60

# --- language and time -----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "it"
LANGUAGES = [("it", _("Italiano")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Rome"
CLOCK = "django.utils.timezone.now"  # by no variable: the moment of a request is no setting of a machine
USE_THOUSAND_SEPARATOR = False

# --- mail ------------------------------------------------------------------------------------------------------------

_mail_url = os.environ.get("BANDO_MAIL_URL", "")
if _mail_url:
    _mail = urlsplit(_mail_url)
    if _mail.scheme not in {"smtp", "smtps"} or not _mail.hostname:
        raise ImproperlyConfigured("BANDO_MAIL_URL: write smtp://user:password@host:25, or smtps:// for TLS")
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = _mail.hostname, _mail.port or (465 if _mail.scheme == "smtps" else 25)
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
    EMAIL_USE_SSL = _mail.scheme == "smtps"
    EMAIL_TIMEOUT = 20
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR / "mail"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = os.environ.get("BANDO_MAIL_FROM", "bando@localhost")

# --- the administration ----------------------------------------------------------------------------------------------

ADMINISTRATION = {
    "name": os.environ.get("BANDO_ADMINISTRATION", "Comune dimostrativo"),
    "url": os.environ.get("BANDO_ADMINISTRATION_URL", ""),
    "accessibility_statement_url": os.environ.get("BANDO_ACCESSIBILITY_STATEMENT_URL", ""),
}
ARRIVAL_HEADER = os.environ.get("BANDO_ARRIVAL_HEADER", "")
if {"-", "_"} & set(ARRIVAL_HEADER):
    raise ImproperlyConfigured(
        f"BANDO_ARRIVAL_HEADER is {ARRIVAL_HEADER!r}: write a name without - and _, for example Arrived, "
        "because the server takes X_Arrived, which a client may send, for X-Arrived"
    )

_months = os.environ.get("BANDO_REQUEST_MONTHS", "") or "12"
if not _months.isdecimal() or not 1 <= int(_months) <= 120:
    raise ImproperlyConfigured(f"BANDO_REQUEST_MONTHS is {_months!r}: write how many months, from 1 to 120")
REQUEST_MONTHS = int(_months)


def _days(name: str, usual: str) -> int:
    value = os.environ.get(name, "") or usual
    if not value.isdecimal() or not 1 <= int(value) <= 3650:
        raise ImproperlyConfigured(f"{name} is {value!r}: write how many days, from 1 to 3650")
    return int(value)


REQUEST_ANSWERED_DAYS = _days("BANDO_REQUEST_ANSWERED_DAYS", "60")
REQUEST_SILENT_DAYS = _days("BANDO_REQUEST_SILENT_DAYS", "180")

SIGNING_KEY = os.environ.get("BANDO_SIGNING_KEY", "")  # read by workflow.signing when something is signed
PROTOCOL_URL = os.environ.get("BANDO_PROTOCOL_URL", "")
_protocol = urlsplit(PROTOCOL_URL)
if PROTOCOL_URL and (_protocol.scheme not in {"http", "https"} or not _protocol.hostname):
    raise ImproperlyConfigured("BANDO_PROTOCOL_URL: write the whole address, https://user:password@host/path, or nothing")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
