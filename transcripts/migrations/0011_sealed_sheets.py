import pgtrigger.migrations
from django.db import migrations

import sers.lib.fields


class Migration(migrations.Migration):
    dependencies = [("transcripts", "0010_wrong_ids_are_replaced")]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="sheetimport",
            name="imported_sheet_is_ink",
        ),
        migrations.AddField(
            model_name="sheetimport",
            name="sealed",
            field=sers.lib.fields.SealedTextField(blank=True, default=b"", verbose_name="sheet"),
            preserve_default=False,
        ),
    ]
