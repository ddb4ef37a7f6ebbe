"""The tenants: consortia, colleges, districts, schools; their years, windows, scales; people's seats."""

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
    "AcademicYear",
    "AcademicYearQuerySet",
    "College",
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
    "SchoolDistrict",
    "Seat",
    "SeatQuerySet",
    "Window",
]
