from typing import Any

from django.db import migrations

from sers.lib.folding import fold_parts


def fold(apps: Any, schema_editor: Any) -> None:
    User = apps.get_model("accounts", "User")
    changed = []
    for user in User.objects.only("first_name", "last_name").iterator(chunk_size=2000):
        user.folded = fold_parts(user.last_name, user.first_name)[:310]
        changed.append(user)
        if len(changed) == 2000:
            User.objects.bulk_update(changed, ("folded",))
            changed.clear()
    User.objects.bulk_update(changed, ("folded",))


class Migration(migrations.Migration):
    """People who are here already get their folded name."""

    dependencies = [("accounts", "0011_folded_names")]

    operations = [migrations.RunPython(fold, migrations.RunPython.noop)]
