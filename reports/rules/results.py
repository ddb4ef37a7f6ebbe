"""Results for a school's own system: OneRoster 1.2 in its CSV binding, the files a gradebook is read from.

A class is one line item, its college grade one result. What the files refer to is in the same ZIP file; identifiers are
SERS's own and stay the same, so that a second export corrects the first.
"""

import uuid
from collections.abc import Callable
from typing import Any, Final

from django.db.models import Case, CharField, F, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce, Concat

from accounts.models import User
from articulations.models import HighSchoolCourse, Section
from articulations.rules import year_in_words
from grading.models import GradeEntry
from organizations.models import AcademicYear, HighSchool, SchoolDistrict
from reports.rules.columns import Sheet, Told, grades, on_day, percent
from students.models import Student, of_person, person_key

#: The one category of grades; the same in every export.
CATEGORY: Final = uuid.uuid5(uuid.NAMESPACE_URL, "sers college grade")


def its(what: str) -> Callable[[Any], str]:
    """The sourcedId of what has no row of its own, from the row it belongs to."""
    return lambda public_id: str(uuid.uuid5(public_id, what))


def session_id(first_year: int) -> str:
    """The sourcedId of a school year."""
    return str(uuid.uuid5(CATEGORY, str(first_year)))


def term_id(first_year: int) -> str:
    """The sourcedId of the one term of a school year, in which its classes are taught."""
    return str(uuid.uuid5(CATEGORY, f"{first_year} term"))


def same(head: str, value: str = "") -> Told:
    """A column that says the same in every row."""
    return Told(head, Value(value), "")


def head(identifier: Told) -> tuple[Told, ...]:
    """How every file begins; all is sent, so no row says when it changed."""
    return (identifier, same("status"), same("dateLastModified"))


def identified(of: Any, told: Callable[[Any], str] = str) -> tuple[Told, ...]:
    """How a file begins whose rows have an id of their own."""
    return head(Told("sourcedId", of, "", told))


# --- Whose rows are in it -------------------------------------------------------------------------------


def classes(user: User, year: AcademicYear | None) -> QuerySet[Any]:
    """Classes in which a grade counts that this person sees."""
    return Section.objects.filter(pk__in=grades(user, year).order_by().values("registration__section"))


def students(user: User, year: AcademicYear | None) -> QuerySet[Any]:
    """Whose grades they are, by the records that stand."""
    people = grades(user, year).order_by().values_list(person_key("registration__student"))
    return Student.objects.filter(pk__in=people)


def taught(user: User, year: AcademicYear | None) -> QuerySet[Any]:
    """The courses these are classes of."""
    return HighSchoolCourse.objects.filter(pk__in=classes(user, year).order_by().values("high_school_course"))


def years(user: User, year: AcademicYear | None) -> QuerySet[Any]:
    """The school years of these classes."""
    return AcademicYear.objects.filter(pk__in=classes(user, year).order_by().values("year"))


def schools(user: User, year: AcademicYear | None) -> QuerySet[Any]:
    """Schools that teach these classes, and those the students are at."""
    teaching = taught(user, year).order_by().values("school")
    own = students(user, year).order_by().values("school")
    return HighSchool.objects.filter(pk__in=teaching.union(own))


def districts(user: User, year: AcademicYear | None) -> QuerySet[Any]:
    """The districts of these schools."""
    return SchoolDistrict.objects.filter(pk__in=schools(user, year).order_by().values("district"))


def the_category(user: User, year: AcademicYear | None) -> QuerySet[Any]:
    """One row, whichever: a category stands once if there is anything in it."""
    return AcademicYear.objects.filter(pk__in=years(user, year).order_by("pk").values("pk")[:1])


#: The college's grade as one text: `3.9 A`.
COLLEGE_GRADE: Final = Concat(Coalesce(Cast("points", CharField()), Value("")), Value(" "), "letter")


#: A family name must be there: of who has one name it is that name.
FAMILY_NAME: Final = Case(When(last_name="", then="first_name"), default="last_name")
#: A district knows its class by its own Course ID; where SERS knows none, by the CIP code.
COURSE_CODE: Final = Case(When(local_code="", then="cip"), default="local_code")


def text_score(grade: str) -> str:
    """`3.9 A`; a grade that earns nothing says so."""
    return grade.strip() or str(GradeEntry.Outcome.NOT_ATTAINED.label)


# --- The files --------------------------------------------------------------------------------------------


def sessions(kind: str, its_id: Callable[[Any], str], parent: Told) -> Sheet:
    """The school years, or of each the one term that is as long: a class is taught in a term, never in a year."""
    return Sheet(
        "academicSessions.csv",
        years,
        (
            *identified(F("first_year"), its_id),
            Told("title", F("first_year"), "", year_in_words),
            same("type", kind),
            Told("startDate", F("first_year"), "", lambda first: f"{first}-07-01"),
            Told("endDate", F("first_year"), "", lambda first: f"{first + 1}-06-30"),
            parent,
            Told("schoolYear", F("first_year"), "", lambda first: str(first + 1)),
        ),
        student=None,
    )


