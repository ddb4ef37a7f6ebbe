"""A registration names the text it was made under by a key: the column stays, the database holds it to the rows."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("students", "0017_first_consent_text")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name="registration", name="consent_version"),
                migrations.AddField(
                    model_name="registration",
                    name="consent",
                    field=models.ForeignKey(
                        db_column="consent_version",
                        db_index=False,
                        default="2026-1",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registrations",
                        to="students.consenttext",
                        to_field="version",
                        verbose_name="consent text",
                    ),
                    preserve_default=False,
                ),
            ],
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE students_registration ADD CONSTRAINT registration_agreed_to_a_text"
                    " FOREIGN KEY (consent_version) REFERENCES students_consenttext (version)"
                    " DEFERRABLE INITIALLY DEFERRED",
                    "ALTER TABLE students_registration DROP CONSTRAINT registration_agreed_to_a_text",
                ),
            ],
        ),
    ]
