from django.db import migrations, models


class Migration(migrations.Migration):
    """The record has no address of its own beside an account's: the database keeps the two apart."""

    dependencies = [("students", "0013_one_address")]

    operations = [
        migrations.RemoveField(model_name="student", name="email"),
        migrations.RemoveField(model_name="student", name="second_email"),
        migrations.AddConstraint(
            model_name="student",
            constraint=models.CheckConstraint(
                condition=models.Q(("user__isnull", True), ("imported_email", ""), _connector="OR"),
                name="an_address_stands_in_one_place",
            ),
        ),
    ]
