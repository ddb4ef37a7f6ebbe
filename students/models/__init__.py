"""Students, and their registrations for articulated classes."""

from students.models.consents import FIRST_CONSENT, ConsentText, ConsentTextQuerySet, ConsentWording
from students.models.disclosures import Disclosure, DisclosureQuerySet
from students.models.files import StudentFile, StudentFileQuerySet
from students.models.in_class import (
    ClassAnswer,
    ClassAnswerQuerySet,
    RosterEntry,
    RosterEntryQuerySet,
    strangers,
    strangers_by_section,
)
from students.models.people import (
    Student,
    StudentQuerySet,
    home_schools,
    list_name,
    sort_name,
)
from students.models.purposes import StatedPurpose
from students.models.registrations import (
    Registration,
    RegistrationQuerySet,
    has_other_colleges,
    schools_with_classes,
    section_of_code,
    sections_beside,
    teacher_names,
    teachers_of,
)
from students.models.roster_files import (
    Comparison,
    RosterClass,
    RosterClassQuerySet,
    RosterImport,
    RosterImportQuerySet,
    RosterLine,
)
from students.models.twins import LikelyTwins, LikelyTwinsQuerySet

__all__ = [
    "FIRST_CONSENT",
    "ClassAnswer",
    "ClassAnswerQuerySet",
    "Comparison",
    "ConsentText",
    "ConsentTextQuerySet",
    "ConsentWording",
    "Disclosure",
    "DisclosureQuerySet",
    "LikelyTwins",
    "LikelyTwinsQuerySet",
    "Registration",
    "RegistrationQuerySet",
    "RosterClass",
    "RosterClassQuerySet",
    "RosterEntry",
    "RosterEntryQuerySet",
    "RosterImport",
    "RosterImportQuerySet",
    "RosterLine",
    "StatedPurpose",
    "Student",
    "StudentFile",
    "StudentFileQuerySet",
    "StudentQuerySet",
    "has_other_colleges",
    "home_schools",
    "list_name",
    "schools_with_classes",
    "section_of_code",
    "sections_beside",
    "sort_name",
    "strangers",
    "strangers_by_section",
    "teacher_names",
    "teachers_of",
]
