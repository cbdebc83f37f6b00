"""All settings, from the environment. ``docs/operations.md`` explains every variable."""

from pathlib import Path
from urllib.parse import urlsplit

from django.utils.csp import CSP

from summit.env import (
    IMMEDIATE_TASKS,
    at_least,
    choice,
    country_names,
    database,
    env,
    mail_addresses,
    mailer,
    required,
    secret,
    sentry_dsn,
    site_url,
    time_zone,
    trusted_proxies,
)
from summit.lib.process import logs
from summit.sms import configuration as sms_configuration
from summit.storage import accel_prefix, pictures, private_files

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var")))

DEBUG = env.bool("DEBUG", default=False)

if DEBUG:
    SECRET_KEY = env.str("SECRET_KEY", default="for-development-only-never-on-a-server")
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
    SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000")
else:
    SECRET_KEY = secret("SECRET_KEY", required("SECRET_KEY", why="a long random text, kept secret"))
    ALLOWED_HOSTS = [
        host.strip()
        for host in required("ALLOWED_HOSTS", why="the host names served, with commas").split(",")
    ]
    SITE_URL = env.str("SITE_URL", default=f"https://{ALLOWED_HOSTS[0]}")

# Those that were replaced: what they signed still holds.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

# The address that canonical links, feeds and mails carry, without a slash at its end.
SITE_URL = site_url(SITE_URL)
HTTPS = urlsplit(SITE_URL).scheme == "https"

INSTALLED_APPS = [
    "backoffice.apps.SummitAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
    "simple_history",
    "import_export",
    "django_countries",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django_tasks_db",
    "audit",
    "throttle",
    "mail",
    "events",
    "registrations",
    "projects",
    "contacts",
    "interests",
    "meetings",
    "subscriptions",
    "submissions",
    "staff",
    "website",
    "desk",
    "backoffice.apps.BackofficeConfig",
    "ops",
    "demo",
]

MIDDLEWARE = [
    "summit.middleware.trusted_proxy.TrustedProxyMiddleware",
    "summit.middleware.request_log.RequestMiddleware",
    "summit.middleware.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "summit.middleware.encodings.AcceptEncodingMiddleware",
    "summit.middleware.health_probe.ProbesMiddleware",
    "summit.middleware.unstorable.UnstorableInputMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ops.backup.middleware.RestoringMiddleware",
    "website.page_cache.PageCacheMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "staff.middleware.LoginMiddleware",
    "summit.middleware.body_limit.BodyLimitMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "summit.urls"
WSGI_APPLICATION = "summit.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Below the second, ``admin/`` holds what overrides the pages of Django.
        "DIRS": [BASE_DIR / "templates", BASE_DIR / "templates" / "backoffice"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["summit.lib.web.template_tags", "summit.lib.web.head_tags"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "events.context.site",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {
    "default": database(env.str("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'summit.sqlite3'}"))
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Rendered public pages, one copy a process; website/page_cache/ says why they are never stale.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "TIMEOUT": None,
        "OPTIONS": {"MAX_ENTRIES": 500},
    },
}
PAGE_CACHE = env.bool("PAGE_CACHE", default=True)
# A demonstration, whose forms ask which rows are invented.
DEMONSTRATION = env.bool("DEMONSTRATION", default=False)

# Words and time

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
# Our own words, then those that Django and the packages lack or say otherwise.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "packages"]
FORMAT_MODULE_PATH = ["summit.lib.i18n.formats"]
TIME_ZONE = time_zone(env.str("TIME_ZONE", default="Asia/Shanghai"))
USE_TZ = True
COUNTRIES_FIRST = ["CN", "GB"]
# The list is of countries and regions, and names these as public bodies in China do.
COUNTRIES_OVERRIDE = country_names(
    env.json(
        "COUNTRY_NAMES",
        default={
            "HK": {"en": "Hong Kong, China", "zh-hans": "中国香港"},
            "MO": {"en": "Macao, China", "zh-hans": "中国澳门"},
            "TW": {"en": "Taiwan, China", "zh-hans": "中国台湾"},
        },
    )
)

# Log-in

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "staff.validators.DifferentCharactersValidator"},
]
LOGIN_URL = "admin:login"
# A password alone opens nothing: a code of the authenticator is asked for as well.
STAFF_OTP = env.bool("STAFF_OTP", default=not DEBUG)
OTP_TOTP_ISSUER = "Summit"
# How long a mailed link of staff holds.
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600
LOG_IN_IDLE_MINUTES = env.int("LOG_IN_IDLE_MINUTES", default=60)
LOG_IN_MAX_HOURS = env.int("LOG_IN_MAX_HOURS", default=14)
SESSION_COOKIE_AGE = LOG_IN_MAX_HOURS * 3600
# Failed log-ins to an account from one place, and the longest pause between two tries after
# them: staff/domain/lockout.py, which counts codes as well, so that django-otp does not.
LOG_IN_TRIES = env.int("LOG_IN_TRIES", default=5)
LOG_IN_WAIT_MINUTES = env.int("LOG_IN_WAIT_MINUTES", default=5)
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 0

