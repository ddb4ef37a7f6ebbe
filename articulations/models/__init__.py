"""What earns what: college courses, high-school courses, the articulations between them, requests for more, and classes."""

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
from articulations.models.requesting import (
    ArticulationRequest,
    ArticulationRequestQuerySet,
    RequestFile,
    RequestFileQuerySet,
    RequestMessage,
    RequestPair,
    RequestVersion,
    canonical,
    files_by_id,
    fingerprint,
    listed,
)
from articulations.models.sections import CLASS_CODE_LETTERS, Section, SectionQuerySet, new_class_code
from articulations.models.steps import (
    AlignmentRow,
    PlannedStep,
    RequestStep,
    StepKind,
    StepPlan,
    VCodeCheck,
)

__all__ = [
    "CLASS_CODE_LETTERS",
    "NOT_REGISTERED",
    "AlignmentRow",
    "Articulation",
    "ArticulationCourse",
    "ArticulationCourseQuerySet",
    "ArticulationQuerySet",
    "ArticulationRequest",
    "ArticulationRequestQuerySet",
    "CareerCluster",
    "CareerClusterQuerySet",
    "CollegeCourse",
    "HighSchoolCourse",
    "HighSchoolCourseQuerySet",
    "PlannedStep",
    "RequestFile",
    "RequestFileQuerySet",
    "RequestMessage",
    "RequestPair",
    "RequestStep",
    "RequestVersion",
    "Section",
    "SectionQuerySet",
    "StepKind",
    "StepPlan",
    "VCodeCheck",
    "canonical",
    "files_by_id",
    "fingerprint",
    "folded_title",
    "listed",
    "new_class_code",
]
