"""The seed is the same each time, fits any day of the year, and the State's size keeps every constraint."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models, transaction
from django.db.models import Count

from accounts.models import Event
from articulations.models import AgreementDocument, Articulation, Section
from grading.models import ClassCompletion, GradeEntry
from sers.seed.demo import build_demo
from students.models import EarnedCredential, GuardianLink, Registration, Student, YearlyNotice
from tests.people import make_consent
from tests.transcripts.reading import text_of
from transcripts.models import (
    AwardSource,
    CreditAward,
    Letter,
    LetterFile,
    PostingEvent,
    Transcript,
    TranscriptFile,
    TranscriptionRun,
)
from transcripts.rules import verify_chain

LONG = os.environ.get("SERS_PROOF") == "long"
DAY = date(2026, 11, 22)

#: What of a sealed document is the same each time: a seal says the moment it was set, so its bytes differ and its words do
#: not. Some keys come from a sequence, which does not go back when a transaction does.
SEALED: dict[type[models.Model], str] = {
    Transcript: "(to_jsonb(t) - 'sha256')",
    Letter: "(to_jsonb(t) - 'sha256' - 'id')",
    YearlyNotice: "(to_jsonb(t) - 'id')",
    TranscriptFile: "t.transcript_id",
    LetterFile: "''",
    AgreementDocument: "(to_jsonb(t) - 'sha256' - 'pdf' - 'id' - 'made_at')",
    GuardianLink.requirements.through: "(t.guardianlink_id, t.requirement_id)",
}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def consent(db: None) -> None:
    """A migration puts the consent text into every database; tests that ran before may have emptied this one."""
    make_consent()


@contextmanager
def taken_back() -> Iterator[None]:
    """Rows written here leave the database again, with every constraint checked before."""
    with transaction.atomic():
        yield
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)


def rows() -> dict[str, tuple[int, str]]:
    """How many rows every table of ours has, and one fingerprint of them."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model.__module__.startswith("django."):
                continue
            table = connection.ops.quote_name(model._meta.db_table)
            row = SEALED.get(model, "t")
            cursor.execute(
                f"SELECT count(*), md5(string_agg({row}::text, '|' ORDER BY {row}::text)) FROM {table} t"
            )
            found[table] = cursor.fetchone()
    return found


def words() -> list[str]:
    """What every document says."""
    files = [*TranscriptFile.objects.order_by("transcript"), *LetterFile.objects.order_by("letter")]
    return [text_of(bytes(file.pdf)) for file in files]


def standing() -> list[tuple[str, ...]]:
    """Every constraint, index and trigger of the database, as it is defined; casts and brackets left out.

    PostgreSQL writes down `x = ANY ((ARRAY['a'])::text[])` and reads that back as `x = ANY (ARRAY['a'::text])`.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated::text
            FROM pg_constraint WHERE connamespace = 'public'::regnamespace
            UNION ALL
            SELECT 'index', tablename, indexname, indexdef, '' FROM pg_indexes WHERE schemaname = 'public'
            UNION ALL
            SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), tgenabled::text
            FROM pg_trigger WHERE NOT tgisinternal
            ORDER BY 1, 2, 3
            """
        )
        return [
            (*row[:3], re.sub(r"::(character varying|text)(\[\])?|[()]", "", row[3]), row[4])
            for row in cursor.fetchall()
        ]


def test_the_same_day_gives_the_same_rows() -> None:
    found = []
    for _ in range(2):
        with taken_back():
            build_demo(DAY)
            found.append((rows(), words()))
    assert [table for table, stands in found[0][0].items() if stands != found[1][0][table]] == []
    assert found[0][1] == found[1][1]
    tables, documents = found[0]
    assert tables['"students_registration"'][0] > 3000
    assert len(documents) == tables['"transcripts_transcript"'][0] + tables['"transcripts_letter"'][0]


DAYS = [date(2026, 7, 1), date(2027, 6, 30)]
MORE = [
    date(2026, 7, 15), date(2026, 8, 20), date(2026, 12, 1), date(2027, 1, 31), date(2027, 6, 20),
    date(2028, 2, 29), date(2029, 7, 1),
]  # fmt: skip


@pytest.mark.parametrize("day", DAYS + MORE * LONG, ids=str)
def test_any_day_can_be_seeded(day: date) -> None:
    with taken_back():
        campus = build_demo(day, transcripts=0)
        current = Registration.objects.filter(year__first_year=campus.clock.year)
        assert current.filter(status="in_progress").exists()
        assert current.filter(status="completed").exists()
        assert Registration.objects.to_award(
            campus.places.colleges["Columbia Basin College"], campus.years.by_first[campus.clock.year - 1]
        ).exists()


def test_the_states_size_keeps_every_constraint_and_chain() -> None:
    scale = 0.02 if LONG else 0.002
    before = standing()
    with taken_back():
        call_command("seed", size="state", scale=scale, on=DAY, verbosity=0)
        assert standing() == before
        assert Student.objects.count() > 500_000 * scale
        assert Registration.objects.count() > 1_990_000 * scale
        assert GradeEntry.objects.count() > 1_600_000 * scale
        assert EarnedCredential.objects.count() > 30_000 * scale
        assert not EarnedCredential.objects.filter(earned_on__gt=DAY).exists()
        assert Articulation.objects.count() > 10_000 * scale
        assert Section.objects.count() > 60_000 * scale
        assert CreditAward.objects.count() > 850_000 * scale
        assert PostingEvent.objects.filter(kind="posted").count() > 850_000 * scale
        assert Event.objects.filter(kind="students.registered").count() == Registration.objects.count()
        declared = ClassCompletion.objects.filter(completed=20, not_attained=3, ended=1)
        assert declared.count() > 50_000 * scale
        assert set(CreditAward.objects.values_list("year__first_year", flat=True)) == set(range(2017, 2026))
        runs = list(TranscriptionRun.objects.order_by("id"))
        assert all(verify_chain(run) for run in runs)
        grades = AwardSource.objects.values_list(
            "grade__outcome", "registration__status", "registration__fees_req"
        )
        assert {row[:2] for row in grades} == {("completed", "completed")}
        assert "pending" not in {row[2] for row in grades}
        assert not Registration.objects.filter(awarded_at__isnull=False, award_sources=None).exists()
        sections = Section.objects.filter(teachers__user__username="teacher.demo", year__first_year=2026)
        for size in (30, 40):
            section = sections.annotate(size=Count("registrations")).get(size=size)
            assert set(section.registrations.values_list("status", flat=True)) == {"in_progress"}
