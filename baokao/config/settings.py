"""Every setting, read from the environment once. What is unsafe in production, `baokao check` says and start refuses.

Read by `place` before: the environment, the data folder and the port."""

from baokao.config import databases, env, payease, place, rsa

PACKAGE = place.BASE / "baokao"

ENV = place.environment()
ROLE = env.choice("BAOKAO_ROLE", ("owner", "web", "worker"), "owner")
PRODUCTION = ENV == "production"
DATA = place.data()
PORT = place.port()

# Demonstration and tests have fixed keys of their own making in BAOKAO_DATA; production brings its own.
SECRET_KEY = env.text("BAOKAO_SECRET_KEY") or ("" if PRODUCTION else databases.local_secret(DATA))
SECRET_KEY_FALLBACKS = env.words("BAOKAO_OLD_SECRET_KEYS")
ENCRYPTION_KEYS = env.keys("BAOKAO_ENCRYPTION_KEYS") or ({} if PRODUCTION else databases.local_ring(SECRET_KEY, "seal"))
# The key that seals while a newer one is made known to every machine; 0: the newest (docs/keys.md).
SEAL_WITH = env.integer("BAOKAO_SEAL_WITH", 0, 0, 255)
DIGEST_KEYS = env.keys("BAOKAO_DIGEST_KEYS") or ({} if PRODUCTION else databases.local_ring(SECRET_KEY, "digest"))
AUDIT_KEYS = env.keys("BAOKAO_AUDIT_KEYS") or ({} if PRODUCTION else databases.local_ring(SECRET_KEY, "audit"))

DEBUG = False
ALLOWED_HOSTS = env.words("BAOKAO_HOSTS", "" if PRODUCTION else "localhost,127.0.0.1,[::1]")
# The two base addresses of rules A5 and D1: the education network's and the public one's.
BASE_URLS = env.words("BAOKAO_BASE_URLS", "" if PRODUCTION else f"http://localhost:{PORT},http://127.0.0.1:{PORT}")
CSRF_TRUSTED_ORIGINS = [url for url in BASE_URLS if url.startswith("https://")]
PROXY_COUNT = env.integer("BAOKAO_PROXY_COUNT", 0, 0, 5)
METRICS_NETWORKS = env.words("BAOKAO_METRICS_NETWORKS", "127.0.0.1/32,::1/128")
IN_FLIGHT_LIMIT = env.integer("BAOKAO_IN_FLIGHT_LIMIT", 64, 1, 10_000)

INSTALLED_APPS = [
    "procrastinate.contrib.django",
    "django.contrib.staticfiles",
    "django_htmx",
    "baokao.core",
    "baokao.passport",
    "baokao.exams",
    "baokao.roster",
    "baokao.review",
    "baokao.registration",
    "baokao.payments",
    "baokao.home",
    "baokao.office",
    *([] if PRODUCTION else ["baokao.sandbox"]),
]
MIDDLEWARE = [
    "baokao.core.http.middleware.headers.SecurityHeaders",
    "baokao.core.http.middleware.shedding.ShedLoad",
    "baokao.core.http.middleware.requests.NameAndLogRequest",
    "baokao.core.http.middleware.bounds.RefuseTheImpossible",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "baokao.core.http.middleware.errors.RefuseKindly",
    "baokao.core.http.middleware.read_only.RefuseWritesWhenReadOnly",
    "django_htmx.middleware.HtmxMiddleware",
    "baokao.passport.middleware.KnowPassport",
    "baokao.office.middleware.OpenDesk",
]
ROOT_URLCONF = "baokao.config.urls"
WSGI_APPLICATION = "baokao.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [
            PACKAGE / app / "templates"
            for app in ("core", "passport", "review", "registration", "payments", "home", "office", "sandbox")
        ],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "baokao.config.jinja.environment"},
    }
]
FORM_RENDERER = "django.forms.renderers.Jinja2"

DATABASES = {"default": databases.default(ENV, ROLE, DATA)}
DATABASE_ROUTERS: list[str] = []

LANGUAGE_CODE = "zh-hans"
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

PASSWORD_HASHERS = ["baokao.passport.hashing.Argon2id"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "baokao.passport.common.CommonPassword"},
]

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXY_COUNT else None
# A browser takes such a cookie from this host over https alone, and for all of it.
COOKIE_PREFIX = "__Host-" if PRODUCTION else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}baokao"
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrf"
CSRF_FAILURE_VIEW = "baokao.core.http.errors.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

