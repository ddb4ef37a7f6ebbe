from typing import Any

from django.db import migrations
from django.db.models import F, OuterRef, Subquery


def move(apps: Any, schema_editor: Any) -> None:
    Student = apps.get_model("students", "Student")
    User = apps.get_model("accounts", "User")
    Student.objects.filter(user__isnull=True).update(imported_email=F("email"))
    second = Student.objects.filter(user=OuterRef("pk")).values("second_email")[:1]
    User.objects.filter(second_email="", student__second_email__gt="").update(second_email=Subquery(second))


def move_back(apps: Any, schema_editor: Any) -> None:
    Student = apps.get_model("students", "Student")
    User = apps.get_model("accounts", "User")
    Student.objects.filter(user__isnull=True).update(email=F("imported_email"))
    Student.objects.filter(user__isnull=False).update(
        email=Subquery(User.objects.filter(pk=OuterRef("user")).values("email")[:1])
    )


class Migration(migrations.Migration):
    """Where account and record had two addresses, the account's holds: only there a change was confirmed by its link.
    A second address goes to the account, unconfirmed, unless the account has one."""

    dependencies = [("students", "0012_imported_email"), ("accounts", "0014_refused_address")]

    operations = [migrations.RunPython(move, move_back)]
