"""Sheets that wait are sealed; of those that were decided nothing is carried over."""

from django.db import migrations


def seal(apps, schema_editor):
    for sheet in apps.get_model("transcripts", "SheetImport").objects.filter(state="waiting").iterator(10):
        sheet.sealed = sheet.text
        sheet.save(update_fields=("sealed",))


def unseal(apps, schema_editor):
    for sheet in apps.get_model("transcripts", "SheetImport").objects.filter(state="waiting").iterator(10):
        sheet.text = sheet.sealed
        sheet.save(update_fields=("text",))


class Migration(migrations.Migration):
    dependencies = [("transcripts", "0011_sealed_sheets")]

    operations = [migrations.RunPython(seal, unseal)]
