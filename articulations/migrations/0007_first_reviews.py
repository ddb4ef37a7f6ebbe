from django.db import migrations


class Migration(migrations.Migration):
    """Agreements that stand already are reviewed at their end, or three years after they began: the trigger says when."""

    dependencies = [("articulations", "0006_signed_agreements")]

    operations = [
        migrations.RunSQL(
            "UPDATE articulations_articulation SET review_due_on = NULL WHERE review_due_on IS NULL",
            migrations.RunSQL.noop,
        ),
    ]