# The audit trail

# Six months at their longest, as the cyber-security law of China asks (article 21). The
# database refuses to delete what is younger: audit/append_only.py.
AUDIT_LEAST_DAYS = 184
AUDIT_KEEP_DAYS = at_least("AUDIT_KEEP_DAYS", default=1095, least=AUDIT_LEAST_DAYS)

# Contacts

# How long a contact is kept that nobody confirms, edits or mails.
CONTACT_KEEP_MONTHS = at_least("CONTACT_KEEP_MONTHS", default=24, least=1)

# Submissions

# How long what was handed in is kept after it was last written or reviewed, and a draft of
# somebody who proved no contact.
SUBMISSION_KEEP_MONTHS = at_least("SUBMISSION_KEEP_MONTHS", default=24, least=1)
SUBMISSION_DRAFT_DAYS = at_least("SUBMISSION_DRAFT_DAYS", default=30, least=1)
# How long after the deadline, or the last change, the personal link works.
SUBMISSION_LINK_MONTHS = at_least("SUBMISSION_LINK_MONTHS", default=6, least=1)
# How long the personal link of an expert works, unless an organizer says otherwise.
EXPERT_LINK_DAYS = at_least("EXPERT_LINK_DAYS", default=90, least=1)
SUBMISSION_REMINDER_DAYS = at_least("SUBMISSION_REMINDER_DAYS", default=3, least=1)

# Expressions of interest

# How long one is kept after the last step that was taken with it, and spam.
INTEREST_KEEP_MONTHS = at_least("INTEREST_KEEP_MONTHS", default=12, least=1)
SPAM_KEEP_DAYS = at_least("SPAM_KEEP_DAYS", default=30, least=1)

# Mail and background work

MAILERS = {"default": mailer(env.str("EMAIL_URL", default="consolemail://" if DEBUG else ""))}
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str(
    "EMAIL_FROM", default=f"Summit <noreply@{urlsplit(SITE_URL).hostname}>"
)
TASKS_BACKEND = env.str("TASKS_BACKEND", default="")
TASKS = {"default": {"BACKEND": TASKS_BACKEND or IMMEDIATE_TASKS}}
HAS_WORKER = TASKS_BACKEND.startswith("django_tasks_db.")
# With a backend of one's own, mail leaves at once. Otherwise run_periodic sends it:
# a visitor never waits for a mail server, nor learns from its pace who is registered.
MAIL_ON_COMMIT = bool(TASKS_BACKEND)

# Short messages, which nobody has to have

SMS = sms_configuration()

