"""A college's summer for the proofs: students with completed classes, and what must be true when their run is over.

Run in a process of its own, beside real workers: `python -m tests.proofs.summer build 40`, `... start`, `... report`.
"""

import json
import os
import sys
from typing import Any

#: Where a worker can die in the work on one student, by module and function; before it and after it.
STEPS = (
    "transcripts.actions.runs._claim",
    "transcripts.actions.runs.give_sid",
    "transcripts.actions.runs.transcript_rows",
    "transcripts.documents.draw",
    "transcripts.actions.runs.award_credit",
    "transcripts.actions.runs.issue_transcript",
    "transcripts.actions.runs.tell_student",
    "transcripts.actions.runs.transcribe_student",
    "transcripts.actions.runs.finish_run",
)
CLASSES_OF = 5  # every fifth student took a second class, every tenth still owes a form


def build(count: int, ids: str = "") -> dict[str, Any]:
    """A college with so many students who completed a class; says how much of it a run must award and hold.

    `ids` "range": SERS gives out the college's IDs.
    """
    from accounts.access import Role
    from organizations.models import CollegeYear, SchoolDistrict
    from students.models import Registration
    from tests import people
    from transcripts.models import TranscriptionPlan

    year = people.make_year()
    college = people.make_college("Columbia Basin College", "WA190")
    school = people.make_school(
        "Kamiakin High School", SchoolDistrict.objects.create(name="Kennewick", county="Benton")
    )
    consortium = people.make_consortium("Columbia Basin", [college], [school.district])
    terms = CollegeYear.objects.create(
        college=college, year=year, scale=people.make_scale(), minimum_percent=85
    )
    if ids:
        TranscriptionPlan.objects.create(
            college_year=terms, sids=ids, sid_from=900_000_000, sid_to=900_099_999, sid_required=True
        )
    people.make_person(Role.REGISTRAR, college, username="rita.registrar", email="rita@example.org")
    teacher = people.make_person(Role.TEACHER, school).seats.get()
    taught = [
        (people.make_high_school_course(school, title), people.make_college_course(college, code))
        for title, code in (("Accounting 1", "ACCT& 201"), ("Welding 1", "WLD 110"))
    ]
    sections = [people.make_section(course, teacher) for course, _ in taught]
    agreements = [people.make_agreement(pair, consortium=consortium) for pair in taught]
    awarded = held = 0
    for number in range(count):
        student = people.make_student(school, f"Student{number}", "Sample", user=None)
        owes = number % (2 * CLASSES_OF) == 0
        for section, agreement in list(zip(sections, agreements, strict=True))[
            : 1 if number % CLASSES_OF else 2
        ]:
            fees = (
                Registration.FeesReq.PENDING
                if owes and section is sections[1]
                else Registration.FeesReq.NOT_REQUIRED
            )
            people.make_registration(student, section, agreement, fees_req=fees, percent="95")
            awarded, held = (awarded, held + 1) if fees == "pending" else (awarded + 1, held)
    return {"students": count, "awarded": awarded, "held": held}


def start() -> dict[str, Any]:
    """Start the run, as the registrar's button does; how long the button took."""
    import time

    from accounts.models import User
    from organizations.models import AcademicYear, College
    from transcripts.actions import start_run

    begun = time.monotonic()
    run = start_run(
        college=College.objects.get(),
        year=AcademicYear.objects.current(),
        by=User.objects.get(username="rita.registrar"),
    )
    return {"run": run.pk, "seconds": time.monotonic() - begun}


def report() -> dict[str, Any]:
    """Everything that must be true of the one run there is."""
    from django.db.models import Count

    from accounts.models import Job, Mail
    from students.models import Registration
    from transcripts import rules
    from transcripts.models import (
        AwardSource,
        CollegeIdentity,
        CreditAward,
        RunItem,
        RunLine,
        Transcript,
        TranscriptFile,
        TranscriptionRun,
    )

    run = TranscriptionRun.objects.get()
    figures = rules.totals(run)
    letters = Mail.objects.filter(key__startswith=f"transcript-{run.pk}-")

    def twice(rows: Any, *fields: str) -> int:
        return int(rows.order_by().values(*fields).annotate(n=Count("pk")).filter(n__gt=1).count())

    return {
        "state": run.state,
        "students": figures.students,
        "done": figures.done,
        "awarded": figures.awarded,
        "recorded": figures.recorded,
        "held": figures.held,
        "waiting": figures.waiting,
        "agree": figures.agree,
        "chain": rules.verify_chain(run),
        "broken": run.lines.filter(problem=RunLine.Problem.BROKEN).count(),
        "awards twice": twice(CreditAward.objects, "student", "college_course"),
        "sources twice": twice(AwardSource.objects, "registration", "college_course"),
        "transcripts twice": twice(Transcript.objects, "student", "run"),
        "mails twice": twice(letters, "to"),
        "transcripts": figures.transcripts,
        "current transcripts": Transcript.objects.filter(replaced_by__isnull=True).count(),
        "files": TranscriptFile.objects.count(),
        "students with credit": CreditAward.objects.values("student").distinct().count(),
        "classes marked": Registration.objects.filter(awarded_at__isnull=False).count(),
        "mails": letters.count(),
        "ids twice": twice(CollegeIdentity.objects, "college", "sid")
        + twice(CollegeIdentity.objects, "student"),
        "mails not sent": Mail.objects.exclude(state="done").count(),
        "message ids": sorted(str(mail.public_id) for mail in Mail.objects.all()),
        "jobs not done": Job.objects.exclude(state="done").count(),
        "most attempts": max(RunItem.objects.values_list("attempts", flat=True)),
    }


def read(words: list[str]) -> list[Any]:
    return [int(word) if word.isdigit() else word for word in words]


def setup() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sers.settings")
    import django

    from sers.celery import app

    django.setup()
    app.set_default()


if __name__ == "__main__":
    setup()
    act, *words = sys.argv[1:]
    print(json.dumps({"build": build, "start": start, "report": report}[act](*read(words))))
