"""PESC College Transcript: written, checked, put into a batch; an Acknowledgment read, hostile ones refused."""

import datetime
import io
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from lxml import etree
from pytest_django import Settings

from grading import actions as grading
from organizations.models import AcademicYear, College, HighSchool
from students.models import Student
from tests import people
from tests.people import Cast
from transcripts import actions
from transcripts.documents import pesc
from transcripts.documents.pesc import NotPesc, check_pesc, pesc_batch, pesc_xml, read_acknowledgment
from transcripts.models import CreditAward, Transcript

ISSUED = datetime.datetime(2026, 8, 22, 3, 0, tzinfo=datetime.UTC)
CODE = "7KQ2M9D4WXR4T0PBN3YV8C6HJZ"


def make(first_name: str = "Marisol", title: str = "Principles of Accounting I", courses: int = 2) -> bytes:
    student = Student(
        first_name=first_name, last_name="Vega", sers_id="TP6-20-4187-3",
        birth_date=datetime.date(2009, 3, 12), school=HighSchool(name="Kamiakin High School"),
    )  # fmt: skip
    transcript = Transcript(
        student=student, college=College(name="Columbia Basin College", code="WA190"), code=CODE,
        sid="201447093", issued_at=ISSUED,
    )  # fmt: skip
    awards = [
        CreditAward(
            year=AcademicYear(first_year=2024 + number),
            course_code=f"ACCT& {201 + number}",
            course_title=title,
            credits=Decimal("5.0"),
            points=Decimal("3.9"),
            letter="A",
        )
        for number in range(courses)
    ]
    return pesc_xml(transcript, awards)


def test_it_says_what_was_earned_as_dual_credit() -> None:
    root = etree.fromstring(make())
    assert root.tag == "{urn:org:pesc:message:CollegeTranscript:v1.8.0}CollegeTranscript"
    assert root.nsmap["core"] == "urn:org:pesc:core:CoreMain:v1.19.0"
    assert root.findtext("TransmissionData/DocumentID") == CODE
    assert root.findtext("Student/Person/SchoolAssignedPersonID") == "201447093"
    sessions = root.findall("Student/AcademicRecord/AcademicSession")
    assert [one.findtext("AcademicSessionDetail/SessionDesignator") for one in sessions] == [
        "2025-07",
        "2026-07",
    ]
    course = sessions[0].find("Course")
    assert course is not None
    assert {one.tag: one.text for one in course} == {
        "CourseCreditBasis": "HighSchoolDualCredit",
        "CourseCreditUnits": "Quarter",
        "CourseCreditValue": "5.0",
        "CourseCreditEarned": "5.0",
        "CourseAcademicGrade": "A",
        "CourseQualityPointsEarned": "19.50",
        "CourseSubjectAbbreviation": "ACCT&",
        "CourseNumber": "201",
        "CourseTitle": "Principles of Accounting I",
    }
    assert root.findtext("Student/AcademicRecord/AcademicSummary/GPA/GradePointAverage") == "3.90"


@pytest.mark.parametrize(("version", "core"), [("1.3.0", "v1.10.0"), ("1.6.0", "v1.14.0")])
def test_the_version_is_the_deployer_s_choice(settings: Settings, version: str, core: str) -> None:
    settings.PESC_VERSION = version
    root = etree.fromstring(make())
    assert root.tag == f"{{urn:org:pesc:message:CollegeTranscript:v{version}}}CollegeTranscript"
    assert root.nsmap["core"].endswith(core)
    assert check_pesc(make()).problems == []


def test_without_a_schema_the_check_says_that_it_is_structural() -> None:
    checked = check_pesc(make())
    assert (checked.by_schema, list(checked.problems)) == (False, [])
    assert "structure only" in checked.sentence
    broken = check_pesc(make(courses=0))
    assert any("CourseTitle is missing" in one for one in broken.problems)
    assert "not as it must be" in broken.sentence


SCHEMA = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
  targetNamespace="urn:org:pesc:message:CollegeTranscript:v1.8.0" elementFormDefault="unqualified">
  <xs:element name="CollegeTranscript"><xs:complexType><xs:sequence>
    <xs:element name="TransmissionData"><xs:complexType><xs:sequence>
      <xs:any processContents="skip" maxOccurs="unbounded"/></xs:sequence></xs:complexType></xs:element>
    <xs:element name="Student"><xs:complexType><xs:sequence>
      <xs:any processContents="skip" maxOccurs="unbounded"/></xs:sequence></xs:complexType></xs:element>
    <xs:element name="NoteMessage" type="xs:string" maxOccurs="{notes}"/>
  </xs:sequence></xs:complexType></xs:element>
