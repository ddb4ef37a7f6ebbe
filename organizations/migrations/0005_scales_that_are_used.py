"""Scales that a college's year names already are in use."""

from django.db import migrations

USED = """
    UPDATE organizations_gradescale SET used_at = now()
    WHERE used_at IS NULL AND id IN (SELECT scale_id FROM organizations_collegeyear)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0004_scales_in_use"),
    ]

    operations = [
        migrations.RunSQL(USED, migrations.RunSQL.noop),
    ]
