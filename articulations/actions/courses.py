"""Courses of a college's catalog are added, changed one by one or from a file; a change marks the agreements on them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.actions import record_event
from accounts.models import User
from articulations import rules
from articulations.actions.agreements import search_words
from articulations.actions.files import note_saved
from articulations.actions.reviewing import tell_reviewers
from articulations.models import (
    AgreementMark,
    Articulation,
    ArticulationCourse,
    CollegeCourse,
    CourseChange,
    CourseFile,
    course_number,
)
from organizations.models import College, Consortium
from sers.lib.locks import one_at_a_time
from sers.lib.moments import day
from sers.lib.refusal import Refusal, Refused

#: So many lines a letter about a file says what changed in; the page says the rest.
MOST_LINES_OF_A_LETTER = 30


def add_course(*, college: College, code: str, facts: Mapping[str, str], by: User) -> CollegeCourse:
    """Add a course to a college's catalog; nothing rests on it yet."""
    with transaction.atomic():
        one_at_a_time(f"catalog {college.pk}")
        refusal = rules.why_not_add(by, college, code)
        if refusal is not None:
            raise Refused(refusal)
        course = CollegeCourse(college=college, code=course_number(code))
        rules.set_facts(course, facts)
        course.save()
        record_event(by=by, kind="articulations.course_added", subject=course)
    return course


def change_course(
    *, course: CollegeCourse, facts: Mapping[str, str], note: str = "", seen: int | None = None, by: User
) -> CourseChange | None:
    """Change what a college course is, with what it was before; every agreement on it, in force or to come, is marked
    and due for review at once. None where nothing changed.

    `seen` is the last change (its id, 0 for none) the page was drawn with: who saved one meanwhile is not overwritten.
    """
    with transaction.atomic():
        course = (
            CollegeCourse.objects.select_for_update(of=("self",)).select_related("college").get(pk=course.pk)
        )
        if not rules.keeps_course(by, course):
            raise Refused(Refusal("not_yours", f"{course.college} and its consortium keep this course."))
        if seen is not None and seen != course.last_change:
            raise Refused(
                Refusal(
                    "meanwhile",
                    "Somebody else has changed this course meanwhile.",
                    "Your words are still here. Compare them with the course, and save again if they are right.",
                )
            )
        changes = rules.course_changes(rules.course_facts(course), facts)
        if not changes:
            return None
        (change,) = _change([(course, facts, changes)], note=note, by=by)
        marked = _mark([change])
        lines = [
            f"{one['name']}: {one['was'] or 'nothing'} > {one['is_now'] or 'nothing'}" for one in changes
        ]
        _tell_marked(f"course-change-{change.pk}", course.college, marked, str(course), lines, by=by)
    return change


def hand_in_courses(
    *, college: College, name: str, rows: Sequence[Mapping[str, Any]], by: User
) -> CourseFile:
    """Keep the rows of a file so that they can be looked at. Nothing of the catalog changes yet."""
    if not rules.keeps_catalog(by, college):
        raise Refused(Refusal("not_yours", f"{college} and its consortium keep this catalog."))
    return CourseFile.objects.create(
        college=college, name=name[:100] or "courses.csv", rows=[dict(row) for row in rows], handed_in_by=by
    )


