import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """A second person may refuse a changed address; what it was before is known to be confirmed or not."""

    dependencies = [
        ("accounts", "0013_mail_that_came_back"),
    ]

    operations = [
        migrations.AddField(
            model_name="emailchange",
            name="old_confirmed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="former address confirmed at"),
        ),
        migrations.AddField(
            model_name="emailchange",
            name="refused_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="refused at"),
        ),
        migrations.AddField(
            model_name="emailchange",
            name="refused_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="emailchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("refused_by__isnull", True), ("refused_at__isnull", True)),
                    models.Q(
                        ("approved_at__isnull", True),
                        ("refused_at__isnull", False),
                        ("refused_by__isnull", False),
                        models.Q(
                            ("confirmed_at__isnull", False), ("ended_at__isnull", False), _connector="OR"
                        ),
                        models.Q(("refused_by", models.F("by")), _negated=True),
                        models.Q(("refused_by", models.F("user")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="refused_once_by_a_second_person",
            ),
        ),
    ]
