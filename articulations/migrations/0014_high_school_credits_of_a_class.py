"""The constraint says what the number is of: the whole class, not a year of it."""

from decimal import Decimal

from django.db import migrations, models

RENAME = "ALTER TABLE articulations_highschoolcourse RENAME CONSTRAINT {} TO {}"
OLD, NEW = "high_school_credits_of_a_year", "high_school_credits_of_a_class"


class Migration(migrations.Migration):
    dependencies = [("articulations", "0013_files_of_classes")]

    operations = [
        migrations.RunSQL(
            RENAME.format(OLD, NEW),
            RENAME.format(NEW, OLD),
            state_operations=[
                migrations.RemoveConstraint(model_name="highschoolcourse", name=OLD),
                migrations.AddConstraint(
                    model_name="highschoolcourse",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("high_school_credits", None),
                            models.Q(
                                ("high_school_credits__gte", Decimal("0.25")), ("high_school_credits__lte", 3)
                            ),
                            _connector="OR",
                        ),
                        name=NEW,
                        violation_error_message="Enter high-school credits from 0.25 to 3.",
                    ),
                ),
            ],
        )
    ]
