"""Agreements and classes are entered here, each with the event that says by whom."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actions import record_event
from accounts.models import User
from articulations import rules
from articulations.models import (
    AgreementText,
    Articulation,
    ArticulationCourse,
    CareerCluster,
    CollegeCourse,
    HighSchoolCourse,
    Section,
)
from organizations.models import AcademicYear, College, Consortium, HighSchool, Seat
from sers.lib.folding import fold_parts
from sers.lib.locks import one_at_a_time
from sers.lib.refusal import Refusal, Refused

COVERED_ALREADY: Final = Refusal(
    "covered_already",
    "Another agreement covers this class and this college course in some of these days.",
    "Change the dates, or open the other agreement by Search Articulations.",
)


@dataclass(frozen=True, slots=True)
class NewCourse:
    """A course that the college's catalog in SERS does not hold yet, as it was typed."""

    code: str
    title: str


def enter_articulation(
    *,
    consortium: Consortium,
    college: College,
    school: HighSchool,
    title: str,
    cip: str,
    cluster: CareerCluster | None,
    courses: Sequence[tuple[CollegeCourse | NewCourse, Decimal]],
    valid_from: date,
    valid_until: date,
    minimum_percent: Decimal | None,
    by: User,
) -> Articulation:
    """Enter an agreement: one class of a school earns these college courses, with these credits.

    A class the school teaches already keeps its name, CIP code and cluster; a course the catalog does not
    hold is added to it with its credits. Refused when the college is no member, or another agreement of this
    college covers the class in some of these days: a registration stands under one agreement, and would promise
    credit of the other that is never given.
    """
    if not rules.can_enter_articulation(by, consortium):
        raise Refused(Refusal("not_consortium", f"Only staff of {consortium} can enter this agreement."))
    refusal = rules.why_not_articulate(consortium, college, school)
    if refusal is not None:
        raise Refused(refusal)
    if not courses:
        raise Refused(Refusal("no_course", "An agreement needs a college course.", "Choose or type one."))
    if any(isinstance(course, CollegeCourse) and course.college_id != college.pk for course, _ in courses):
        raise Refused(Refusal("course_elsewhere", f"The course is not one of {college}."))
    with transaction.atomic():
        articulation = write_agreement(
            facts={
                "number": new_agreement_number(college, valid_from),
                "consortium": consortium,
                "college": college,
                "valid_from": valid_from,
                "valid_until": valid_until,
                "minimum_percent": minimum_percent,
            },
            school=school,
            classes=[(title, cip, cluster)],
            courses=courses,
            by=by,
        )
        record_event(by=by, kind="articulations.entered", subject=articulation)
    return articulation


