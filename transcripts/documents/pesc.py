"""PESC College Transcript as XML: written for one student or many, checked, and its Acknowledgment read.

The schemas may not be passed on with SERS. Where the deployer has put them (PESC_SCHEMA_DIR) every document is
checked against them; elsewhere by a structural check of ours, which says that it is that and no more. What comes
in is read without entities, without a document type and without the network.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.conf import settings
from django.utils import timezone
from lxml import etree

from sers.lib.press import plain
from students.models import Amendment
from transcripts.documents.transcript import grade_point_average
from transcripts.models import CreditAward, Transcript

#: Versions of the message, each with the versions of the two libraries it is made of.
VERSIONS: Final = {
    "1.8.0": {"ColTrn": "v1.8.0", "AcRec": "v1.13.0", "core": "v1.19.0"},
    "1.6.0": {"ColTrn": "v1.6.0", "AcRec": "v1.9.0", "core": "v1.14.0"},
    "1.3.0": {"ColTrn": "v1.3.0", "AcRec": "v1.6.0", "core": "v1.10.0"},
}
_URN: Final = {
    "ColTrn": "urn:org:pesc:message:CollegeTranscript",
    "AcRec": "urn:org:pesc:sector:AcademicRecord",
    "core": "urn:org:pesc:core:CoreMain",
}
_ACKNOWLEDGMENT: Final = re.compile(
    r"\{urn:org:pesc:message:TranscriptAcknowledge?ment:v[0-9.]+\}Acknowledgment"
)
#: Longest note of a message; what is longer goes on in the next.
MOST_OF_A_NOTE: Final = 300
#: Longest Acknowledgment that is read: an honest one has some kilobytes.
MOST_BYTES: Final = 512 * 1024


class NotPesc(ValueError):
    """What was handed in is not what it should be; the text says why, for a person."""


@dataclass(frozen=True, slots=True)
class Checked:
    """How a document was checked: against PESC's schema, or by our own reading of its structure; and what is wrong."""

    by_schema: bool
    problems: Sequence[str]

    @property
    def sentence(self) -> str:
        """What a person may rely on."""
        if self.problems:
            return "The document is not as it must be: " + "; ".join(self.problems[:3])
        if self.by_schema:
            return f"Checked against PESC’s schema, version {settings.PESC_VERSION}."
        return "Checked for its structure only: PESC’s schema is not installed here (PESC_SCHEMA_DIR)."


@dataclass(frozen=True, slots=True)
class Acknowledgment:
    """What a receiver says it has got: of which document, how many courses, and its notes."""

    document_id: str
    tracking_id: str
    courses: int | None
    notes: Sequence[str]


