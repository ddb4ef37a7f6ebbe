"""What must be true before SERS starts for real people."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import ProgrammingError

from accounts.models import User

DEMO_PEOPLE = (
    "This database holds people of the demo state, whose password everybody knows. "
    "Start with a database of your own: set DATABASE_URL to one that never held the demo state."
)


@register(Tags.database)
def no_demo_people(
    app_configs: object = None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """Outside the demo state no invented person may sign in. Run by `migrate` and `check --database default`."""
    if settings.DEMO or not databases:
        return []
    try:
        found = User.objects.filter(is_demo=True).exists()
    except ProgrammingError:  # not migrated yet: nobody is in it
        return []
    return [Error(DEMO_PEOPLE, id="accounts.E001")] if found else []


def refuse_demo_people() -> None:
    """For the doors of the web server and the worker, which run no checks: raise instead of serving."""
    for problem in no_demo_people(databases=["default"]):
        raise ImproperlyConfigured(str(problem.msg))
