"""A transcript keeps the name it says."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("transcripts", "0002_states_are_known")]
    operations = [
        migrations.AddField(
            model_name="transcript",
            name="name",
            field=models.CharField(default="", editable=False, max_length=310, verbose_name="legal name"),
            preserve_default=False,
        )
    ]