def write_agreement(
    *,
    facts: Mapping[str, Any],
    school: HighSchool,
    classes: Sequence[tuple[str, str, CareerCluster | None]],
    courses: Sequence[tuple[CollegeCourse | NewCourse, Decimal]],
    by: User,
) -> Articulation:
    """Write an agreement with a line for each class and course, in the caller's transaction; who may is asked before."""
    college, valid_from, valid_until = facts["college"], facts["valid_from"], facts["valid_until"]
    chosen = [course.pk for course, _ in courses if isinstance(course, CollegeCourse)]
    taught = [taught_course(school, title, cip, cluster) for title, cip, cluster in classes]
    # Locked in one order, so that two agreements for one class are entered one after the other.
    keys = sorted(one.pk for one in taught)
    list(HighSchoolCourse.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    if (
        ArticulationCourse.objects.between(valid_from, valid_until)
        .filter(high_school_course__in=keys, articulation__college=college)
        .exclude(college_course__in=chosen)
        .exists()
    ):
        raise Refused(
            Refusal(
                "class_covered",
                f"Another agreement with {college} covers this class in some of these days.",
                "A student registers under one agreement: name all its courses in one, or change the dates.",
            )
        )
    try:
        with transaction.atomic():
            articulation = Articulation.objects.create(entered_by=by, entered_at=timezone.now(), **facts)
            for wanted, credits in courses:
                course = in_catalog(wanted, college=college, credits=credits, by=by)
                for one in taught:
                    ArticulationCourse.objects.create(
                        articulation=articulation,
                        high_school_course=one,
                        college_course=course,
                        credits=credits,
                        valid_from=valid_from,
                        valid_until=valid_until,
                        folded=search_words(one, course),
                    )
    except IntegrityError as error:
        if "one_agreement_for_a_course_pair_at_a_time" not in str(error):
            raise
        raise Refused(COVERED_ALREADY) from None
    return articulation


def keep_what_was_asked(
    agreements: Iterable[Articulation], content: Mapping[str, Any], *, by: User | None
) -> None:
    """The classes of these agreements list the competencies of the request they were approved with, and have its state
    course code where they have none: what a district keeps of a class is not overwritten by a request."""
    listed = "\n".join(content.get("competencies", ()))
    named = HighSchoolCourse.objects.filter(articulated__articulation__in=list(agreements))
    classes = HighSchoolCourse.objects.filter(pk__in=named.order_by().values("pk"))
    classes.update(competencies=listed[:8000])
    facts = {"state_code": str(content.get("state_code", ""))}
    if not facts["state_code"]:
        return
    for taught in classes.filter(state_code="").order_by("pk"):
        changes = rules.class_changes(rules.class_facts(taught), facts)
        rules.set_class_facts(taught, facts)
        taught.save(update_fields=("state_code",))
        record_event(by=by, kind="articulations.class_changed", subject=taught, data={"changes": changes})


def taught_course(
    school: HighSchool, title: str, cip: str, cluster: CareerCluster | None
) -> HighSchoolCourse:
    """The class a school teaches under that title; one it does not teach yet is added."""
    return (
        HighSchoolCourse.objects.taught_as(school, title)
        or HighSchoolCourse.objects.get_or_create(
            school=school, title=title, defaults={"cip": cip, "cluster": cluster}
        )[0]
    )


def in_catalog(
    wanted: CollegeCourse | NewCourse, *, college: College, credits: Decimal, by: User
) -> CollegeCourse:
    """The course in the college's catalog; one that is not there yet is added, with who did it."""
    if isinstance(wanted, CollegeCourse):
        return wanted
    course, added = CollegeCourse.objects.get_or_create(
        college=college, code=wanted.code, defaults={"title": wanted.title, "credits": credits}
    )
    if added:
        record_event(by=by, kind="articulations.course_added", subject=course)
    return course


def search_words(high_school_course: HighSchoolCourse, course: CollegeCourse) -> str:
    """The folded words an articulation is found by: class, CIP code, course, college, school, city."""
    school = high_school_course.school
    return fold_parts(
        high_school_course.title, high_school_course.cip, course.code, course.title, course.college.name,
        school.name, school.city,
    )[:400]  # fmt: skip


def new_agreement_number(college: College, valid_from: date) -> str:
    """`CBC`-like: the college's code, the first year, a running number: `WA190-26-0007`.

    A lock per college and year, until the transaction ends, gives each its own number.
    """
    stem = f"{college.code}-{valid_from.year % 100:02}-"
    one_at_a_time(f"agreement number {stem}")
    numbers = [
        *Articulation.objects.filter(number__startswith=stem).values_list("number", flat=True),
        *AgreementText.objects.filter(number__startswith=stem).order_by().values_list("number", flat=True),
    ]
    last = max((int(one[len(stem) :].partition(".")[0]) for one in numbers), default=0)
    return f"{stem}{last + 1:04}"


def enter_section(
    *,
    high_school_course: HighSchoolCourse,
    year: AcademicYear,
    term: str,
    label: str,
    teachers: Iterable[Seat],
    by: User,
) -> Section:
    """Enter a class of a school year with its teachers; students can register for it from then on.

    Refused for a course that no agreement covers in that year, and for teachers of another school.
    """
    school = high_school_course.school
    if not rules.can_enter_section(by, school):
        raise Refused(Refusal("other_district", f"{school} is not in a district of your consortium."))
    covered = HighSchoolCourse.objects.articulated(school, year.starts_on, year.ends_on)
    if not covered.filter(pk=high_school_course.pk).exists():
        raise Refused(
            Refusal(
                "no_agreement",
                f"No agreement covers {high_school_course} in {year}.",
                "Enter the agreement first.",
            )
        )
    teachers = list(teachers)
    if not teachers:
        raise Refused(Refusal("no_teacher", "A class needs a teacher.", "Choose one."))
    for teacher in teachers:
        refusal = rules.why_not_teach(teacher, school)
        if refusal is not None:
            raise Refused(refusal)
    try:
        with transaction.atomic():
            section = Section.objects.create(
                high_school_course=high_school_course, year=year, term=term, label=label
            )
            section.teachers.set(teachers)
            record_event(by=by, kind="articulations.section_entered", subject=section)
    except IntegrityError as error:
        if "section_once" not in str(error):
            raise
        raise Refused(
            Refusal("section_exists", "This class is there already.", "Give it another period or section.")
        ) from None
    return section
