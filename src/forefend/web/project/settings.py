"""Django settings, built from the settings of the installation."""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF

from forefend.settings import read_settings
from forefend.web.project.database import database_of
from forefend.web.project.hosts import hosts_of, is_on_this_machine_alone, trusted_origins
from forefend.web.project.mail import mail_of
from forefend.web.project.secret import secret_key
from forefend.web.project.signing_in import sign_on_origins, single_sign_on

WEB = Path(__file__).parents[1]
CHART = WEB.parent / "chart"

FOREFEND = read_settings()

DEBUG = False
SECRET_KEY = secret_key(FOREFEND.secret_key, folder=FOREFEND.data_dir)
# The names under which the workbench is reached; any other is refused, so that no foreign page can read these.
ALLOWED_HOSTS = hosts_of(FOREFEND)

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "forefend.web.accounts.apps.AccountsConfig",  # before allauth, whose templates it replaces
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "django_cotton.apps.SimpleAppConfig",
    "csp",
    "forefend.web.design",
    "forefend.web.home",
    "forefend.web.outlook",
    "forefend.web.countries",
    "forefend.web.assessment",
    "forefend.web.options",
    "forefend.web.library",
    "forefend.web.search",
    "forefend.web.numbers",
    "forefend.web.audit",
    "forefend.web.letters",
    "forefend.web.evidence",
    "forefend.web.exchange",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "forefend.web.project.headers.add_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "forefend.web.project.speaking.speak",
    "forefend.web.project.errors.refuse_in_one_sentence",
    "forefend.web.accounts.signing_on.say_that_it_is_away",
    "forefend.web.accounts.gate.Gate",
    "forefend.web.evidence.sizes.refuse_too_large",
    "forefend.web.project.memory.PageMemory",
]
ROOT_URLCONF = "forefend.web.project.urls"
WSGI_APPLICATION = "forefend.web.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "forefend.web.design.page.in_context",
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "forefend.web.design.templatetags.forefend",
                "forefend.web.design.templatetags.controls",
                "forefend.web.assessment.templatetags.assessment",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django_cotton.cotton_loader.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
        },
    }
]
COTTON_ISOLATE_BY_DEFAULT = True  # a component sees what it is given, page and language, and nothing by accident
DATABASES = {"default": database_of(FOREFEND)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_I18N = True  # our texts come from forefend.locale; this is for the sign-in pages of allauth alone
LANGUAGE_CODE = "en"
USE_TZ = True
TIME_ZONE = "UTC"
APPEND_SLASH = True

STATIC_URL = "/static/"
# The style sheets ask for the fonts in a folder beside them.
STATICFILES_DIRS = [("css", CHART / "css"), ("css/fonts", CHART / "fonts")]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder", "django.contrib.staticfiles.finders.AppDirectoriesFinder"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_MAX_AGE = 3600

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],  # a page saves what is typed, and sends large files in pieces
        "form-action": [SELF, *sign_on_origins(FOREFEND)],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "forefend.web.accounts.adapter.Accounts"
SOCIALACCOUNT_ADAPTER = "forefend.web.accounts.adapter.SingleSignOn"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an account is made by a link that came to the address
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
# Behind a proxy every request comes from its address; the one it names as the client's counts.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if FOREFEND.public_url else 0
# The same address may fail five times in five minutes; the same machine fifty times, as a ministry may share one.
ACCOUNT_RATE_LIMITS = {"login_failed": "50/5m/ip,5/5m/key"}
ACCOUNT_FORMS = {
    "login": "forefend.web.accounts.signing_forms.SignIn",
    "change_password": "forefend.web.accounts.signing_forms.ChangePassword",
    "reauthenticate": "forefend.web.accounts.signing_forms.Again",
}
MFA_FORMS = {
    "authenticate": "forefend.web.accounts.signing_forms.Code",
    "reauthenticate": "forefend.web.accounts.signing_forms.CodeAgain",
    "activate_totp": "forefend.web.accounts.signing_forms.FirstCode",
}
MFA_ADAPTER = "forefend.web.accounts.adapter.SecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = is_on_this_machine_alone(FOREFEND)  # http://localhost
MFA_TOTP_ISSUER = "Forefend"
USERSESSIONS_TRACK_ACTIVITY = False
SOCIALACCOUNT_PROVIDERS = single_sign_on(FOREFEND)
SOCIALACCOUNT_ONLY = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"  # a link in a mail leads to the page, not to the sign-in
SESSION_COOKIE_SECURE = FOREFEND.public_url.startswith("https://")
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = trusted_origins(FOREFEND)
CSRF_FAILURE_VIEW = "forefend.web.project.errors.form_expired"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_000_000  # larger files go to the disk at once
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
globals().update(mail_of(FOREFEND))

X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {
        "django": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        # A request for a host that is not ours is answered 400; one line per try would only fill the terminal.
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},
    },
}