RESULTS: Final = (
    sessions("schoolYear", session_id, same("parentSourcedId")),
    sessions("term", term_id, Told("parentSourcedId", F("first_year"), "", session_id)),
    Sheet(
        "orgs.csv",
        districts,
        (
            *identified(F("public_id")),
            Told("name", F("name"), ""),
            same("type", "district"),
            Told("identifier", F("ospi_code"), ""),
            same("parentSourcedId"),
        ),
        student=None,
    ),
    Sheet(
        "orgs.csv",
        schools,
        (
            *identified(F("public_id")),
            Told("name", F("name"), ""),
            same("type", "school"),
            Told("identifier", F("ospi_code"), ""),
            Told("parentSourcedId", F("district__public_id"), ""),
        ),
        student=None,
    ),
    Sheet(
        "courses.csv",
        taught,
        (
            *identified(F("public_id")),
            same("schoolYearSourcedId"),
            Told("title", F("title"), ""),
            Told("courseCode", COURSE_CODE, ""),
            same("grades"),
            Told("orgSourcedId", F("school__public_id"), ""),
            same("subjects"),
            same("subjectCodes"),
        ),
        student=None,
    ),
    Sheet(
        "classes.csv",
        classes,
        (
            *identified(F("public_id")),
            Told("title", F("high_school_course__title"), ""),
            same("grades"),
            Told("courseSourcedId", F("high_school_course__public_id"), ""),
            Told("classCode", F("class_code"), ""),
            same("classType", "scheduled"),
            Told("location", F("label"), ""),
            Told("schoolSourcedId", F("high_school_course__school__public_id"), ""),
            Told("termSourcedIds", F("year__first_year"), "", term_id),
            same("subjects"),
            same("subjectCodes"),
            same("periods"),
        ),
        student=None,
    ),
    Sheet(
        "users.csv",
        students,
        (
            *identified(F("public_id")),
            same("enabledUser", "true"),
            Told("username", F("sers_id"), ""),
            same("userIds"),
            Told("givenName", F("first_name"), ""),
            Told("familyName", FAMILY_NAME, ""),
            Told("middleName", F("middle_name"), ""),
            Told("identifier", F("sers_id"), ""),
            same("email"),
            same("sms"),
            same("phone"),
            same("agentSourcedIds"),
            Told("grades", F("grade_level"), "", lambda grade: f"{grade:02}"),
            same("password"),
            same("userMasterIdentifier"),
            same("resourceSourcedIds"),
            same("preferredGivenName"),
            same("preferredMiddleName"),
            same("preferredFamilyName"),
            Told("primaryOrgSourcedId", F("school__public_id"), ""),
            same("pronouns"),
        ),
        student="",
    ),
    Sheet(
        "roles.csv",
        students,
        (
            *identified(F("public_id"), its("student")),
            Told("userSourcedId", F("public_id"), ""),
            same("roleType", "primary"),
            same("role", "student"),
            same("beginDate"),
            same("endDate"),
            Told("orgSourcedId", F("school__public_id"), ""),
            same("userProfileSourcedId"),
        ),
        student="",
    ),
    Sheet(
        "categories.csv",
        the_category,
        (*identified(Value(str(CATEGORY))), same("title", "College grade"), same("weight", "100")),
        student=None,
    ),
    Sheet(
        "lineItems.csv",
        classes,
        (
            *identified(F("public_id"), its("college grade")),
            same("title", "College grade"),
            same("description", "The grade of the college that gives credit for the class"),
            Told("assignDate", F("year__first_year"), "", lambda first: f"{first}-07-01"),
            Told("dueDate", F("year__first_year"), "", lambda first: f"{first + 1}-06-30"),
            Told("classSourcedId", F("public_id"), ""),
            same("categorySourcedId", str(CATEGORY)),
            Told("academicSessionSourcedId", F("year__first_year"), "", term_id),
            same("resultValueMin", "0"),
            same("resultValueMax", "100"),
            Told("schoolSourcedId", F("high_school_course__school__public_id"), ""),
        ),
        student=None,
    ),
    Sheet(
        "results.csv",
        grades,
        (
            *identified(F("registration__public_id"), its("college grade")),
            Told("lineItemSourcedId", F("registration__section__public_id"), "", its("college grade")),
            Told("studentSourcedId", of_person("public_id", path="registration__student"), ""),
            same("scoreStatus", "fully graded"),
            Told("score", F("percent"), "", percent),
            Told("scoreDate", F("entered_at"), "", on_day),
            same("comment"),
            Told("textScore", COLLEGE_GRADE, "", text_score),
            Told("classSourcedId", F("registration__section__public_id"), ""),
            same("inProgress", "false"),
            same("incomplete", "false"),
            same("late", "false"),
            same("missing", "false"),
        ),
        student="registration__student",
    ),
)  # fmt: skip

FILES: Final = tuple(dict.fromkeys(sheet.name for sheet in RESULTS))
#: Every file the specification knows, for the manifest: those that are not here are absent.
KNOWN: Final = (
    "academicSessions", "categories", "classes", "classResources", "courses", "courseResources", "demographics",
    "enrollments", "lineItemLearningObjectiveIds", "lineItems", "lineItemScoreScales", "orgs", "resources",
    "resultLearningObjectiveIds", "results", "resultScoreScales", "roles", "scoreScales", "userProfiles",
    "userResources", "users",
)  # fmt: skip


def manifest() -> list[tuple[str, str]]:
    """The lines of manifest.csv."""
    return [
        ("manifest.version", "1.0"),
        ("oneroster.version", "1.2"),
        *((f"file.{name}", "bulk" if f"{name}.csv" in FILES else "absent") for name in KNOWN),
        ("source.systemName", "SERS"),
        ("source.systemCode", "sers"),
    ]