# Files

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_STORAGE_URL = env.str("MEDIA_STORAGE_URL", default="")
PRIVATE_STORAGE_URL = env.str("PRIVATE_STORAGE_URL", default="")
S3_KEYS = {
    "key": env.str("S3_ACCESS_KEY_ID", default=""),
    "secret": env.str("S3_SECRET_ACCESS_KEY", default=""),
}
# Where a proxy hands private files out for us: docs/operations.md has its half.
X_ACCEL_PREFIX = accel_prefix(
    env.str("X_ACCEL_PREFIX", default=""), on_disk=not PRIVATE_STORAGE_URL
)
STORAGES = {
    "default": pictures(MEDIA_STORAGE_URL, private_url=PRIVATE_STORAGE_URL, **S3_KEYS),
    # Documents: outside of all that everybody may read.
    "private": private_files(
        PRIVATE_STORAGE_URL,
        DATA_DIR / "private",
        public=[MEDIA_ROOT, STATIC_ROOT],
        group_may_read=bool(X_ACCEL_PREFIX),
        **S3_KEYS,
    ),
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = DEBUG
PICTURE_MAX_BYTES = 12 * 1024 * 1024
# Fonts, by their paths, that posters are set in where the site's own lack a sign.
POSTER_FONTS = env.list("POSTER_FONTS", default=[])
PICTURE_MAX_PIXELS = 50_000_000
DOCUMENT_MAX_BYTES = 20 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
# The body of any form that a visitor sends, and of everybody who is not logged in.
FORM_MAX_BYTES = 100 * 1000
# A whole request with files: to a form of the admin that has some, or by the link of a
# submission whose contact is proven or of an expert. Other forms of the admin may be as long as
# Django takes them.
UPLOAD_MAX_BYTES = DOCUMENT_MAX_BYTES + DATA_UPLOAD_MAX_MEMORY_SIZE
# All files of one submission; each is at most a document. Of a call: Call.attachment_quota_mb.
ATTACHMENTS_MAX_BYTES = 60 * 1024 * 1024
# All slides of one proposal of an expert; each is at most a document.
SLIDES_MAX_BYTES = 100 * 1024 * 1024
# What the proxies of deploy/ let through, so that the site itself refuses what is above the limits.
BODY_MAX_BYTES = 64 * 1024 * 1024
# How long a request may take to arrive, with its form; and how long files may.
REQUEST_SECONDS = 20
UPLOAD_SECONDS = 120

# Hardening

SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "upgrade-insecure-requests": HTTPS,
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
if HTTPS:
    # Browsers take these from this very host alone, and never from a neighbour's subdomain.
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
KNOWN_BROWSER_COOKIE_NAME = "__Host-known-browser" if HTTPS else "known-browser"
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
# Lists in browsers keep a domain for years: nobody gets there without asking for it.
SECURE_HSTS_PRELOAD = HTTPS and env.bool("HSTS_PRELOAD", default=False)
# Load balancers ask each process by its address over HTTP: summit/middleware/health_probe.py.
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
TRUSTED_PROXIES = trusted_proxies(env.list("TRUSTED_PROXIES", default=[]))
# Written anew by summit/middleware/trusted_proxy.py, and dropped where no trusted proxy wrote it.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Seconds that a person needs at least for a form, and tries by window in seconds. The
# rates are for one network address, behind which a whole company may sit, but for
# "mailbox", which is for one e-mail address and each kind of form by itself; "unproven" is how
# many seats one event holds.
FORM_MIN_SECONDS = env.float("FORM_MIN_SECONDS", default=3)
RATE_LIMITS = {
    "form": (env.int("RATE_LIMIT_FORM", default=300), 600),
    "register": (env.int("RATE_LIMIT_REGISTER", default=60), 600),
    "submission": (env.int("RATE_LIMIT_SUBMISSION", default=60), 600),
    "attachment": (env.int("RATE_LIMIT_ATTACHMENT", default=60), 600),
    "interest": (env.int("RATE_LIMIT_INTEREST", default=20), 600),
    "unproven": (env.int("RATE_LIMIT_UNPROVEN", default=30), 24 * 3600),
    "mailbox": (env.int("RATE_LIMIT_MAILBOX", default=6), 24 * 3600),
    "link": (env.int("RATE_LIMIT_LINK", default=10), 3600),
    "code": (env.int("RATE_LIMIT_CODE", default=20), 600),
    # Failed ones alone: of one number or address from one network, from one network, and of one
    # number or address from anywhere.
    "query": (env.int("RATE_LIMIT_QUERY", default=5), 3600),
    "query-network": (env.int("RATE_LIMIT_QUERY_NETWORK", default=60), 3600),
    "query-contact": (env.int("RATE_LIMIT_QUERY_CONTACT", default=20), 24 * 3600),
    # Past that, for one query code that was sent by text message.
    "query-sent": (10, 1800),
    # Text messages: to one number of all that strangers can cause, notices to one number that its
    # owner or staff cause, asked for from one network, and for one event; and wrong codes of one
    # registration.
    "sms-number": (env.int("RATE_LIMIT_SMS_NUMBER", default=2), 24 * 3600),
    "sms-notice": (env.int("RATE_LIMIT_SMS_NOTICE", default=2), 24 * 3600),
    "sms-network": (env.int("RATE_LIMIT_SMS_NETWORK", default=5), 3600),
    "sms-event": (env.int("RATE_LIMIT_SMS_EVENT", default=300), 24 * 3600),
    "sms-guess": (5, 1800),
    # Codes that are typed for one subscription to new projects.
    "subscription-guess": (5, 3600),
    # Codes for passport data: mailed to one address, and typed for one of them.
    "passport-code": (6, 24 * 3600),
    "passport-guess": (5, 24 * 3600),
    # Failed ones alone. Nobody of staff waits for longer than five minutes for what others did.
    "log-in": (env.int("RATE_LIMIT_LOG_IN", default=60), 300),
    # Of one account, or one known browser. A network is never refused for others there: past
    # its limit answers do not wait any more.
    "staff-link": (env.int("RATE_LIMIT_STAFF_LINK", default=3), 300),
    "staff-link-network": (env.int("RATE_LIMIT_STAFF_LINK_NETWORK", default=30), 300),
    # What is sent with the mailed link of one account.
    "staff-set-up": (30, 300),
}
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# Of manage.py check --deploy: one that asks for HSTS_PRELOAD, and those that the operator
# knows and means.
SILENCED_SYSTEM_CHECKS = ["security.W021", *env.list("SILENCED_CHECKS", default=[])]
CSRF_FAILURE_VIEW = "website.views.site.csrf_failure"

# The admin

IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "add"
IMPORT_EXPORT_USE_TRANSACTIONS = True

# Watching

# Bears whoever may read /metrics, and the notes of /readyz.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
# When a process that has not been heard of is missed, and a mail that nobody sends.
HEARTBEAT_SECONDS = env.int("HEARTBEAT_SECONDS", default=300)
MAIL_WAIT_SECONDS = env.int("MAIL_WAIT_SECONDS", default=900)
ERROR_MAIL_TO = mail_addresses("ERROR_MAIL_TO")
ERROR_MAILS_AN_HOUR = env.int("ERROR_MAILS_AN_HOUR", default=3)
RATE_LIMITS["error"] = (ERROR_MAILS_AN_HOUR, 3600)
SENTRY_DSN = sentry_dsn(env.str("SENTRY_DSN", default=""))
LOG_FORMAT = choice("LOG_FORMAT", logs.FORMATS, default="text" if DEBUG else "json")
LOGGING = logs.configuration(
    LOG_FORMAT,
    choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), default="INFO"),
    loggers={
        # Not Django's own handlers: they would mail whole requests, with what people typed.
        "django": {"handlers": [], "level": "INFO"},
        # Each refusal has its line in summit.requests; here are those that are our mistake.
        "django.request": {"level": "ERROR"},
        # Anybody may ask for any host, or send too many fields: refused, and no error of ours.
        "django.security": {"level": "CRITICAL"},
        # Each queued mail would say twice that it has been looked at.
        "django.tasks": {"level": "WARNING"},
    },
)
