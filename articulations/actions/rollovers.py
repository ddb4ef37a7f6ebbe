"""Classes are rolled over to the next school year, taken back, and handed to other teachers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils import timezone

from accounts.actions import queue_mail, record_event
from accounts.models import User
from articulations import rules
from articulations.models import Rollover, Section
from organizations.models import AcademicYear, Consortium, HighSchool, Seat
from sers.lib.locks import one_at_a_time
from sers.lib.refusal import Refusal, Refused


@dataclass(frozen=True, slots=True)
class Edit:
    """What is changed of a class on its way: its term, and who teaches it where somebody else does."""

    term: str
    teacher: Seat | None = None


def roll_over(
    *,
    consortium: Consortium,
    school: HighSchool | None,
    year_from: AcademicYear,
    year_to: AcademicYear,
    edits: Mapping[str, Edit] | None = None,
    by: User,
) -> Rollover:
    """Make the classes of a school year anew in the next, all of them or none, each with a class code of its own.

    `edits` names the classes that are made (by public id) with what is changed of each; without it every class that can be made is.
    What is there already is passed over, so that the act done twice makes nothing new.
    """
    refusal = rules.why_not_roll_over(by, consortium, school, year_from.first_year, year_to.first_year)
    if refusal is not None:
        raise Refused(refusal)
    try:
        with transaction.atomic():
            # Two at once would both find the classes missing.
            one_at_a_time(f"roll over {consortium.pk} {year_to.first_year}")
            year_from = AcademicYear.objects.get_or_create(first_year=year_from.first_year)[0]
            year_to = AcademicYear.objects.get_or_create(first_year=year_to.first_year)[0]
            chosen = []
            for one in rules.rolled_over(consortium, school, year_from, year_to):
                edit = (edits or {}).get(one.key)
                if edits is not None and edit is None:
                    continue
                teacher = edit.teacher if edit else None
                if one.outcome == "there" or (edits is None and one.outcome != "new"):
                    continue
                if one.outcome == "no_agreement" or (one.outcome == "no_teacher" and teacher is None):
                    raise Refused(
                        Refusal(
                            one.outcome, f"{one.section.high_school_course}: {one.told}", "Nothing was made."
                        )
                    )
                if teacher is not None:
                    refusal = rules.why_not_teach(teacher, one.section.high_school_course.school)
                    if refusal is not None:
                        raise Refused(refusal)
                chosen.append((one, edit))
            if not chosen:
                raise Refused(
                    Refusal(
                        "nothing_new",
                        f"Nothing is to be made in {year_to}.",
                        "Every class is there already, or cannot be made.",
                    )
                )
            done: Rollover = Rollover.objects.create(
                consortium=consortium, school=school, year_from=year_from, year_to=year_to, made=len(chosen),
                done_by=by,
            )  # fmt: skip
            made = Section.objects.bulk_create(
                Section(
                    high_school_course_id=one.section.high_school_course_id, year=year_to,
                    term=edit.term if edit else one.section.term, label=one.section.label, rollover=done,
                    copied_from=one.section,
                )
                for one, edit in chosen
            )  # fmt: skip
            through = Section.teachers.through
            through.objects.bulk_create(
                through(section=section, seat=seat)
                for section, (one, edit) in zip(made, chosen, strict=True)
                for seat in ([edit.teacher] if edit and edit.teacher else one.teachers)
            )
            record_event(
                by=by, kind="articulations.rolled_over", subject=done,
                data={"made": len(made), "sections": [one.pk for one in made]},
            )  # fmt: skip
    except IntegrityError as error:
        if "section_once" not in str(error) and "class_rolled_over_once" not in str(error):
            raise
        raise Refused(
            Refusal(
                "meanwhile", "Somebody has entered one of these classes meanwhile.", "Look at the list again."
            )
        ) from None
    return done


def undo_rollover(*, rollover: Rollover, by: User) -> int:
    """Take a rolling over back: its classes are gone, as long as nobody has registered in one. How many."""
    try:
        with transaction.atomic():
            held: Rollover = (
                Rollover.objects.select_for_update(of=("self",))
                .select_related("consortium")
                .get(pk=rollover.pk)
            )
            sections = list(held.sections.select_for_update().order_by("pk"))
            registered = sum(Section.objects.registered([one.pk for one in sections]).values())
            refusal = rules.why_not_undo_rollover(by, held, registered)
            if refusal is not None:
                raise Refused(refusal)
            Section.objects.filter(pk__in=[one.pk for one in sections]).delete()
            held.undone_by, held.undone_at = by, timezone.now()
            held.save(update_fields=("undone_by", "undone_at"))
            record_event(
                by=by, kind="articulations.rollover_undone", subject=held, data={"taken_back": len(sections)}
            )
    except ProtectedError:
        raise Refused(
            Refusal(
                "in_use",
                "Something stands on one of these classes already: a registration that was withdrawn, or a roster.",
                "Change the classes one by one.",
            )
        ) from None
    return len(sections)


def change_teachers(*, section: Section, teachers: Sequence[Seat], by: User) -> bool:
    """Say who teaches a class: who is taken off sees it no more, who is new is mailed. Grades, registrations and what
    others drafted stay. Was anything changed?"""
    refusal = rules.why_not_change_teachers(by, section, teachers)
    if refusal is not None:
        raise Refused(refusal)
    with transaction.atomic():
        Section.objects.select_for_update(no_key=True).get(pk=section.pk)
        before = {one.pk: one for one in section.teachers.select_related("user")}
        after = {one.pk: one for one in teachers}
        if before.keys() == after.keys():
            return False
        section.teachers.set(after.values())
        event = record_event(
            by=by, kind="articulations.teachers_changed", subject=section,
            data={"before": sorted(before), "after": sorted(after)},
        )  # fmt: skip
        for key in sorted(after.keys() - before.keys()):
            teacher = after[key].user
            queue_mail(
                key=f"class-{section.pk}-teacher-{key}-{event.pk}",
                to=teacher.email,
                person=teacher,
                language="en",
                template="articulations/class_given",
                context={
                    "first_name": teacher.first_name,
                    "title": ", ".join(filter(None, (section.high_school_course.title, section.label))),
                    "year": str(section.year),
                    "school": str(section.high_school_course.school),
                    "registered": Section.objects.registered([section.pk])[section.pk],
                    "by": by.name,
                    "url": f"{settings.PUBLIC_URL}{reverse('grading:roster', args=[section.public_id])}",
                },
            )
    return True


def hand_over(*, given: Sequence[tuple[Section, Seat]], by: User) -> int:
    """Give classes whose teachers have left to others, all of them or none. How many."""
    with transaction.atomic():
        return sum(change_teachers(section=section, teachers=[seat], by=by) for section, seat in given)