def pesc_xml(
    transcript: Transcript, awards: Iterable[CreditAward], statements: Iterable[Amendment] = ()
) -> bytes:
    """One student's credit at one college as a College Transcript: unofficial, with every award as dual credit."""
    versions = VERSIONS[settings.PESC_VERSION]
    names = {prefix: f"{_URN[prefix]}:{version}" for prefix, version in versions.items()}
    root = etree.Element(etree.QName(names["ColTrn"], "CollegeTranscript"), nsmap=names)
    student = transcript.student
    head = _add(root, "TransmissionData")
    _texts(
        head,
        DocumentID=transcript.code,
        CreatedDateTime=_moment(transcript.issued_at),
        DocumentTypeCode="StudentRequest",
        TransmissionType="Replace" if transcript.replaces_another else "Original",
    )
    _texts(_add(_add(head, "Source"), "Organization"), **_college(transcript))
    _texts(_add(_add(head, "Destination"), "Organization"), OrganizationName="Holder of this document")
    _texts(
        head,
        DocumentProcessCode="TEST" if settings.DEMO else "PRODUCTION",
        DocumentOfficialCode="Unofficial",
        DocumentCompleteCode="Partial",
    )
    record_of = _add(root, "Student")
    person = _add(record_of, "Person")
    _texts(person, SchoolAssignedPersonID=transcript.sid or student.sers_id)
    _texts(_add(person, "Birth"), BirthDate=student.birth_date.isoformat())
    _texts(
        _add(person, "Name"),
        FirstName=student.first_name,
        MiddleName=student.middle_name,
        LastName=student.last_name or student.first_name,
    )
    record = _add(record_of, "AcademicRecord")
    _texts(_add(record, "School"), **_college(transcript))
    _texts(_add(record, "StudentLevel"), StudentLevelCode="HighSchoolStudent")
    listed = list(awards)
    _summary(record, listed)
    years: dict[int, list[CreditAward]] = {}
    for award in listed:
        years.setdefault(award.year.first_year, []).append(award)
    for first_year, own in sorted(years.items()):
        session = _add(record, "AcademicSession")
        _texts(
            _add(session, "AcademicSessionDetail"),
            # Credit of a school year is awarded in the summer after it.
            SessionDesignator=f"{first_year + 1}-07",
            SessionName=f"Summer {first_year + 1}",
            SessionType="Quarter",
        )
        for award in own:
            _course(session, award)
    note = _add(root, "NoteMessage")
    note.text = (
        "CTE Dual Credit. Records of students may not be passed on without consent (34 CFR 99.33). "
        f"Check it at {settings.PUBLIC_URL} by the document's ID."
    )[:MOST_OF_A_NOTE]
    for one in statements:
        said = plain(f"Statement of {one.who} about {one.about}: {one.statement}")
        for at in range(0, len(said), MOST_OF_A_NOTE):
            _add(root, "NoteMessage").text = said[at : at + MOST_OF_A_NOTE]
    xml: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return xml


def _college(transcript: Transcript) -> dict[str, str]:
    return {"MutuallyDefined": transcript.college.code, "OrganizationName": transcript.college.name}


def _summary(record: Any, awards: list[CreditAward]) -> None:
    summary = _add(record, "AcademicSummary")
    _texts(summary, AcademicSummaryType="SenderOnly")
    average = _add(summary, "GPA")
    credits = sum((one.credits for one in awards), Decimal(0))
    _texts(average, CreditHoursEarned=str(credits), CreditUnit="Quarter")
    if found := grade_point_average(awards):
        _texts(average, GradePointAverage=str(found.value), TotalQualityPoints=str(found.quality))


def _course(session: Any, award: CreditAward) -> None:
    subject, _, number = award.course_code.rpartition(" ")
    _texts(
        _add(session, "Course"),
        CourseCreditBasis="HighSchoolDualCredit",
        CourseCreditUnits="Quarter",
        CourseCreditValue=str(award.credits),
        CourseCreditEarned=str(award.credits),
        CourseAcademicGrade=award.letter or str(award.points or ""),
        CourseQualityPointsEarned="" if award.points is None else str(award.points * award.credits),
        CourseSubjectAbbreviation=subject or award.course_code,
        CourseNumber=number,
        CourseTitle=award.course_title,
    )


def _add(parent: Any, name: str) -> Any:
    return etree.SubElement(parent, name)


def _texts(parent: Any, **values: str) -> None:
    """Children with these texts; what is empty is left out. A text is composed, bounded and without control signs."""
    for name, value in values.items():
        if value:
            _add(parent, name).text = plain(value)


def _moment(moment: datetime) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")


def pesc_batch(documents: Iterable[tuple[str, bytes]]) -> bytes:
    """Many documents as one ZIP file, each under a name that tells nobody's; the same documents give the same bytes."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as out:
        for name, xml in documents:
            out.writestr(ZipInfo(f"{name}.xml", (2020, 1, 1, 0, 0, 0)), xml, ZIP_DEFLATED)
    return file.getvalue()


# --- Checking what goes out ---------------------------------------------------------------------------------


def check_pesc(xml: bytes) -> Checked:
    """Is it as PESC's schema wants it, or, where no schema is installed, does it have the parts it must have?"""
    document = _read(xml)
    if settings.PESC_SCHEMA_DIR:
        schema = _schema(settings.PESC_SCHEMA_DIR, settings.PESC_VERSION)
        schema.validate(document)
        return Checked(True, [f"line {one.line}: {one.message}" for one in schema.error_log][:20])
    return Checked(False, _missing(document.getroot()))


