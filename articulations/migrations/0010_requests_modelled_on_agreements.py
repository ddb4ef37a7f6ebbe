import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A request says which agreement elsewhere it began with."""

    dependencies = [
        ("articulations", "0009_courses_are_found"),
    ]

    operations = [
        migrations.AddField(
            model_name="articulationrequest",
            name="modelled_on",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="modelled_requests",
                to="articulations.articulation",
            ),
        ),
    ]
