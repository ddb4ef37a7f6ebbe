from typing import Any

from django.db import migrations

from sers.lib.folding import fold_parts


def fold(apps: Any, schema_editor: Any) -> None:
    CollegeCourse = apps.get_model("articulations", "CollegeCourse")
    courses = list(CollegeCourse.objects.only("code", "title", "cip"))
    for course in courses:
        course.folded = fold_parts(course.code, course.title, course.cip)[:200]
    CollegeCourse.objects.bulk_update(courses, ("folded",), batch_size=500)


class Migration(migrations.Migration):
    """Courses that are here already get the words they are found by."""

    dependencies = [("articulations", "0008_college_catalog")]

    operations = [migrations.RunPython(fold, migrations.RunPython.noop)]