def save_courses(*, file: CourseFile, seen: str, by: User) -> CourseFile:
    """Save what a preview showed, all of it or nothing: new courses, changes with what was before, marks, one letter.

    Refused with a row to correct, and where the catalog changed since the preview was drawn (`seen` is its
    fingerprint). Pressed twice, it is saved once.
    """
    with transaction.atomic():
        file = CourseFile.objects.select_for_update(of=("self",)).select_related("college").get(pk=file.pk)
        college = file.college
        if not rules.keeps_catalog(by, college):
            raise Refused(Refusal("not_yours", f"{college} and its consortium keep this catalog."))
        if file.state == CourseFile.State.DONE:
            return file
        one_at_a_time(f"catalog {college.pk}")
        list(CollegeCourse.objects.select_for_update().filter(college=college).order_by("pk"))
        rows = rules.read_courses(college, file.rows)
        if any(row.problem for row in rows):
            raise Refused(
                Refusal(
                    "rows_to_correct",
                    "Some rows have to be corrected.",
                    "Correct the file and send it again.",
                )
            )
        if rules.seen_of(rows) != seen:
            raise Refused(
                Refusal(
                    "changed_meanwhile",
                    "The catalog has changed since you looked. Nothing was saved.",
                    "Look at the rows below again, then press Save All.",
                )
            )
        new = [CollegeCourse(college=college, code=row.code) for row in rows if row.is_new]
        for course, row in zip(new, (row for row in rows if row.is_new), strict=True):
            rules.set_facts(course, row.facts or {})
        CollegeCourse.objects.bulk_create(new)
        changes = _change(
            [(row.course, row.facts or {}, row.changes) for row in rows if row.is_changed and row.course],
            note=f"From the file {file.name}",
            by=by,
        )
        marked = _mark(changes)
        note_saved(file=file, by=by, added=len(new), changed=len(changes), marked=len(marked))
        record_event(
            by=by, kind="articulations.courses_saved", subject=file,
            data={"added": file.added, "changed": file.changed, "marked": file.marked},
        )  # fmt: skip
        reviewed = [one for one in changes if rules.calls_for_review(one.changes)]
        lines = [
            f"{one.course.code}: {', '.join(part['name'] for part in one.changes)}"
            for one in reviewed[:MOST_LINES_OF_A_LETTER]
        ]
        if len(reviewed) > MOST_LINES_OF_A_LETTER:
            lines.append(f"And {len(reviewed) - MOST_LINES_OF_A_LETTER} more.")
        what = (
            f"{len(reviewed)} courses" if len(reviewed) > 1 else str(reviewed[0].course) if reviewed else ""
        )
        _tell_marked(f"course-file-{file.public_id}", college, marked, what, lines, by=by)
    return file


def _change(
    found: Sequence[tuple[CollegeCourse, Mapping[str, str], Sequence[Mapping[str, str]]]],
    *,
    note: str,
    by: User,
) -> list[CourseChange]:
    """Write what these courses are now, with what each was before; lines are found by their courses' new words."""
    if not found:
        return []
    for course, facts, _ in found:
        rules.set_facts(course, facts)
    CollegeCourse.objects.bulk_update(
        [course for course, _, _ in found], (*rules.COURSE_FIELDS, "folded"), batch_size=500
    )
    now = timezone.now()
    made = CourseChange.objects.bulk_create(
        CourseChange(course=course, changes=list(changes), changed_by=by, changed_at=now, note=note)
        for course, _, changes in found
    )
    for change in made:
        record_event(
            by=by,
            kind="articulations.course_changed",
            subject=change.course,
            data={"fields": [one["name"] for one in change.changes]},
        )
    title = rules.COURSE_FIELDS["title"]
    renamed = [course for course, _, changes in found if any(one["name"] == title for one in changes)]
    lines = list(
        ArticulationCourse.objects.filter(college_course__in=renamed).select_related(
            "high_school_course__school", "college_course__college"
        )
    )
    for line in lines:
        line.folded = search_words(line.high_school_course, line.college_course)
    ArticulationCourse.objects.bulk_update(lines, ("folded",), batch_size=500)
    return made


def _mark(changes: Sequence[CourseChange]) -> list[int]:
    """Mark every agreement, in force or to come, on these courses: it is due for review at once. Their ids."""
    today = timezone.localdate()
    by_course = {one.course_id: one for one in changes if rules.calls_for_review(one.changes)}
    pairs = (
        ArticulationCourse.objects.filter(
            college_course__in=by_course,
            articulation__valid_until__gte=today,
            articulation__replaced_by=None,
            articulation__terminated_at=None,
        )
        .order_by("articulation", "college_course")
        .values_list("articulation", "college_course")
        .distinct()
    )
    rows = [AgreementMark(articulation_id=agreement, change=by_course[course]) for agreement, course in pairs]
    AgreementMark.objects.bulk_create(rows)
    keys = sorted({row.articulation_id for row in rows})
    Articulation.objects.filter(pk__in=keys, review_due_on__gt=today).update(review_due_on=today)
    return keys


def _tell_marked(
    key: str, college: College, marked: Sequence[int], course: str, lines: Sequence[str], *, by: User
) -> None:
    """One letter a consortium, with how many of its agreements are marked and what changed."""
    for consortium in Consortium.objects.filter(articulations__in=marked).distinct().order_by("pk"):
        tell_reviewers(
            f"{key}-{consortium.pk}",
            consortium,
            college,
            {
                "what": "marked",
                "number": Articulation.objects.filter(pk__in=marked, consortium=consortium).count(),
                "course": course,
                "changes": list(lines),
                "due": day(timezone.localdate()),
            },
            by=by,
        )
