"""The serial number behind new CTE Dual Credit IDs. Seven digits; legacy IDs have six and stay as they are."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("students", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE students_sers_number AS integer MINVALUE 1 MAXVALUE 9999999 START WITH 6200001",
            "DROP SEQUENCE students_sers_number",
        )
    ]
