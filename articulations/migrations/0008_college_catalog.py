import uuid

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """What a college course is in full, the words courses and classes are compared by, and files of courses."""

    dependencies = [
        ("articulations", "0007_first_reviews"),
        ("organizations", "0009_terms_in_full"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CourseFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=100, verbose_name="file name")),
                ("rows", models.JSONField(default=list, verbose_name="rows")),
                (
                    "state",
                    models.CharField(
                        choices=[("preview", "To be checked"), ("done", "Saved")],
                        default="preview",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "handed_in_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="handed in at"
                    ),
                ),
                ("saved_at", models.DateTimeField(blank=True, null=True, verbose_name="saved at")),
                ("added", models.PositiveIntegerField(default=0, verbose_name="courses added")),
                ("changed", models.PositiveIntegerField(default=0, verbose_name="courses changed")),
                (
                    "marked",
                    models.PositiveIntegerField(default=0, verbose_name="agreements marked for review"),
                ),
            ],
            options={
                "ordering": ("-handed_in_at", "-id"),
            },
        ),
        migrations.AddField(
            model_name="collegecourse",
            name="active_from",
            field=models.DateField(blank=True, null=True, verbose_name="taught from"),
        ),
        migrations.AddField(
            model_name="collegecourse",
            name="active_until",
            field=models.DateField(blank=True, null=True, verbose_name="taught until"),
        ),
        migrations.AddField(
            model_name="collegecourse",
            name="cip",
            field=models.CharField(blank=True, max_length=6, verbose_name="CIP code"),
        ),
        migrations.AddField(
            model_name="collegecourse",
            name="folded",
            field=models.CharField(default="", editable=False, max_length=200),
        ),
        migrations.AddField(
            model_name="collegecourse",
            name="site_url",
            field=models.URLField(blank=True, verbose_name="college site"),
        ),
        migrations.AddField(
            model_name="collegecourse",
            name="terms",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.contrib.postgres.search.SearchVector(
                    "title", "description", "outcomes", config="english"
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddField(
            model_name="highschoolcourse",
            name="competencies",
            field=models.TextField(blank=True, max_length=8000, verbose_name="competencies"),
        ),
        migrations.AddField(
            model_name="highschoolcourse",
            name="terms",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.contrib.postgres.search.SearchVector(
                    "title", "competencies", config="english"
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            model_name="collegecourse",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(models.F("folded"), name="gin_trgm_ops"),
                name="college_course_words",
            ),
        ),
        migrations.AddIndex(
            model_name="collegecourse",
            index=django.contrib.postgres.indexes.GinIndex(fields=["terms"], name="college_course_terms"),
        ),
        migrations.AddIndex(
            model_name="highschoolcourse",
            index=models.Index(
                fields=["cip"], name="high_school_course_by_cip", opclasses=("varchar_pattern_ops",)
            ),
        ),
        migrations.AddIndex(
            model_name="highschoolcourse",
            index=django.contrib.postgres.indexes.GinIndex(fields=["terms"], name="high_school_course_terms"),
        ),
        migrations.AddConstraint(
            model_name="collegecourse",
            constraint=models.CheckConstraint(
                condition=models.Q(("cip", ""), ("cip__regex", "^[0-9]{6}$"), _connector="OR"),
                name="college_course_cip_has_six_digits",
                violation_error_message="Enter the six digits of the CIP code, without the dot.",
            ),
        ),
        migrations.AddConstraint(
            model_name="collegecourse",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("active_from", None),
                    ("active_until", None),
                    ("active_until__gte", models.F("active_from")),
                    _connector="OR",
                ),
                name="college_course_ends_after_it_begins",
                violation_error_message="The course ends before it begins.",
            ),
        ),
        migrations.AddField(
            model_name="coursefile",
            name="college",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="course_files",
                to="organizations.college",
            ),
        ),
        migrations.AddField(
            model_name="coursefile",
            name="handed_in_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="coursefile",
            name="saved_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="coursefile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("saved_at__isnull", True), ("saved_by__isnull", True), ("state", "preview")),
                    models.Q(("saved_at__isnull", False), ("saved_by__isnull", False), ("state", "done")),
                    _connector="OR",
                ),
                name="course_file_saved_has_its_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="coursefile",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("preview", "done"))), name="course_file_state_is_known"
            ),
        ),
    ]
