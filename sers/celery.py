"""The Celery application. manage.py, the web process and the worker load it; nothing imports it."""

import os
from typing import Any

from celery import Celery, platforms
from celery.signals import beat_embedded_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sers.settings")

app = Celery("sers")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@beat_embedded_init.connect
def end_with_the_worker(**_: Any) -> None:
    """The demo's beat lives inside its worker. Celery sees to it that pool processes end with a worker that is
    killed, but forgets beat, which would go on sending."""
    platforms.set_pdeathsig("SIGKILL")