@cache
def _schema(folder: str, version: str) -> Any:
    """The deployer's schema of the message, with what it imports from the same folder and from nowhere else."""
    path = Path(folder)
    wanted = f'targetNamespace="{_URN["ColTrn"]}:v{version}"'
    for file in sorted(path.rglob("*.xsd")):
        if wanted in file.read_text(errors="replace")[:4000]:
            parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
            return etree.XMLSchema(etree.parse(str(file), parser))
    raise NotPesc(f"No schema of College Transcript {version} is in {folder}.")


#: Where something must be, and how often at the least.
_MUST: Final = {
    "TransmissionData/DocumentID": 1,
    "TransmissionData/CreatedDateTime": 1,
    "TransmissionData/DocumentTypeCode": 1,
    "TransmissionData/TransmissionType": 1,
    "TransmissionData/Source/Organization/OrganizationName": 1,
    "TransmissionData/Destination/Organization/OrganizationName": 1,
    "Student/Person/Name/LastName": 1,
    "Student/AcademicRecord/School/OrganizationName": 1,
    "Student/AcademicRecord/AcademicSession/AcademicSessionDetail/SessionDesignator": 1,
    "Student/AcademicRecord/AcademicSession/Course/CourseTitle": 1,
}


def _missing(root: Any) -> list[str]:
    versions = VERSIONS[settings.PESC_VERSION]
    found = []
    if root.tag != f"{{{_URN['ColTrn']}:{versions['ColTrn']}}}CollegeTranscript":
        found.append(f"it is no College Transcript {settings.PESC_VERSION}")
    for path, least in _MUST.items():
        if len([one for one in root.findall(path) if (one.text or "").strip()]) < least:
            found.append(f"{path} is missing")
    for course in root.findall("Student/AcademicRecord/AcademicSession/Course"):
        value = course.findtext("CourseCreditValue", "")
        if not re.fullmatch(r"\d+(\.\d+)?", value):
            found.append(f"a course has no credit value: {value!r}")
    return found


# --- Reading what comes in ----------------------------------------------------------------------------------


def _read(xml: bytes) -> Any:
    """XML of a stranger: no entity is resolved, no document type is taken, nothing is fetched."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        document = etree.parse(BytesIO(xml), parser)
    except etree.XMLSyntaxError as error:
        raise NotPesc(f"The file is no XML that can be read (line {error.lineno}).") from None
    if document.docinfo.doctype:
        raise NotPesc("The file has a document type. An Acknowledgment has none; it was not read further.")
    return document


def read_acknowledgment(xml: bytes) -> Acknowledgment:
    """What an Acknowledgment says. NotPesc with words for a person when it is none."""
    if len(xml) > MOST_BYTES:
        raise NotPesc("The file is larger than half a megabyte. No Acknowledgment is.")
    root = _read(xml).getroot()
    if _ACKNOWLEDGMENT.fullmatch(str(root.tag)) is None:
        raise NotPesc("The file is not a PESC Transcript Acknowledgment.")
    document_id = plain(root.findtext("TransmissionData/DocumentID", "").strip(), 60)
    if not document_id:
        raise NotPesc("The Acknowledgment does not say which document it is about.")
    total = root.findtext("CourseTotal", "").strip()
    return Acknowledgment(
        document_id=document_id,
        tracking_id=plain(root.findtext("TransmissionData/RequestTrackingID", "").strip(), 60),
        courses=int(total) if re.fullmatch(r"\d{1,4}", total) else None,
        notes=[plain(one.text.strip()) for one in root.findall("NoteMessage") if (one.text or "").strip()][
            :10
        ],
    )
