from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("students", "0036_amendments_follow_credit")]

    operations = [
        migrations.AddIndex(
            model_name="registration",
            index=models.Index(
                condition=models.Q(("awarded_at__isnull", True), ("status", "completed")),
                fields=["college", "year"],
                name="registration_not_awarded",
            ),
        ),
    ]
