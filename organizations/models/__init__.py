"""The tenants: consortia, colleges, districts, schools; their years, windows, scales; people's seats."""

from organizations.models.answers import TEACHERS_ASK, CollegeAnswer, CollegeAnswerQuerySet, Question
from organizations.models.places import (
    College,
    Consortium,
    ConsortiumQuerySet,
    HighSchool,
    HighSchoolQuerySet,
    SchoolDistrict,
)
from organizations.models.scales import GradeScale, GradeScaleQuerySet, GradeScaleRow
from organizations.models.seats import Seat, SeatQuerySet
from organizations.models.years import (
    AcademicYear,
    AcademicYearQuerySet,
    CollegeYear,
    CollegeYearQuerySet,
    ConsortiumYear,
    DateRange,
    Window,
)

__all__ = [
    "TEACHERS_ASK",
    "AcademicYear",
    "AcademicYearQuerySet",
    "College",
    "CollegeAnswer",
    "CollegeAnswerQuerySet",
    "CollegeYear",
    "CollegeYearQuerySet",
    "Consortium",
    "ConsortiumQuerySet",
    "ConsortiumYear",
    "DateRange",
    "GradeScale",
    "GradeScaleQuerySet",
    "GradeScaleRow",
    "HighSchool",
    "HighSchoolQuerySet",
    "Question",
    "SchoolDistrict",
    "Seat",
    "SeatQuerySet",
    "Window",
]
