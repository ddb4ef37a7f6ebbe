"""SERS with the floors beside its pages; only bin/bench serves this."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sers.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
settings.ROOT_URLCONF = "sers.bench.floors"
