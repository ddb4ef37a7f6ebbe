"""Students, and their registrations for articulated classes."""

from students.models.amendments import Amendment, AmendmentQuerySet
from students.models.consents import (
    FIRST_CONSENT,
    FIRST_GUARDIAN_TEXT,
    FIRST_NOTICE,
    ConsentText,
    ConsentTextQuerySet,
    ConsentWording,
)
from students.models.credentials import (
    CredentialTakenBack,
    EarnedCredential,
    EarnedCredentialQuerySet,
)
from students.models.disclosures import Disclosure, DisclosureQuerySet
from students.models.files import StudentFile, StudentFileQuerySet
from students.models.guardians import GuardianAnswer, GuardianLink, GuardianLinkQuerySet
from students.models.in_class import (
    ClassAnswer,
    ClassAnswerQuerySet,
    RosterEntry,
    RosterEntryQuerySet,
    strangers,
    strangers_by_section,
)
from students.models.inspections import Inspection, InspectionQuerySet
from students.models.kin import (
    Kin,
    StudentKey,
    kin_of,
    of_any_person,
    of_person,
    person_key,
    records_by,
    records_of,
)
from students.models.late_claims import (
    LateClaim,
    LateClaimFile,
    LateClaimMessage,
    LateClaimQuerySet,
    messages_of,
)
from students.models.merges import Merge, MergeQuerySet
from students.models.notices import YearlyNotice, YearlyNoticeQuerySet, to_be_told
from students.models.payments import (
    Checkout,
    CheckoutQuerySet,
    Payment,
    PaymentQuerySet,
    PaymentShare,
    ProviderNews,
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
    sections_beside,
)
from students.models.requirements import (
    Receipt,
    ReceiptQuerySet,
    Requirement,
    RequirementDecision,
    RequirementQuerySet,
    fees_of_district,
    fees_of_districts,
)
from students.models.roster_files import (
    Comparison,
    RosterClass,
    RosterClassQuerySet,
    RosterImport,
    RosterImportQuerySet,
    RosterLine,
)
from students.models.statements import (
    Statement,
    StatementColumns,
    StatementLine,
    StatementLineQuerySet,
    StatementQuerySet,
)
from students.models.taught import schools_with_classes, section_of_code, teacher_names, teachers_of
from students.models.twins import LikelyTwins, LikelyTwinsQuerySet

__all__ = [
    "FIRST_CONSENT",
    "FIRST_GUARDIAN_TEXT",
    "FIRST_NOTICE",
    "Amendment",
    "AmendmentQuerySet",
    "Checkout",
    "CheckoutQuerySet",
    "ClassAnswer",
    "ClassAnswerQuerySet",
    "Comparison",
    "ConsentText",
    "ConsentTextQuerySet",
    "ConsentWording",
    "CredentialTakenBack",
    "Disclosure",
    "DisclosureQuerySet",
    "EarnedCredential",
    "EarnedCredentialQuerySet",
    "GuardianAnswer",
    "GuardianLink",
    "GuardianLinkQuerySet",
    "Inspection",
    "InspectionQuerySet",
    "Kin",
    "LateClaim",
    "LateClaimFile",
    "LateClaimMessage",
    "LateClaimQuerySet",
    "LikelyTwins",
    "LikelyTwinsQuerySet",
    "Merge",
    "MergeQuerySet",
    "Payment",
    "PaymentQuerySet",
    "PaymentShare",
    "ProviderNews",
    "Receipt",
    "ReceiptQuerySet",
    "Registration",
    "RegistrationQuerySet",
    "Requirement",
    "RequirementDecision",
    "RequirementQuerySet",
    "RosterClass",
    "RosterClassQuerySet",
    "RosterEntry",
    "RosterEntryQuerySet",
    "RosterImport",
    "RosterImportQuerySet",
    "RosterLine",
    "StatedPurpose",
    "Statement",
    "StatementColumns",
    "StatementLine",
    "StatementLineQuerySet",
    "StatementQuerySet",
    "Student",
    "StudentFile",
    "StudentFileQuerySet",
    "StudentKey",
    "StudentQuerySet",
    "YearlyNotice",
    "YearlyNoticeQuerySet",
    "fees_of_district",
    "fees_of_districts",
    "has_other_colleges",
    "home_schools",
    "kin_of",
    "list_name",
    "messages_of",
    "of_any_person",
    "of_person",
    "person_key",
    "records_by",
    "records_of",
    "schools_with_classes",
    "section_of_code",
    "sections_beside",
    "sort_name",
    "strangers",
    "strangers_by_section",
    "teacher_names",
    "teachers_of",
    "to_be_told",
]
