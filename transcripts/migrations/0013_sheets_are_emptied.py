import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("transcripts", "0012_seal_waiting_sheets")]

    operations = [
        # Taken away, and brought back empty where this is undone.
        migrations.AlterField(
            model_name="sheetimport", name="text", field=models.TextField("sheet", default="")
        ),
        migrations.RemoveField(model_name="sheetimport", name="text"),
        migrations.RenameField(model_name="sheetimport", old_name="sealed", new_name="text"),
        pgtrigger.migrations.AddTrigger(
            model_name="sheetimport",
            trigger=pgtrigger.compiler.Trigger(
                name="imported_sheet_is_ink",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."college_id" IS DISTINCT FROM (NEW."college_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."sha256" IS DISTINCT FROM (NEW."sha256") OR OLD."uploaded_by_id" IS DISTINCT FROM (NEW."uploaded_by_id") OR OLD."uploaded_at" IS DISTINCT FROM (NEW."uploaded_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="a7c0918977110678af17ef12d8b54eb29faadd84",
                    operation="UPDATE",
                    pgid="pgtrigger_imported_sheet_is_ink_9728d",
                    table="transcripts_sheetimport",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sheetimport",
            trigger=pgtrigger.compiler.Trigger(
                name="waiting_sheet_is_ink",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."state" = \'waiting\' AND OLD."text" IS DISTINCT FROM (NEW."text"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="c53200e2a207f448cc36e4c0cf45b04eddb44aef",
                    operation="UPDATE",
                    pgid="pgtrigger_waiting_sheet_is_ink_f1928",
                    table="transcripts_sheetimport",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="sheetimport",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "waiting"), ("text", ""), _connector="OR"),
                name="decided_import_is_emptied",
            ),
        ),
    ]
