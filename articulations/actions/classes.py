"""Classes of high schools: what is written down of them is changed, with what was before."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from accounts.actions import record_event
from accounts.models import User
from articulations import rules
from articulations.actions.agreements import search_words
from articulations.actions.files import note_saved
from articulations.models import ArticulationCourse, ClassFile, HighSchoolCourse
from articulations.rules import class_files
from organizations.models import SchoolDistrict
from sers.lib.locks import one_at_a_time
from sers.lib.refusal import Refusal, Refused

NOT_YOURS = Refusal("not_yours", "Its district, the district’s consortium and the State keep this class.")


def change_class(
    *, taught: HighSchoolCourse, facts: Mapping[str, str], seen: str | None = None, by: User
) -> list[dict[str, str]]:
    """Change the codes, CIP code, cluster, credits or competencies of a class; the event keeps who, what was and what is.
    Its school and title stay: agreements rest on them. The changes that were made; none where nothing differed.

    `seen` is `rules.class_seen` of the page: who saved something meanwhile is not overwritten.
    """
    with transaction.atomic():
        held = HighSchoolCourse.objects.select_for_update(of=("self",)).select_related("school__district")
        taught = held.get(pk=taught.pk)
        if not rules.keeps_class(by, taught):
            raise Refused(NOT_YOURS)
        if seen is not None and seen != rules.class_seen(taught):
            raise Refused(
                Refusal(
                    "meanwhile",
                    "Somebody else has changed this class meanwhile.",
                    "Your words are still here. Compare them with the class, and save again if they are right.",
                )
            )
        changes = rules.class_changes(rules.class_facts(taught), facts)
        if changes:
            write_classes([(taught, facts, changes)], by=by)
    return changes


def learn_course_ids(*, told: Mapping[int, str], by: User) -> int:
    """Take the Course IDs that a school's own system tells, by the id of the class, in the caller's transaction; only
    where none is known: what a district keeps is not overwritten. How many were taken."""
    held = HighSchoolCourse.objects.select_for_update(of=("self",)).filter(pk__in=told, local_code="")
    found = []
    for taught in held.order_by("pk"):
        facts = {"local_code": told[taught.pk]}
        found.append((taught, facts, rules.class_changes(rules.class_facts(taught), facts)))
    write_classes(found, by=by)
    return len(found)


def hand_in_classes(
    *, district: SchoolDistrict, name: str, rows: Sequence[Mapping[str, Any]], by: User
) -> ClassFile:
    """Keep the rows of a file of codes so that they can be looked at. Nothing of the classes changes yet."""
    if not rules.keeps_classes_of(by, district):
        raise Refused(NOT_YOURS)
    return ClassFile.objects.create(
        district=district, name=name[:100] or "classes.csv", rows=[dict(row) for row in rows], handed_in_by=by
    )


def save_classes(*, file: ClassFile, seen: str, by: User) -> ClassFile:
    """Save what a preview showed, all of it or nothing.

    Refused with a row to correct, and where a class changed since the preview was drawn (`seen` is its fingerprint).
    Pressed twice, it is saved once.
    """
    with transaction.atomic():
        file = ClassFile.objects.select_for_update(of=("self",)).select_related("district").get(pk=file.pk)
        if not rules.keeps_classes_of(by, file.district):
            raise Refused(NOT_YOURS)
        if file.state == ClassFile.State.DONE:
            return file
        one_at_a_time(f"classes {file.district_id}")
        kept = HighSchoolCourse.objects.of_district(file.district)
        list(kept.select_related(None).select_for_update(of=("self",)).order_by("pk"))
        rows = class_files.read_classes(file.district, file.rows)
        refusal = class_files.why_not_save_classes(rows, seen)
        if refusal is not None:
            raise Refused(refusal)
        found = [(row.taught, row.facts, row.changes) for row in rows if row.taught and row.changes]
        write_classes(found, by=by)
        note_saved(file=file, by=by, changed=len(found))
        record_event(by=by, kind="articulations.classes_saved", subject=file, data={"changed": file.changed})
    return file


def write_classes(
    found: Sequence[tuple[HighSchoolCourse, Mapping[str, str], Sequence[Mapping[str, str]]]], *, by: User
) -> None:
    """Write what these classes are now, in the caller's transaction; lines of agreements are found by a new CIP code."""
    for taught, facts, _ in found:
        rules.set_class_facts(taught, facts)
    HighSchoolCourse.objects.bulk_update(
        [taught for taught, _, _ in found], tuple(rules.CLASS_FIELDS), batch_size=500
    )
    for taught, _, changes in found:
        record_event(by=by, kind="articulations.class_changed", subject=taught, data={"changes": [*changes]})
    coded = [
        taught.pk
        for taught, _, changes in found
        if any(one["name"] == rules.CLASS_FIELDS["cip"] for one in changes)
    ]
    lines = list(
        ArticulationCourse.objects.filter(high_school_course__in=coded).select_related(
            "high_school_course__school", "college_course__college"
        )
    )
    for line in lines:
        line.folded = search_words(line.high_school_course, line.college_course)
    ArticulationCourse.objects.bulk_update(lines, ("folded",), batch_size=500)