</xs:schema>"""


def test_with_a_schema_of_the_deployer_s_it_is_checked_against_that(
    settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "CollegeTranscript.xsd").write_text(SCHEMA.replace("{notes}", "1"))
    settings.PESC_SCHEMA_DIR = str(tmp_path)
    pesc._schema.cache_clear()
    checked = check_pesc(make())
    assert (checked.by_schema, list(checked.problems)) == (True, [])
    doubled = make().replace(b"<NoteMessage>", b"<NoteMessage>x</NoteMessage><NoteMessage>")
    assert "NoteMessage" in check_pesc(doubled).sentence
    settings.PESC_VERSION = "1.6.0"
    with pytest.raises(NotPesc, match="No schema of College Transcript"):
        check_pesc(make())


@pytest.mark.parametrize("words", ["<b>&amp;", "]]>", "a\x00b\x0bc", "Ļōkā m̧", "x" * 5000, "<!ENTITY x>"])
def test_any_name_and_title_is_text(words: str) -> None:
    root = etree.fromstring(make(words, words, courses=1))
    said = root.findtext("Student/Person/Name/FirstName") or ""
    assert said == pesc.plain(words)
    assert len(said) <= 300


def test_a_batch_is_a_zip_of_the_same_bytes_for_the_same_documents() -> None:
    one = pesc_batch([("a", make()), ("b", make())])
    assert one == pesc_batch([("a", make()), ("b", make())])
    with zipfile.ZipFile(io.BytesIO(one)) as found:
        assert found.namelist() == ["a.xml", "b.xml"]


def acknowledgment(body: str, start: str = "", version: str = "v1.1.0") -> bytes:
    name = f"urn:org:pesc:message:TranscriptAcknowledgment:{version}"
    return (
        f'<?xml version="1.0"?>{start}<t:Acknowledgment xmlns:t="{name}">{body}</t:Acknowledgment>'.encode()
    )


BODY = f"""<TransmissionData><DocumentID>{CODE}</DocumentID><RequestTrackingID>R-1</RequestTrackingID></TransmissionData>
<CourseTotal>2</CourseTotal><NoteMessage>Thank you</NoteMessage>"""


def test_an_acknowledgment_is_read() -> None:
    for version in ("v1.1.0", "v1.3.0"):
        found = read_acknowledgment(acknowledgment(BODY, version=version))
        assert (found.document_id, found.tracking_id, found.courses, found.notes) == (
            CODE,
            "R-1",
            2,
            ["Thank you"],
        )


HOSTILE = {
    "a file": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    "the network": '<!DOCTYPE a [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]>',
    "laughs": '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY x "&a;&a;&a;&a;">]>',
    "a document type elsewhere": '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd">',
    "parameters": '<!DOCTYPE a [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_entities_and_document_types_are_refused(kind: str) -> None:
    body = BODY if "x SYSTEM" not in HOSTILE[kind] else BODY.replace("Thank you", "&x;")
    with pytest.raises(NotPesc):
        read_acknowledgment(acknowledgment(body, HOSTILE[kind]))


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        (b"", "no XML"),
        (b"<html/>", "not a PESC"),
        (acknowledgment("<CourseTotal>2</CourseTotal>"), "which document"),
        (b"<a>" + b" " * 600_000 + b"</a>", "half a megabyte"),
        (b"<a>" * 300 + b"</a>" * 300, "no XML|not a PESC"),
    ],
)
def test_what_is_none_is_refused_in_words(xml: bytes, words: str) -> None:
    with pytest.raises(NotPesc, match=words):
        read_acknowledgment(xml)


def address(transcript: Transcript) -> str:
    return reverse("transcripts:pesc", args=[transcript.public_id])


def test_the_registrar_takes_one_or_all_of_a_run(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    answer = client.post(address(cast.transcript))
    assert answer["Content-Type"] == "application/xml"
    assert "attachment" in answer["Content-Disposition"]
    assert etree.fromstring(answer.content).findtext("Student/Person/Name/LastName") == "Nakamura"
    answer = client.post(reverse("transcripts:pesc_batch", args=[cast.run.public_id]))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as found:
        assert found.namelist() == [f"{cast.transcript.code}.xml"]
    client.force_login(cast.other_registrar)
    assert client.post(address(cast.transcript)).status_code == 404


def test_an_issue_that_replaces_another_says_so(cast: Cast) -> None:
    """The first issue of a second summer replaces the last one of the first: the run says nothing about that."""

    def kind(transcript: Transcript) -> str | None:
        xml = actions.export_pesc(transcript=transcript, by=cast.registrar)
        return etree.fromstring(xml).findtext("TransmissionData/TransmissionType")

    assert kind(cast.transcript) == "Original"
    later = people.make_run(
        cast.cbc, cast.year, cast.registrar,
        people.make_registration(cast.graduate, cast.section, cast.agreement, percent="95"),
    )  # fmt: skip
    newer = Transcript.objects.get(run=later, student=cast.graduate)
    assert newer.number == 1
    assert kind(newer) == "Replace"


def test_one_and_many_tell_the_same_of_a_document(cast: Cast, client: Client) -> None:
    """Credit was corrected, and the worker has not made the new issue yet: the file of the run tells what the PDF does."""
    change = grading.confirm_change(change=cast.grade_change, grade="98", by=cast.teacher)
    actions.repost_change(change=grading.approve_change(change=change, by=cast.consortium), by=cast.registrar)
    alone = actions.export_pesc(transcript=cast.transcript, by=cast.registrar)
    with zipfile.ZipFile(io.BytesIO(actions.export_pesc_of_run(run=cast.run, by=cast.registrar))) as found:
        assert found.read(f"{cast.transcript.code}.xml") == alone


def test_an_acknowledgment_handed_in_is_held_against_the_document(cast: Cast, client: Client) -> None:
    url = reverse("transcripts:acknowledge", args=[cast.transcript.public_id])
    client.force_login(cast.registrar)

    def send(body: str) -> Any:
        file = io.BytesIO(acknowledgment(body))
        file.name = "ack.xml"
        return client.post(url, {"file": file})

    page = send(BODY)
    assert page.status_code == 422
    assert "about another document" in page.content.decode()
    page = send(BODY.replace(CODE, cast.transcript.code))
    assert page.status_code == 422
    assert "names 2 courses, this document has 1" in page.content.decode()
    good = BODY.replace(CODE, cast.transcript.code).replace(">2<", ">1<")
    assert send(good).status_code == 302
    text = client.get(reverse("transcripts:document", args=[cast.transcript.public_id])).content.decode()
    assert "Acknowledged" in text
