"""The tenants: consortia, colleges, districts, schools; their years, windows, scales; people's seats."""

from organizations.models.answers import TEACHERS_ASK, CollegeAnswer, CollegeAnswerQuerySet, Question
from organizations.models.files import FileOfRows, HandedInFile, HandedInFileQuerySet, PeopleFile
from organizations.models.people import (
    as_people,
    events_of,
    mail_key,
    mails_of,
    namesakes,
    not_activated,
    people_found,
    reminders_sent,
    staff_of_email,
    staff_of_emails,
)
from organizations.models.places import (
    College,
    Consortium,
    ConsortiumQuerySet,
    HighSchool,
    HighSchoolQuerySet,
    SchoolDistrict,
)
from organizations.models.scales import GradeScale, GradeScaleQuerySet, GradeScaleRow
from organizations.models.seats import Place, Seat, SeatQuerySet, SignerTitle, classes_of_seat
from organizations.models.years import (
    AcademicYear,
    AcademicYearQuerySet,
    CollegeYear,
    CollegeYearQuerySet,
    ConsortiumYear,
    DateRange,
    FurtherAsk,
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
    "FileOfRows",
    "FurtherAsk",
    "GradeScale",
    "GradeScaleQuerySet",
    "GradeScaleRow",
    "HandedInFile",
    "HandedInFileQuerySet",
    "HighSchool",
    "HighSchoolQuerySet",
    "PeopleFile",
    "Place",
    "Question",
    "SchoolDistrict",
    "Seat",
    "SeatQuerySet",
    "SignerTitle",
    "Window",
    "as_people",
    "classes_of_seat",
    "events_of",
    "mail_key",
    "mails_of",
    "namesakes",
    "not_activated",
    "people_found",
    "reminders_sent",
    "staff_of_email",
    "staff_of_emails",
]
