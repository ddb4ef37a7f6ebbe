"""Mail knows its template, person, language and HTML; people have a language."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_factors")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="language",
            field=models.CharField(
                blank=True,
                default="",
                help_text="empty: not chosen yet",
                max_length=10,
                verbose_name="language",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="mail",
            name="kind",
            field=models.CharField(
                default="free",
                help_text="the template it was written from",
                max_length=80,
                verbose_name="kind",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="mail",
            name="person",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="mail",
                to=settings.AUTH_USER_MODEL,
                verbose_name="whom it is about",
            ),
        ),
        migrations.AddField(
            model_name="mail",
            name="reply_to",
            field=models.EmailField(blank=True, default="", max_length=254, verbose_name="answers go to"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="mail",
            name="language",
            field=models.CharField(default="en", max_length=10, verbose_name="language"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="mail",
            name="html",
            field=models.TextField(blank=True, default="", verbose_name="HTML"),
            preserve_default=False,
        ),
    ]
