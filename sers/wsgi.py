"""The door of the web server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sers.settings")

import sers.celery  # noqa: F401  (shared tasks and the outbox's nudge find their broker)

application = get_wsgi_application()

from accounts.checks import refuse_demo_people  # noqa: E402  (models are there only now)

refuse_demo_people()
