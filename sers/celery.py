"""The Celery application. manage.py, the web process and the worker load it; nothing imports it."""

import os
from typing import Any

from celery import Celery, platforms
from celery.signals import beat_embedded_init, worker_init
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sers.settings")

app = Celery("sers")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def refuse_demo_people(**_: Any) -> None:
    """A worker outside the demo state does not start on a database with demo people."""
    from accounts import checks  # models are there only once the worker has set Django up

    try:
        checks.refuse_demo_people()
    except ImproperlyConfigured as error:
        raise SystemExit(str(error)) from error  # Celery logs what else a signal raises, and goes on


@beat_embedded_init.connect
def end_with_the_worker(**_: Any) -> None:
    """The demo's beat lives inside its worker. Celery sees to it that pool processes end with a worker that is
    killed, but forgets beat, which would go on sending."""
    platforms.set_pdeathsig("SIGKILL")
