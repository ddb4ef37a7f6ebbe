"""Who has a password took up their account; when is not known better than when it was made."""

from typing import Any

from django.db import migrations
from django.db.models import F


def note_who_is_active(apps: Any, schema_editor: Any) -> None:
    users = apps.get_model("accounts", "User").objects
    no_password = "!"  # noqa: S105 -- how Django marks it
    users.filter(activated_at=None).exclude(password__startswith=no_password).update(
        activated_at=F("created_at")
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_recovery"),
    ]

    operations = [
        migrations.RunPython(note_who_is_active, migrations.RunPython.noop),
    ]