STATIC_URL = "/static/"
STATIC_ROOT = env.path("BAOKAO_STATIC_ROOT", DATA / "static")
STATICFILES_DIRS = [PACKAGE / "core" / "static"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder", "baokao.config.staticfiles.HtmxFinder"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

EMAIL_HOST = env.text("BAOKAO_SMTP_HOST", "" if PRODUCTION else "127.0.0.1")
EMAIL_PORT = env.integer("BAOKAO_SMTP_PORT", 587 if PRODUCTION else PORT + 2, 1, 65535)
EMAIL_HOST_USER = env.text("BAOKAO_SMTP_USER")
EMAIL_HOST_PASSWORD = env.text("BAOKAO_SMTP_PASSWORD")
EMAIL_USE_TLS = env.flag("BAOKAO_SMTP_TLS", PRODUCTION)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("BAOKAO_MAIL_FROM", "" if PRODUCTION else "CET <no-reply@baokao.invalid>")
# Mails that leave a minute in all, to one domain, and at once after a pause (docs/mails.md).
MAIL_PER_MINUTE = env.integer("BAOKAO_MAIL_PER_MINUTE", 1200, 1, 600_000)
MAIL_DOMAIN_PER_MINUTE = env.integer("BAOKAO_MAIL_DOMAIN_PER_MINUTE", 600, 1, 600_000)
MAIL_BURST = env.integer("BAOKAO_MAIL_BURST", 200, 1, 100_000)

CAPTCHA = env.choice("BAOKAO_CAPTCHA", ("picture", "fixed"), "picture")
UNPAID_HOLD = env.duration("BAOKAO_UNPAID_HOLD", "PT24H")
EMPTY_HOLD = env.duration("BAOKAO_EMPTY_HOLD", "PT12H")
# How long a coordinator may undo the decision of a review, which takes effect after it.
REVIEW_UNDO = env.duration("BAOKAO_REVIEW_UNDO", "PT5M")
# Rule A8 shows a found account whole, as the guide does; on: only its ends.
RETRIEVE_MASKED = env.flag("BAOKAO_RETRIEVE_MASKED", False)
CUSTOMER_SERVICE_PHONE = env.text("BAOKAO_CUSTOMER_SERVICE_PHONE", "010-62987880")
ICP_LINE = env.text("BAOKAO_ICP_LINE", "京ICP备05031027号")
FAULT = env.text("BAOKAO_FAULT")

# Payment providers (docs/payments.md). Outside of production the provider is the sandbox's, beside our own ports.
PROVIDER_MILLISECONDS = env.integer("BAOKAO_PROVIDER_MILLISECONDS", 2500, 500, 3000)
ALIPAY_GATEWAY = env.address(
    "BAOKAO_ALIPAY_GATEWAY",
    "https://openapi.alipay.com/gateway.do" if PRODUCTION else f"http://127.0.0.1:{PORT + 3}/gateway.do",
)
ALIPAY_APP_ID = env.text("BAOKAO_ALIPAY_APP_ID")
ALIPAY_SELLER_ID = env.text("BAOKAO_ALIPAY_SELLER_ID")
ALIPAY_PRIVATE_KEY = rsa.private_key("BAOKAO_ALIPAY_PRIVATE_KEY")
ALIPAY_PUBLIC_KEYS = rsa.public_keys("BAOKAO_ALIPAY_PUBLIC_KEYS")
ALIPAY_BILL_HOSTS = env.words("BAOKAO_ALIPAY_BILL_HOSTS", "dwbillcenter.alipay.com" if PRODUCTION else "")
PAYEASE_GATEWAY = env.address(
    "BAOKAO_PAYEASE_GATEWAY", "https://pay.yizhifubj.com" if PRODUCTION else f"http://127.0.0.1:{PORT + 3}"
)
PAYEASE_API = env.address(
    "BAOKAO_PAYEASE_API", "https://api.yizhifubj.com" if PRODUCTION else f"http://127.0.0.1:{PORT + 3}"
)
PAYEASE_MERCHANT = payease.merchant("BAOKAO_PAYEASE_MERCHANT")
PAYEASE_KEYS = payease.keys("BAOKAO_PAYEASE_KEYS")
PAYEASE_PUBLIC_KEY = rsa.numbered_key("BAOKAO_PAYEASE_PUBLIC_KEY")
PAYEASE_REFUND_OPERATOR = env.text("BAOKAO_PAYEASE_REFUND_OPERATOR")
PAYEASE_REFUND_METHOD = env.choice("BAOKAO_PAYEASE_REFUND_METHOD", ("POST", "GET", "QUERY"), "POST")
PAYEASE_CONFIRM_BY_QUERY = env.flag("BAOKAO_PAYEASE_CONFIRM_BY_QUERY", True)
PAYEASE_DAY_LISTS = env.flag("BAOKAO_PAYEASE_DAY_LISTS", not PRODUCTION)
PAYEASE_BANKS = payease.banks("BAOKAO_PAYEASE_BANKS")
# Where the heads of the audit's seals go; in production a place that the database's owner can't write (docs/audit.md).
SEAL_LOG = env.path("BAOKAO_SEAL_LOG", DATA / "seals.log")

# What the worker does over and over besides sealing and sending: tuples of core.loops.Loop.
WORKER_LOOPS = ["baokao.registration.loops.LOOPS", "baokao.payments.loops.LOOPS"]
# What only a person can put right, for `baokao check` and /metrics: functions that tell core.watch.Trouble.
TROUBLES = ["baokao.payments.troubles.found"]
# What is deleted or blanked when its time is over: tuples of core.retention.Duty, in the order of their doing.
RETENTION = [
    "baokao.review.retention.DUTIES",
    "baokao.roster.retention.DUTIES",
    "baokao.registration.retention.DUTIES",
    "baokao.passport.retention.DUTIES",
    "baokao.core.uploads.retention.DUTIES",
]

# Which records the roster may not take back for somebody registered with them: a query of (sitting_id, record_id,
# saved_at), told here because the roster doesn't know the apps above it.
ROSTER_BOUND = "baokao.registration.queries.bound.LIVE"

LOGGING_CONFIG = None
SILENCED_SYSTEM_CHECKS: list[str] = []
