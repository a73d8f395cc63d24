"""All settings, read from the environment: safe defaults for development, no default secret in production."""

from pathlib import Path
from typing import Any

from backend import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.text("COMPAGNON_VAR") or BASE_DIR / "var")
PRODUCTION = env.choice("COMPAGNON_ENV", "development", ("development", "production")) == "production"
DEBUG = env.flag("DEBUG", False)

SECRET_KEY = env.secret("SECRET_KEY", kept_in=None if PRODUCTION else VAR_DIR / "secret_key")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "" if PRODUCTION else "localhost,127.0.0.1,[::1],testserver")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
# The address that members type, for links in mails and calendar feeds.
PUBLIC_URL = env.text("PUBLIC_URL", f"http://localhost:{env.number('PORT', 8000)}").rstrip("/")

INSTALLED_APPS = [
    "daphne",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "allauth",
    "allauth.account",
    "allauth.headless",
    "django_tasks",
    "django_tasks_db",
    "backend.skills",
    "backend.members",
    "backend.notices",
    "backend.trust",
    "backend.conversations",
    "backend.collectives",
    "backend.bookings",
    "backend.mentoring",
    "backend.calls",
    "backend.consultations",
    "backend.decisions",
    "backend.demo",
    "realtime",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "backend.web.SecureHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "backend.web.MemberLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "backend.urls"
ASGI_APPLICATION = "realtime.asgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "backend" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# -- data ------------------------------------------------------------------------------------------------------------
DATABASES = {"default": env.database(env.text("DATABASE_URL"), sqlite_path=VAR_DIR / "compagnon.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.text("REDIS_URL")
CHANNEL_LAYERS: dict[str, dict[str, Any]] = {
    "default": {
        # Pub/sub, never the core layer: that one drops messages silently when a channel is full.
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": env.text("REDIS_PREFIX", "compagnon")},
    }
    if REDIS_URL
    else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
}
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": env.text("REDIS_PREFIX", "compagnon"),
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "compagnon"}
}
# Our shorter way from the hub to the socket (realtime/server.py); off means stock Daphne.
REALTIME_WRITE_THROUGH = env.flag("REALTIME_WRITE_THROUGH", True)
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
# Files of everyone for the matching engine, shared by the processes of this machine; None: each reads the database.
PEOPLE_ROOT: Path | None = VAR_DIR / "people"
MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = "/media/"
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
PHOTO_MAX_BYTES = 8 * 1024 * 1024
PHOTO_MAX_PIXELS = 40_000_000

# -- identity --------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "members.Member"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "backend.members.identity.Identity"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Compagnon: "
# A workshop where everyone joins at once shares one address.
ACCOUNT_RATE_LIMITS = {"signup": f"{env.number('SIGNUPS_A_MINUTE', 20)}/m/ip"}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PRODUCTION else "http"
HEADLESS_ONLY = True
HEADLESS_CLIENTS = ("browser",)
HEADLESS_FRONTEND_URLS = {
    "account_confirm_email": f"{PUBLIC_URL}/verify?key={{key}}",
    "account_reset_password": f"{PUBLIC_URL}/forgot",
    "account_reset_password_from_key": f"{PUBLIC_URL}/forgot?key={{key}}",
    "account_signup": f"{PUBLIC_URL}/join",
}
LOGIN_URL = "/sign-in"

# -- mail ------------------------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", "Compagnon <no-reply@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_HOST = env.text("SMTP_HOST")
EMAIL_PORT = env.number("SMTP_PORT", 587)
EMAIL_HOST_USER = env.text("SMTP_USER")
EMAIL_HOST_PASSWORD = env.text("SMTP_PASSWORD")
EMAIL_USE_TLS = env.flag("SMTP_TLS", True)
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"

# -- languages and time ----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français"), ("nl", "Nederlands"), ("de", "Deutsch")]
LANGUAGE_COOKIE_NAME = "lang"
LOCALE_PATHS = [BASE_DIR / "backend" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# -- the web app and its files ---------------------------------------------------------------------------------------
FRONTEND_BUILD = BASE_DIR / "frontend" / "build"
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = not PRODUCTION
# The files of the web app at the top of the site; those in `immutable` carry a hash of their content in their name.
WHITENOISE_ROOT = FRONTEND_BUILD
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/_app/immutable/"
WHITENOISE_MIMETYPES = {".webmanifest": "application/manifest+json"}

# -- the API ---------------------------------------------------------------------------------------------------------
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["backend.api.MemberSession"],
    "DEFAULT_PERMISSION_CLASSES": ["backend.api.IsOnboarded"],
    "DEFAULT_RENDERER_CLASSES": ["backend.api.Json"],
    "DEFAULT_PARSER_CLASSES": ["backend.api.JsonBody"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "backend.api.Pages",
    "PAGE_SIZE": 30,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["backend.api.Throttle", "backend.api.ScopedThrottle"],
    "DEFAULT_THROTTLE_RATES": {
        "member": f"{env.number('REQUESTS_A_MINUTE', 1200)}/min",
        "messages": "60/min",
        "reactions": "120/min",
        "uploads": "120/hour",
        "requests": "20/hour",
        "invitations": "60/hour",
        "bookings": f"{env.number('BOOKINGS_AN_HOUR', 120)}/hour",
        "checks": "900/hour",
        "conditions": "120/hour",
        "photos": "30/hour",
        "reports": "30/hour",
        "proposals": "30/hour",
    },
    "EXCEPTION_HANDLER": "backend.errors.answer",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Compagnon",
    "VERSION": "1",
    "DESCRIPTION": "Mutual guidance and sharing for a cooperative of freelancers.",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "SCHEMA_PATH_PREFIX": "/api/",
    "WEBHOOKS": ["realtime.frames.from_browser", "realtime.frames.to_browser"],
    "ENUM_NAME_OVERRIDES": {
        "CollectiveRole": "backend.collectives.models.CollectiveMembership.Role",
        "CollectiveState": "backend.collectives.models.CollectiveMembership.State",
        "RoomKind": "backend.conversations.models.Room.Kind",
        "RoomAccess": "backend.conversations.models.Room.Access",
        "RoomRole": "backend.conversations.models.Membership.Role",
        "RoomLevel": "backend.conversations.models.Membership.Level",
        "BrokenRule": "backend.trust.models.Rule",
        "ReportState": "backend.trust.models.Report.State",
        "EventKind": "backend.conversations.models.Event.Kind",
        "AttachmentKind": "backend.conversations.models.Attachment.Kind",
        "NoticeKind": "backend.notices.models.Notice.Kind",
        "ResourceKind": "backend.bookings.models.Resource.Kind",
        "BookingStatus": "backend.bookings.models.Booking.Status",
        "BookingEnding": "backend.bookings.models.Booking.Ending",
        "BlackoutReason": "backend.bookings.models.Blackout.Reason",
        "DamageStatus": "backend.bookings.models.Damage.Status",
        "SkippedReason": "backend.bookings.models.SkippedOccurrence.Reason",
        "OnConflict": "backend.bookings.models.Series.OnConflict",
        "WaitStatus": "backend.bookings.models.Wait.Status",
        "ConditionState": "backend.bookings.models.ConditionReport.State",
        "ConditionMoment": "backend.bookings.models.ConditionReport.Moment",
        "RequestStatus": "backend.mentoring.models.MentorshipRequest.Status",
        "GuidanceKind": "backend.mentoring.models.Kind",
        "GuidingRole": "backend.mentoring.models.Guiding.Role",
        "GuideWaitStatus": "backend.mentoring.models.GuideWait.Status",
        "OpenHourStatus": "backend.mentoring.models.OpenHour.Status",
        "DismissReason": "backend.mentoring.models.Dismissal.Reason",
        "DeclineReason": "backend.mentoring.models.MentorshipRequest.DeclineReason",
        "MentorshipStatus": "backend.mentoring.models.Mentorship.Status",
        "CloseReason": "backend.mentoring.models.Mentorship.CloseReason",
        "Rhythm": "backend.mentoring.models.Agreement.Rhythm",
        "SessionState": "backend.mentoring.models.MentorshipSession.State",
        "SessionWay": "backend.mentoring.models.MentorshipSession.Way",
        "ProgrammeState": "backend.mentoring.models.Programme.State",
        "ProgrammeTakes": "backend.mentoring.models.Programme.Takes",
        "ProgrammeDecides": "backend.mentoring.models.Programme.Decides",
        "CohortObjective": "backend.mentoring.models.Cohort.Objective",
        "ProgrammeEvent": "backend.mentoring.programme_serializers.EVENTS",
        "ParticipantRole": "backend.mentoring.models.Participant.Role",
        "PairOutcome": "backend.mentoring.programme_serializers.OUTCOMES",
        "WeighedPart": "backend.mentoring.weight_views.PARTS",
        "MatchPart": "backend.mentoring.participant_serializers.MATCH_PARTS",
        "MatchCondition": "backend.mentoring.participant_serializers.CONDITIONS",
        "Alikeness": "backend.mentoring.weighing.SIMILAR_OR_DIFFERENT",
        "CohortStatus": "backend.mentoring.models.Cohort.Status",
        "DemandKind": "backend.mentoring.models.PairDemand.Kind",
        "MentorshipRole": "backend.mentoring.serializers.ROLES",
        "Track": "backend.mentoring.models.Track",
        "HelpCallState": "backend.mentoring.models.HelpCall.State",
        "CircleState": "backend.mentoring.models.Circle.State",
        "MyCircleState": "backend.mentoring.circle_serializers.MY_STATES",
        "PulseNeed": "backend.mentoring.models.Pulse.Need",
        "CallState": "backend.calls.models.Call.State",
        "CallAnswerState": "backend.calls.models.CallAnswer.State",
        "ConsultationState": "backend.consultations.models.Consultation.State",
        "ProposalState": "backend.decisions.models.Proposal.State",
        "VotingMethod": "backend.decisions.models.Proposal.Method",
        "Verdict": "backend.decisions.models.Proposal.Verdict",
        "EffectKind": "backend.decisions.models.Change.Kind",
        "EffectState": "backend.decisions.models.Change.State",
        "SuggestionKind": "backend.skills.serializers.KINDS",
    },
}

# -- safety ----------------------------------------------------------------------------------------------------------
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_AGE = 30 * 24 * 3600
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_FAILURE_VIEW = "backend.errors.csrf_failed"
SECURE_SSL_REDIRECT = PRODUCTION and env.flag("SSL_REDIRECT", True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY", PRODUCTION) else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
# Set when a proxy in front adds the client's address to X-Forwarded-For; counts those proxies.
PROXIES = env.number("PROXIES", 1 if PRODUCTION else 0)
REST_FRAMEWORK["NUM_PROXIES"] = PROXIES
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {"daphne": {"level": "WARNING"}, "django.request": {"level": "ERROR"}},
}
