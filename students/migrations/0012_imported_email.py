from django.db import migrations, models


class Migration(migrations.Migration):
    """A place for the address of a record without an account; the address of an account is the account's."""

    dependencies = [("students", "0011_student_files")]

    operations = [
        migrations.AddField(
            model_name="student",
            name="imported_email",
            field=models.EmailField(
                blank=True, default="", max_length=254, verbose_name="e-mail without an account"
            ),
            preserve_default=False,
        ),
    ]
