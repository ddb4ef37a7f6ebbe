"""Links of students become links of accounts: the same tokens open them."""

from django.db import migrations


def move(apps, schema_editor):
    """Those that still open something; the others have nothing left to tell."""
    StudentLink = apps.get_model("students", "StudentLink")
    MailedLink = apps.get_model("accounts", "MailedLink")
    MailedLink.objects.bulk_create(
        MailedLink(
            user_id=link.student.user_id,
            purpose="confirm_email",
            address=link.student.email,
            token_hash=link.token_hash,
            created_at=link.created_at,
            expires_at=link.expires_at,
        )
        for link in StudentLink.objects.filter(used_at=None, student__user__isnull=False).select_related(
            "student"
        )
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_mailed_link"),
        ("students", "0004_registration_fees_decided"),
    ]

    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
