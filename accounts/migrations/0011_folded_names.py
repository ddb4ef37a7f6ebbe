import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    """The name of a person, folded: lists of people sort and search by it."""

    dependencies = [("accounts", "0010_activated")]

    operations = [
        migrations.AddField(
            "user",
            "folded",
            models.CharField(default="", editable=False, max_length=310),
            preserve_default=False,
        ),
        migrations.AddIndex(
            "user",
            django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(models.F("folded"), name="gin_trgm_ops"),
                name="user_names",
            ),
        ),
        migrations.AddIndex("user", models.Index(fields=["folded", "id"], name="user_by_name")),
    ]
