"""Django settings, built from the settings of the installation: no database, no accounts, no cookies, loopback only."""

from __future__ import annotations

import secrets
from pathlib import Path

from csp.constants import NONE, SELF

from forefend.settings import read_settings

WEB = Path(__file__).parents[1]
CHART = WEB.parent / "chart"

FOREFEND = read_settings()

DEBUG = False
# Nothing is signed, as there is no session, form or cookie; Django wants a key all the same.
SECRET_KEY = FOREFEND.secret_key or secrets.token_urlsafe(50)
# The names under which the loopback address is reached; any other is refused, so that no foreign page can read these.
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]

INSTALLED_APPS = [
    "django.contrib.staticfiles",
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
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "forefend.web.project.headers.add_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "forefend.web.project.headers.only_reading",
    "django.middleware.common.CommonMiddleware",
    "forefend.web.project.errors.refuse_in_one_sentence",
    "forefend.web.project.memory.PageMemory",
]
ROOT_URLCONF = "forefend.web.project.urls"
WSGI_APPLICATION = "forefend.web.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "context_processors": ["forefend.web.design.page.in_context"],
            "builtins": ["django_cotton.templatetags.cotton", "forefend.web.design.templatetags.forefend"],
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
DATABASES: dict[str, object] = {}
USE_I18N = False  # texts come from forefend.locale, by the first part of the address
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
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
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
