"""What earns what: college courses, high-school courses, the articulations between them, and classes."""

from articulations.models.agreements import (
    NOT_REGISTERED,
    Articulation,
    ArticulationCourse,
    ArticulationCourseQuerySet,
    ArticulationQuerySet,
)
from articulations.models.courses import (
    CareerCluster,
    CareerClusterQuerySet,
    CollegeCourse,
    HighSchoolCourse,
    HighSchoolCourseQuerySet,
    folded_title,
)
from articulations.models.sections import CLASS_CODE_LETTERS, Section, SectionQuerySet, new_class_code

__all__ = [
    "CLASS_CODE_LETTERS",
    "NOT_REGISTERED",
    "Articulation",
    "ArticulationCourse",
    "ArticulationCourseQuerySet",
    "ArticulationQuerySet",
    "CareerCluster",
    "CareerClusterQuerySet",
    "CollegeCourse",
    "HighSchoolCourse",
    "HighSchoolCourseQuerySet",
    "Section",
    "SectionQuerySet",
    "folded_title",
    "new_class_code",
]
