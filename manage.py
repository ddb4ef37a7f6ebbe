#!/usr/bin/env python3
"""Django's commands.

Without DATABASE_URL they talk to the private servers that bin/serve keeps in .data/, in the demo state.
"""

import os
import sys

from sers.lib import embedded


def main() -> None:
    """Set the stage (environment, Celery's application) and let Django take over."""
    if "DATABASE_URL" not in os.environ:
        for name, value in embedded.HOME.environment().items():
            os.environ.setdefault(name, value)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sers.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError as error:
        raise SystemExit(
            "Django is not installed for this Python. Run bin/serve or bin/test once, then .venv/bin/python manage.py"
        ) from error
    import sers.celery  # noqa: F401  (shared tasks find their broker)

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
