"""The WSGI application."""

from __future__ import annotations

import os
import sys

from django.core.wsgi import get_wsgi_application

# Every query of a page gives way to other threads; with the usual five milliseconds it would wait as long for each, in turn.
SWITCH_SECONDS = 0.0005

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forefend.web.project.settings")
sys.setswitchinterval(SWITCH_SECONDS)
application = get_wsgi_application()

from forefend.web.assessment.readying import keep_ready  # noqa: E402 - its models are there only now

keep_ready()
